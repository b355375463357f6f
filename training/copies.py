"""Synthetic duplicates: what may happen to a picture before a shop uploads it a second time.

Six kinds, each a pure function of an RGB picture and a source of chance; a picture of the same size comes
back. Imports Pillow and numpy.
"""

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageOps

Chance = random.Random
Kind = Callable[[Image.Image, Chance], Image.Image]


def crop(picture: Image.Image, chance: Chance) -> Image.Image:
    """80 to 95 % of the width and of the height, from anywhere, scaled back to the size."""
    share = chance.uniform(0.80, 0.95)
    width, height = round(share * picture.width), round(share * picture.height)
    left, top = chance.randint(0, picture.width - width), chance.randint(0, picture.height - height)
    return picture.resize(picture.size, Image.Resampling.BICUBIC, (left, top, left + width, top + height))


def flip(picture: Image.Image, chance: Chance) -> Image.Image:
    """Left and right swapped; nothing is left to chance."""
    return ImageOps.mirror(picture)


def rotate(picture: Image.Image, chance: Chance) -> Image.Image:
    """Turned by 2 to 8 degrees either way; what comes into view has the colour of the first corner."""
    angle = chance.choice((-1, 1)) * chance.uniform(2, 8)
    return picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=picture.getpixel((0, 0)))


def recolour(picture: Image.Image, chance: Chance) -> Image.Image:
    """Another dye, the same light: hues turned by 60 to 300 degrees, greys given a colour.

    In YCbCr: luma stays, chroma is turned and moved, most for middle luma and not at all for black and
    white, so that a white background stays white.
    """
    luma, *chroma = np.moveaxis(np.asarray(picture.convert("YCbCr")).astype(np.float32), -1, 0)
    turn, dye = np.exp(1j * np.radians([chance.uniform(60, 300), chance.uniform(0, 360)]))
    depth = chance.uniform(20, 60) * 4 * (luma / 255) * (1 - luma / 255)
    turned = ((chroma[0] - 128) + 1j * (chroma[1] - 128)) * turn + depth * dye
    planes = np.stack([luma, turned.real + 128, turned.imag + 128], axis=-1)
    return Image.fromarray(planes.round().clip(0, 255).astype(np.uint8), "YCbCr").convert("RGB")


def reencode(picture: Image.Image, chance: Chance) -> Image.Image:
    """Stored at 50 to 80 % of the size as a JPEG of quality 30 to 70, and enlarged again."""
    share, file = chance.uniform(0.5, 0.8), io.BytesIO()
    small = picture.resize((round(share * picture.width), round(share * picture.height)))
    small.save(file, "JPEG", quality=chance.randint(30, 70))
    return Image.open(file).resize(picture.size, Image.Resampling.BICUBIC)


def shadow(picture: Image.Image, chance: Chance) -> Image.Image:
    """A straight soft-edged shadow over a part of the picture, which keeps 65 to 85 % of its light."""
    across, down = np.meshgrid(np.linspace(-1, 1, picture.width), np.linspace(-1, 1, picture.height))
    angle, edge = chance.uniform(0, 2 * np.pi), chance.uniform(-0.4, 0.4)
    covered = 1 / (1 + np.exp(-(np.cos(angle) * across + np.sin(angle) * down - edge) / 0.08))
    light = 1 - (1 - chance.uniform(0.65, 0.85)) * covered
    return Image.fromarray((np.asarray(picture) * light[..., None]).round().astype(np.uint8))


KINDS: dict[str, Kind] = {
    "crop": crop,
    "flip": flip,
    "rotate": rotate,
    "recolour": recolour,
    "reencode": reencode,
    "shadow": shadow,
}
