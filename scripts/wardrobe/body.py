"""The upper body that tops, outerwear and dresses share: torso, sleeves, neck.

Imports canvas, cloth, curves and palettes.
"""

import math
import random
from dataclasses import dataclass

from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, Point, flipped, mirrored, mix
from scripts.wardrobe.palettes import RGB, ink, shaded


@dataclass(frozen=True)
class Cut:
    """Measures in garment coordinates; widths are half widths from the middle line."""

    shoulder: float = 45
    chest: float = 43
    waist: float = 41
    hem: float = 43
    top: float = 32
    slope: float = 11
    armpit: float = 76
    length: float = 186
    hem_curve: float = 3
    neck: float = 16
    depth: float = 15
    neckline: str = "crew"  # crew, v, scoop, square, boat
    sleeve: float = 38
    spread: float = 32
    cuff: float = 25
    puff: float = 0

    @property
    def tip(self) -> Point:
        """The right shoulder's tip."""
        return (self.shoulder, self.top + self.slope)

    @property
    def way(self) -> Point:
        """The direction the right sleeve runs in."""
        a = math.radians(self.spread)
        return (math.sin(a), math.cos(a))


def neckline(cut: Cut, deeper: float = 0.0) -> Outline:
    """The right half of the front neckline, from the middle to the shoulder."""
    n, t, d = cut.neck, cut.top, cut.top + cut.depth + deeper
    if cut.neckline == "v":
        return [(0, d, 1), (n * 0.62, t + (d - t) * 0.42), (n, t, 1)]
    if cut.neckline == "square":
        return [(0, d, 1), (n * 0.86, d, 1), (n, t, 1)]
    if cut.neckline == "boat":
        return [(0, t + 7), (n * 0.6, t + 5.5), (n, t, 1)]
    return [(0, d), (n * 0.62, d - (d - t) * 0.22), (n * 0.95, t + (d - t) * 0.34), (n, t, 1)]


def torso(cut: Cut) -> Outline:
    """The front's outline."""
    tip = cut.tip
    half: Outline = [
        *neckline(cut),
        (tip[0] - 1, tip[1] - 0.5, 1),
        (tip[0] - 2.5, tip[1] + (cut.armpit - tip[1]) * 0.55),
        (cut.chest, cut.armpit, 1),
        (cut.waist, cut.armpit + (cut.length - cut.armpit) * 0.45),
        (cut.hem, cut.length, 1),
        (cut.hem * 0.5, cut.length + cut.hem_curve * 0.75),
        (0, cut.length + cut.hem_curve),
    ]
    return mirrored(half)


def sleeve(cut: Cut) -> Outline:
    """The right sleeve's outline."""
    (sx, sy), (dx, dy) = cut.tip, cut.way
    end = (sx + dx * cut.sleeve, sy + dy * cut.sleeve)
    inner = (end[0] - dy * cut.cuff, end[1] + dx * cut.cuff)
    pit = (cut.chest - 1, cut.armpit)
    far = mix((sx, sy), end, 0.5)
    near = mix(pit, inner, 0.5)
    bulge = (3.2 if cut.sleeve > 70 else 1.0) + cut.puff
    return [
        (sx - 9, sy - 1.5, 1),
        (sx - 1.5 + cut.puff * 0.5, sy + 0.8 - cut.puff * 0.5),
        (far[0] + dy * bulge, far[1] - dx * bulge),
        (*end, 1),
        (*inner, 1),
        (near[0] - dy * cut.puff * 0.5, near[1] + dx * cut.puff * 0.5),
        (*pit, 1),
        (cut.chest - 14, cut.armpit - 6, 1),
    ]


def band(cut: Cut, start: float, stop: float, spill: float = 3.0) -> Outline:
    """A stretch across the right sleeve, between two distances along it from the shoulder."""
    (sx, sy), (dx, dy) = cut.tip, cut.way
    out: Outline = []
    for at, width in ((start, -spill), (start, cut.cuff + 22), (stop, cut.cuff + 22), (stop, -spill)):
        out.append((sx + dx * at - dy * width, sy + dy * at + dx * width, 1))
    return out


def sleeve_folds(cut: Cut, die: random.Random) -> list[Fold]:
    """Creases at the elbow and under the arm."""
    (sx, sy), (dx, dy) = cut.tip, cut.way
    folds = []
    for at in (0.42, 0.55, 0.72) if cut.sleeve > 70 else (0.6,):
        far = cut.sleeve * (at + die.uniform(-0.05, 0.05))
        x, y = sx + dx * far, sy + dy * far
        reach = cut.cuff * die.uniform(0.5, 0.9)
        folds.append(
            Fold(
                [(x - dy * reach - 1, y + dx * reach - 3), (x - dy * reach * 0.5, y + 3), (x - 2, y - 2)], 0.5
            )
        )
    pit_x, pit_y = cut.chest - 2, cut.armpit
    folds.append(Fold([(pit_x, pit_y - 2), (pit_x + dx * 12, pit_y - 14)], 0.6))
    return folds


def body_folds(cut: Cut, die: random.Random, amount: float = 1.0) -> list[Fold]:
    """Soft creases from the armpits and towards the hem."""
    out = []
    for side in (-1, 1):
        for k in range(3):
            y = cut.armpit + 4 + k * 15 + die.uniform(-4, 4)
            x = side * (cut.chest - 3)
            out.append(
                Fold(
                    [
                        (x, y),
                        (x - side * 12, y + 6),
                        (x - side * die.uniform(22, 32), y + die.uniform(10, 24)),
                    ],
                    amount * die.uniform(0.2, 0.42),
                )
            )
        low = cut.length - 4
        x = side * cut.hem * die.uniform(0.3, 0.75)
        out.append(
            Fold(
                [(x, low), (x - side * 3, low - 22), (x - side * 1, low - die.uniform(36, 62))],
                amount * 0.3,
                3,
            )
        )
    return out


def lay_sleeves(
    canvas: Canvas, cut: Cut, cloth: Cloth, die: random.Random, line: float = 0.62
) -> tuple[Panel, Panel]:
    """Draws both sleeves; the right (x > 0) first in the answer."""
    shape, folds = sleeve(cut), sleeve_folds(cut, die)
    right = canvas.panel(shape, cloth, folds=folds, angle=-cut.spread, line=line, edge=0.26)
    left_folds = [Fold(flipped(f.path), f.strength, f.width) for f in folds]
    left = canvas.panel(flipped(shape), cloth, folds=left_folds, angle=cut.spread, line=line, edge=0.26)
    return right, left


def both_bands(
    canvas: Canvas, cut: Cut, sleeves: tuple[Panel, Panel], start: float, stop: float, cloth: Cloth
) -> None:
    """A band of other cloth on both sleeves, such as a cuff."""
    shape = band(cut, start, stop)
    canvas.panel(shape, cloth, within=sleeves[0], cast=0, edge=0.18, angle=-cut.spread)
    canvas.panel(flipped(shape), cloth, within=sleeves[1], cast=0, edge=0.18, angle=cut.spread)


def lay_back(canvas: Canvas, cut: Cut, cloth: Cloth, rise: float = 2.0, tag: bool = True) -> None:
    """The inside of the back that shows in the neck opening, with the label."""
    n, t = cut.neck + 0.5, cut.top
    deep = t + cut.depth + 8
    shape = mirrored(
        [(0, t + 2.5 - rise), (n * 0.6, t + 1.6 - rise), (n, t - 0.5, 1), (n * 0.9, deep, 1), (0, deep)]
    )
    canvas.panel(shape, cloth.inside(), edge=0.1, cast=0)
    if tag and cut.depth > 9:
        canvas.patch(
            [(-3.4, t + 4.5, 1), (3.4, t + 4.5, 1), (3.4, t + 8.5, 1), (-3.4, t + 8.5, 1)], (236, 234, 228)
        )


def rib_neck(canvas: Canvas, cut: Cut, cloth: Cloth, width: float = 4.0) -> None:
    """A ribbed band around the front neckline."""
    inner = neckline(cut, -0.5)
    outer = neckline(cut, width)
    outer[-1] = (cut.neck + width * 0.8, cut.top + 1.5, 1)
    half = [*inner, *reversed(outer)]
    left = flipped(half)
    canvas.panel(half, cloth, cast=0.25, edge=0.1, round_by=2, line=0)
    canvas.panel(left, cloth, cast=0.25, edge=0.1, round_by=2, line=0)
    tone = shaded(cloth.colour, 0.68)
    canvas.line([*flipped(reversed(outer)), *outer[1:]], tone, 0.55)
    canvas.line([*flipped(reversed(inner)), *inner[1:]], tone, 0.4)


def hem_band(canvas: Canvas, cut: Cut, cloth: Cloth, body: Panel, height: float = 11) -> None:
    """A ribbed band along the hem, with its ribs."""
    y = cut.length - height
    shape = mirrored(
        [(0, y + cut.hem_curve), (cut.hem + 9, y, 1), (cut.hem + 9, y + height + 9, 1), (0, y + height + 9)]
    )
    canvas.panel(shape, cloth.of(cloth.colour, "rib"), within=body, cast=0.2, edge=0.2, round_by=3)
    canvas.line(mirrored_line([(0, y + cut.hem_curve), (cut.hem + 1, y)]), shaded(cloth.colour, 0.6), 0.6)


def mirrored_line(half: Outline) -> Outline:
    """An open line across the middle from its right half, listed outwards from the middle."""
    return [*flipped(reversed(half[1:])), *half]


def stitch(canvas: Canvas, path: Outline, colour: RGB) -> None:
    """A row of stitches in a shade of `colour`."""
    canvas.line(path, ink(colour, 0.28), 0.4, dash=1.6)
