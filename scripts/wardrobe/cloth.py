"""Cloth: a colour, a pattern picture and a surface. Imports Pillow, numpy and palettes."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from scripts.wardrobe.palettes import RGB, shaded


@dataclass(frozen=True)
class Cloth:
    """What a panel is cut from.

    `print_` is the pattern at four times the final size (896 x 896) or None for plain cloth, `texture` a
    surface known to `texture()`, `gloss` 0 (matt) to 1 (patent leather).
    """

    colour: RGB
    print_: Image.Image | None = None
    texture: str = "plain"
    gloss: float = 0.0
    _turned: dict[int, Image.Image] = field(default_factory=dict, repr=False, compare=False)

    def picture(self, angle: float) -> Image.Image | None:
        """The pattern turned by `angle` degrees clockwise."""
        if self.print_ is None or not round(angle):
            return self.print_
        key = round(angle)
        if key not in self._turned:
            self._turned[key] = self.print_.rotate(-key, Image.Resampling.NEAREST, fillcolor=self.colour)
        return self._turned[key]

    def plain(self, by: float = 1.0) -> "Cloth":
        """The same cloth without its pattern, darker (`by` < 1) or lighter."""
        return Cloth(shaded(self.colour, by), None, self.texture, self.gloss)

    def of(self, colour: RGB, texture: str | None = None, gloss: float | None = None) -> "Cloth":
        """Plain cloth of another colour."""
        return Cloth(
            colour, None, self.texture if texture is None else texture, self.gloss if gloss is None else gloss
        )

    def inside(self) -> "Cloth":
        """Its wrong side in shadow, as seen in a neck opening or under a hem."""
        return Cloth(shaded(self.colour, 0.66), None, self.texture, 0.0)

    def shiny(self, gloss: float) -> "Cloth":
        """The same cloth with another gloss."""
        return replace(self, gloss=gloss)


_EXTENT = 224 + 64


@lru_cache(maxsize=32)
def texture(name: str) -> NDArray[np.float32]:
    """Brightness of a surface about 0, float32 (288, 288); always the same for a name."""
    seed = sum(ord(c) * (i + 1) for i, c in enumerate(name))
    noise = np.random.Generator(np.random.PCG64(seed)).integers(0, 256, (_EXTENT, _EXTENT), dtype=np.uint8)
    y, x = np.mgrid[0:_EXTENT, 0:_EXTENT]
    fine = _soft(noise, 0.5)
    wide = _soft(noise, 3.0)
    surface: NDArray[Any]
    if name == "melange":
        surface = fine * 0.07 + _soft(noise, 1.1) * 0.06
    elif name == "denim":
        surface = fine * 0.06 + ((x + y) % 3 == 0) * -0.07 + wide * 0.04
    elif name == "rib":
        surface = (x % 4 < 2) * 0.09 - 0.045 + fine * 0.02
    elif name == "knit":
        surface = ((x % 4 < 2) ^ ((y + x // 2 * 2) % 5 < 2)) * 0.09 - 0.045 + fine * 0.03
    elif name == "cable":
        wave = np.abs((x + np.where(y % 16 < 8, y % 16, 16 - y % 16) // 2) % 16 - 8)
        surface = (wave < 3) * 0.12 - (wave > 6) * 0.16 + fine * 0.03
    elif name == "waffle":
        surface = ((x % 5 < 1) | (y % 5 < 1)) * -0.12 + fine * 0.02
    elif name == "mesh":
        surface = ((x % 3 == 0) & ((y + x // 3) % 2 == 0)) * -0.16 + 0.02
    elif name == "velvet":
        surface = wide * 0.07 + fine * 0.05
    elif name == "sequin":
        surface = (noise > 222) * 0.42 - (noise < 70) * 0.12 + fine * 0.1
    elif name == "tweed":
        surface = (noise > 200) * 0.11 - (noise < 60) * 0.09 + fine * 0.05
    elif name == "leather":
        surface = _soft(noise, 1.0) * 0.05 + wide * 0.025
    elif name == "linen":
        surface = ((noise[:1] > 150) * 0.05 - (noise[:, :1] > 150) * 0.05) + fine * 0.03
    elif name == "corduroy":
        surface = (x % 4 < 1) * -0.16 + fine * 0.04 + 0.03
    elif name == "sheen":
        few = Image.fromarray(noise[:9, :17]).resize((_EXTENT, _EXTENT), Image.Resampling.BICUBIC)
        surface = np.asarray(few, np.float32) / 128 - 1
    elif name == "fleece":
        surface = _soft(noise, 1.2) * 0.12 + fine * 0.05
    else:
        surface = fine * 0.022
    return np.asarray(surface, np.float32)


def _soft(noise: NDArray[np.uint8], radius: float) -> NDArray[np.float32]:
    blurred = np.asarray(Image.fromarray(noise).filter(ImageFilter.GaussianBlur(radius)), np.float32) - 128
    return blurred / np.float32(max(float(np.abs(blurred).max()), 1.0))
