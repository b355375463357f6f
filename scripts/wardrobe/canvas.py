"""The board a garment is drawn on: panels of cloth with shading, lines, and the finished cut-out.

Shapes are drawn flat at four times the size; light, folds and texture are a map at the final size that is
multiplied in at the end. Imports Pillow, numpy, curves and cloth.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from scripts.wardrobe.cloth import Cloth, texture
from scripts.wardrobe.curves import Point, circle, smooth
from scripts.wardrobe.palettes import RGB, shaded

SIZE = 224
FINE = 4
BIG = SIZE * FINE
_PAD = 12

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Fold:
    """A soft crease along `path`: dark on one side, lit on the other. `strength` about 0.1 to 1."""

    path: Sequence[Point]
    strength: float = 0.5
    width: float = 2.5


@dataclass(frozen=True)
class Panel:
    """A piece that was drawn: its mask at four times the size and where that lies on the canvas."""

    mask: Image.Image
    box: tuple[int, int, int, int]


class Canvas:
    """A white square of 224 with one garment on it, slightly turned and sheared as `rng` says.

    `zoom` enlarges the garment and `middle` is the y of its own that comes to the square's centre.
    """

    def __init__(
        self, rng: random.Random, zoom: float = 1.0, middle: float = 112.0, turn: float = 2.0
    ) -> None:
        degrees = rng.uniform(-turn, turn)
        lean = rng.uniform(-0.02, 0.02)
        scale = zoom * rng.uniform(1.0, 1.055)
        self._middle = middle
        self.zoom = scale
        self._wide = scale * rng.uniform(0.97, 1.03)
        self._tall = scale
        self._across = lean + degrees * 0.01745
        self._down = degrees * 0.01745
        self._shift = rng.uniform(-3, 3), rng.uniform(-2, 2)
        self._flat = Image.new("RGB", (BIG, BIG), (255, 255, 255))
        self._pen = ImageDraw.Draw(self._flat)
        self._cover = Image.new("L", (BIG, BIG), 0)
        self._light: Floats = np.ones((SIZE, SIZE), np.float32)
        self._glow: Floats = np.zeros((SIZE, SIZE), np.float32)
        self._grain = rng.randrange(0, 64), rng.randrange(0, 64)

    def place(self, points: Sequence[Point] | Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Garment coordinates to pixels at four times the size, rounded so every machine agrees."""
        out = []
        for p in points:
            x, y = p[0], p[1] - self._middle
            px = x * self._wide - y * self._across + 112 + self._shift[0]
            py = y * self._tall + x * self._down + 112 + self._shift[1]
            out.append((round(px * FINE * 8) / 8, round(py * FINE * 8) / 8))
        return out

    def panel(
        self,
        outline: Sequence[Point],
        cloth: Cloth,
        *,
        folds: Sequence[Fold] = (),
        edge: float = 0.20,
        cast: float = 0.22,
        line: float = 0.66,
        angle: float = 0.0,
        within: Panel | None = None,
        round_by: float = 5.0,
    ) -> Panel:
        """Lays a piece of cloth on top of what is there.

        `edge` darkens towards its rim over about `round_by` pixels, `cast` is the shadow it throws on what
        lies beneath, `line` the brightness of its outline (0 for none), `angle` turns the pattern, `within`
        clips it to an earlier piece.
        """
        points = self.place(smooth(outline))
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        pad = _PAD * FINE
        left = max(0, int(min(xs)) - pad) // FINE * FINE
        top = max(0, int(min(ys)) - pad) // FINE * FINE
        right = min(BIG, (int(max(xs)) + pad) // FINE * FINE + FINE)
        low = min(BIG, (int(max(ys)) + pad) // FINE * FINE + FINE)
        area = (left, top, right, low)
        mask = Image.new("L", (right - left, low - top), 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], fill=255)
        if within is not None:
            ox, oy = within.box[0], within.box[1]
            mask = ImageChops.multiply(mask, within.mask.crop((left - ox, top - oy, right - ox, low - oy)))
        picture = cloth.picture(angle)
        if picture is None:
            self._flat.paste(cloth.colour, area, mask)
        else:
            self._flat.paste(picture.crop(area), area, mask)
        self._cover.paste(255, area, mask)
        if line:
            rim = points if within is None else []
            if rim:
                self._pen.line(
                    [*rim, rim[0], rim[1]], fill=shaded(cloth.colour, line), width=2, joint="curve"
                )
        self._shade(mask, area, cloth, folds, edge, cast, round_by)
        return Panel(mask, area)

    def _shade(
        self,
        mask: Image.Image,
        area: tuple[int, int, int, int],
        cloth: Cloth,
        folds: Sequence[Fold],
        edge: float,
        cast: float,
        round_by: float,
    ) -> None:
        x0, y0, x1, y1 = (v // FINE for v in area)
        small = mask.reduce(FINE)
        m = np.asarray(small, np.float32) / 255
        b = np.asarray(small.filter(ImageFilter.GaussianBlur(round_by)), np.float32) / 255
        light = self._light[y0:y1, x0:x1]
        if cast:
            light *= 1 - cast * np.roll(b, (2, 1), (0, 1))
        rim = np.clip((b - 0.42) / 0.5, 0, 1)
        new = 1 - edge * (1 - rim) ** 2
        slope = np.roll(b, (-2, -2), (0, 1)) - np.roll(b, (2, 2), (0, 1))
        new += (0.10 + 0.16 * cloth.gloss) * slope
        crease = self._creases(folds, x0, y0, small.size)
        if crease is not None:
            new += crease * (1 + 1.1 * cloth.gloss)
        if cloth.texture:
            gx, gy = self._grain
            new *= 1 + texture(cloth.texture)[gy + y0 : gy + y1, gx + x0 : gx + x1]
        shine = np.zeros_like(m)
        if cloth.gloss > 0.2:
            gx, gy = self._grain
            sheen = texture("sheen")[gy + y0 : gy + y1, gx + x0 : gx + x1]
            new += cloth.gloss * 0.13 * np.minimum(sheen, 0)
            shine += cloth.gloss * 0.17 * np.maximum(sheen, 0)
        light += (new - light) * m
        glow = self._glow[y0:y1, x0:x1]
        if crease is not None:
            shine += np.maximum(crease, 0) * (0.25 + cloth.gloss) * 0.35
        shine += cloth.gloss * 0.10 * np.maximum(slope, 0)
        glow += (shine - glow) * m

    def _creases(self, folds: Sequence[Fold], x0: int, y0: int, size: tuple[int, int]) -> Floats | None:
        if not folds:
            return None
        sheet = Image.new("L", size, 128)
        pen = ImageDraw.Draw(sheet)
        for fold in folds:
            path = [
                (x / FINE - x0, y / FINE - y0)
                for x, y in self.place(smooth(fold.path, closed=False, steps=5))
            ]
            deep = round(100 * fold.strength)
            pen.line(
                [(x - fold.width * 0.55, y) for x, y in path],
                fill=128 + deep * 3 // 5,
                width=max(1, round(fold.width)),
            )
            pen.line(
                [(x + fold.width * 0.45, y) for x, y in path],
                fill=128 - deep,
                width=max(1, round(fold.width)),
            )
        soft = sheet.filter(ImageFilter.GaussianBlur(1.7))
        return np.asarray((np.asarray(soft, np.float32) - 128) / 300, np.float32)

    def patch(self, outline: Sequence[Point], colour: RGB, within: Panel | None = None) -> None:
        """A flat shape in one colour on top of a piece, lit as the piece is: prints, stripes, buttons."""
        points = self.place(smooth(outline, steps=5))
        if within is None:
            self._pen.polygon(points, fill=colour)
            return
        left, top = within.box[:2]
        mask = Image.new("L", within.mask.size, 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], fill=255)
        self._flat.paste(colour, within.box, ImageChops.multiply(mask, within.mask))

    def stamp(
        self, art: Image.Image, mask: Image.Image, x: float, y: float, within: Panel | None = None
    ) -> None:
        """Pastes a print (at four times the size) with its middle at x, y."""
        px, py = self.place([(x, y)])[0]
        left, top = int(px) - art.width // 2, int(py) - art.height // 2
        if within is not None:
            ox, oy = within.box[0], within.box[1]
            cut = within.mask.crop((left - ox, top - oy, left - ox + art.width, top - oy + art.height))
            mask = ImageChops.multiply(mask, cut)
        self._flat.paste(art, (left, top), mask)

    def line(
        self,
        path: Sequence[Point],
        colour: RGB,
        width: float = 0.8,
        dash: float = 0.0,
        within: Panel | None = None,
    ) -> None:
        """A smooth line; `width` in final pixels, `dash` the length of a stitch (0 for a whole line).

        A whole line can be clipped to a piece with `within`.
        """
        points = self.place(smooth(path, closed=False, steps=8))
        thick = max(1, round(width * FINE))
        if within is not None:
            left, top = within.box[0], within.box[1]
            mask = Image.new("L", within.mask.size, 0)
            ImageDraw.Draw(mask).line(
                [(x - left, y - top) for x, y in points], fill=255, width=thick, joint="curve"
            )
            self._flat.paste(colour, within.box, ImageChops.multiply(mask, within.mask))
            return
        if not dash:
            self._pen.line(points, fill=colour, width=thick, joint="curve")
            return
        on, rest = True, dash * FINE
        for (ax, ay), (bx, by) in pairwise(points):
            length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
            at = 0.0
            while at < length:
                step = min(rest, length - at)
                if on:
                    s, e = at / length, (at + step) / length
                    self._pen.line(
                        [(ax + (bx - ax) * s, ay + (by - ay) * s), (ax + (bx - ax) * e, ay + (by - ay) * e)],
                        fill=colour,
                        width=thick,
                    )
                at += step
                rest -= step
                if rest <= 1e-6:
                    on, rest = not on, dash * FINE * (0.7 if on else 1.0)

    def dot(self, x: float, y: float, radius: float, colour: RGB) -> None:
        """A round spot, such as a button or an eyelet."""
        self._pen.polygon(self.place(smooth(circle(x, y, radius), steps=3)), fill=colour)

    def finished(self) -> Image.Image:
        """The cut-out at 224 x 224, RGB, on white with a faint shadow beneath it."""
        flat = np.asarray(self._flat.reduce(FINE), np.float32)
        cover = self._cover.reduce(FINE)
        a = np.asarray(cover, np.float32) / 255
        under = np.roll(np.asarray(cover.filter(ImageFilter.GaussianBlur(5)), np.float32) / 255, 4, 0)
        light = 1 + (self._light - 1) * a
        lift = (self._glow * 255 + np.maximum(self._light - 0.86, -0.2) * 26) * a
        out = flat * light[..., None] + lift[..., None]
        out *= (1 - 0.20 * under * (1 - a))[..., None]
        picture = np.clip(np.rint(out), 0, 255).astype(np.uint8)
        for side in (picture[:4], picture[-4:], picture[:, :4], picture[:, -4:]):
            side[:] = 255
        return Image.fromarray(picture, "RGB")
