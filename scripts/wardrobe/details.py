"""Small things sewn or printed on: buttons, zips, pockets, prints, drawstrings.

Imports Pillow, canvas, cloth, curves and palettes.
"""

import math
import random
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from scripts.wardrobe.canvas import FINE, Canvas, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, box, circle, mirrored, moved
from scripts.wardrobe.palettes import RGB, brightness, ink, shaded

SLOGANS = (
    "NORTH", "STATIC", "NO SIGNAL", "AFTER\nHOURS", "LOUD", "CONCRETE", "1994", "ROOFTOP", "OFF GRID",
    "NIGHT BUS",
    "WEST END", "ECHO", "PARADE", "UNIT 07", "GOOD\nNOISE", "SLOW\nCITY", "HYPER", "BASEMENT", "ORBIT",
    "KIND OF\nBLUE",
)  # fmt: skip


def buttons(
    canvas: Canvas, x: float, top: float, low: float, count: int, colour: RGB, radius: float = 1.5
) -> None:
    """Buttons in a column."""
    for i in range(count):
        y = top + (low - top) * i / max(1, count - 1)
        button(canvas, x, y, colour, radius)


def button(canvas: Canvas, x: float, y: float, colour: RGB, radius: float = 1.5) -> None:
    """One round button with its rim and holes."""
    canvas.dot(x + 0.3, y + 0.5, radius + 0.35, shaded(colour, 0.45))
    canvas.dot(x, y, radius, colour)
    canvas.dot(x - radius * 0.25, y - radius * 0.25, radius * 0.5, shaded(colour, 1.35))
    canvas.dot(x + radius * 0.2, y + radius * 0.15, radius * 0.25, shaded(colour, 0.5))


def zip_line(
    canvas: Canvas, path: Outline, tape: RGB, metal: RGB = (188, 190, 194), width: float = 2.2
) -> None:
    """A zip with tape, teeth and a puller at the top of `path`."""
    canvas.line(path, shaded(tape, 0.7), width + 1.2)
    canvas.line(path, shaded(metal, 0.6), width * 0.62)
    canvas.line(path, metal, width * 0.5, dash=0.9)
    x, y = path[0][0], path[0][1]
    canvas.patch(box(x - 1.4, y - 0.5, x + 1.4, y + 3), metal)
    canvas.patch(box(x - 0.8, y + 3, x + 0.8, y + 8), shaded(metal, 0.85))


def patch_pocket(
    canvas: Canvas, x: float, y: float, width: float, height: float, cloth: Cloth, flap: bool = False
) -> None:
    """A sewn-on pocket whose top middle is at x, y."""
    w = width / 2
    shape: Outline = [
        (x - w, y, 1), (x + w, y, 1), (x + w, y + height * 0.8, 1), (x, y + height, 1),
        (x - w, y + height * 0.8, 1),
    ]  # fmt: skip
    canvas.panel(shape, cloth, edge=0.12, cast=0.16, round_by=2.5)
    canvas.line([(x - w + 1, y + 1.6), (x + w - 1, y + 1.6)], ink(cloth.colour, 0.3), 0.4, dash=1.5)
    if flap:
        lid: Outline = [
            (x - w - 0.6, y - 1, 1), (x + w + 0.6, y - 1, 1), (x + w + 0.6, y + height * 0.28, 1),
            (x, y + height * 0.4, 1), (x - w - 0.6, y + height * 0.28, 1),
        ]  # fmt: skip
        canvas.panel(lid, cloth, edge=0.12, cast=0.25, round_by=2.5)
        button(canvas, x, y + height * 0.26, shaded(cloth.colour, 0.8), 1.2)


def welt(canvas: Canvas, x0: float, y0: float, x1: float, y1: float, colour: RGB, width: float = 1.6) -> None:
    """A slit pocket."""
    canvas.line([(x0, y0), (x1, y1)], shaded(colour, 0.5), width)
    canvas.line([(x0, y0 - 0.9), (x1, y1 - 0.9)], ink(colour, 0.2), 0.4)


def flap_pocket(canvas: Canvas, x: float, y: float, width: float, cloth: Cloth, tilt: float = 0.0) -> None:
    """A tailored pocket with a flap, its top middle at x, y; `tilt` lowers the right end."""
    w = width / 2
    shape: Outline = [
        (x - w, y - tilt, 1), (x + w, y + tilt, 1), (x + w, y + tilt + 6), (x, y + 6.5),
        (x - w, y - tilt + 6),
    ]  # fmt: skip
    canvas.panel(shape, cloth, edge=0.1, cast=0.3, round_by=2)


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def lettering(
    canvas: Canvas, text: str, x: float, y: float, width: float, colour: RGB, panel: Panel, tilt: float = 0.0
) -> None:
    """Printed words about `width` wide with their middle at x, y."""
    font = _font(96)
    rows = text.split("\n")
    widths = [font.getbbox(row)[2] for row in rows]
    sheet = Image.new("L", (int(max(widths)) + 12, 92 * len(rows) + 20), 0)
    pen = ImageDraw.Draw(sheet)
    for i, row in enumerate(rows):
        pen.text(((sheet.width - widths[i]) / 2, i * 92), row, font=font, fill=255, stroke_width=4)
    wide = width * canvas.zoom * FINE
    small = sheet.resize(
        (int(wide), max(1, int(sheet.height * wide / sheet.width * 1.15))), Image.Resampling.BILINEAR
    )
    if tilt:
        small = small.rotate(tilt, Image.Resampling.BILINEAR, expand=True)
    canvas.stamp(Image.new("RGB", small.size, colour), small, x, y, panel)


def label(
    canvas: Canvas, text: str, y: float, width: float, ground: RGB, panel: Panel, x: float = 0.0
) -> None:
    """Words in a box, for patterned cloth whose main colour is `ground`."""
    dark, pale = (34, 33, 37), (244, 242, 236)
    back, front = (dark, pale) if brightness(ground) > 120 else (pale, dark)
    half = width * 0.62
    canvas.patch(box(x - half, y - width * 0.2 - 2, x + half, y + width * 0.2 + 2), back, panel)
    lettering(canvas, text, x, y, width, front, panel)


def emblem(
    canvas: Canvas, die: random.Random, x: float, y: float, size: float, colour: RGB, panel: Panel
) -> None:
    """A small sports mark."""
    kind = die.randrange(4)
    s = size
    if kind == 0:
        for half in (-1, 1):
            shape: Outline = [
                (0.15 * half * s, -0.8 * s, 1),
                (0.95 * half * s, 0, 1),
                (0.15 * half * s, 0.8 * s, 1),
            ]
            canvas.patch(moved(shape, x, y), colour, panel)
    elif kind == 1:
        for k in range(2):
            at = -s + k * s * 0.9
            canvas.patch(
                moved([(at, s * 0.6, 1), (at + 0.8 * s, -s * 0.6, 1), (at + 1.15 * s, -s * 0.6, 1),
                (at + 0.35 * s, s * 0.6, 1)], x, y),
                colour, panel,
            )  # fmt: skip
    elif kind == 2:
        canvas.patch(
            moved([(-s, s * 0.7, 1), (0, -s * 0.7, 1), (s, s * 0.7, 1), (0, s * 0.2, 1)], x, y), colour, panel
        )
    else:
        canvas.patch(circle(x, y, s * 0.8), colour, panel)
        canvas.patch(box(x - s * 1.2, y - s * 0.16, x + s * 1.2, y + s * 0.16), shaded(colour, 0.6), panel)


def graphic(
    canvas: Canvas, die: random.Random, x: float, y: float, size: float, inks: tuple[RGB, RGB], panel: Panel
) -> None:
    """A large print: sun over waves, a bolt, a face of shapes, a rose, or a framed slogan."""
    a, b = inks
    kind = die.randrange(6)
    if kind == 0:
        canvas.patch(circle(x, y - size * 0.15, size * 0.62), a, panel)
        for k in range(4):
            low = y + size * (0.02 + 0.2 * k)
            wave: Outline = [(x - size, low)]
            wave += [
                (x - size + size * 2 * i / 6, low + (size * 0.07 if i % 2 else -size * 0.07))
                for i in range(1, 7)
            ]
            wave += [(p[0], p[1] + size * 0.09) for p in reversed(wave)]
            canvas.patch(wave, b, panel)
    elif kind == 1:
        bolt = [
            (0.2, -1, 1),
            (-0.5, 0.15, 1),
            (-0.05, 0.15, 1),
            (-0.25, 1, 1),
            (0.55, -0.25, 1),
            (0.1, -0.25, 1),
            (0.5, -1, 1),
        ]
        canvas.patch(moved(bolt, x + size * 0.07, y + size * 0.07, size), b, panel)
        canvas.patch(moved(bolt, x, y, size), a, panel)
    elif kind == 2:
        canvas.patch(box(x - size * 0.75, y - size, x + size * 0.75, y + size), a, panel)
        canvas.patch(circle(x, y - size * 0.3, size * 0.42), b, panel)
        canvas.patch(moved(mirrored([(0, 0.2), (0.5, 0.42), (0.62, 0.9, 1), (0, 0.9)]), x, y, size), b, panel)
        canvas.patch(box(x - size * 0.3, y - size * 0.42, x + size * 0.3, y - size * 0.28), a, panel)
    elif kind == 3:
        for i in range(7):
            t = math.tau * i / 7
            canvas.patch(
                circle(x + math.cos(t) * size * 0.5, y + math.sin(t) * size * 0.5, size * 0.32), a, panel
            )
        canvas.patch(circle(x, y, size * 0.34), b, panel)
        for dx, dy in ((-0.12, -0.06), (0.12, -0.06)):
            canvas.patch(circle(x + dx * size, y + dy * size, size * 0.045, size * 0.08), (30, 30, 34), panel)
        smile: Outline = [(-0.14, 0.08), (0, 0.18), (0.14, 0.08), (0, 0.14)]
        canvas.patch(moved(smile, x, y, size), (30, 30, 34), panel)
    elif kind == 4:
        canvas.patch(box(x - size, y - size * 0.55, x + size, y + size * 0.55), a, panel)
        lettering(canvas, die.choice(SLOGANS), x, y, size * 1.6, b, panel)
    else:
        lettering(canvas, die.choice(SLOGANS), x, y, size * 2.1, a, panel, die.choice((0.0, 0.0, 8.0)))


def drawstrings(canvas: Canvas, x: float, y: float, length: float, colour: RGB) -> None:
    """Two cords that hang left and right of the middle, with tips."""
    for side, extra in ((-1, 0.0), (1, 5.0)):
        path: Outline = [
            (side * x, y),
            (side * (x + 1), y + length * 0.5),
            (side * x * 0.9, y + length + extra),
        ]
        canvas.line([(p[0] + 0.7, p[1] + 0.7) for p in path], (60, 58, 60), 0.9)
        canvas.line(path, colour, 1.3)
        end = path[-1]
        canvas.patch(box(end[0] - 1, end[1] - 1, end[0] + 1, end[1] + 4), shaded(colour, 0.55))
        canvas.dot(side * x, y, 1.5, (120, 120, 124))
