"""What all legwear shares: two legs, waistband, fly, hems. Imports canvas, body, details."""

import random
from dataclasses import dataclass, replace

from scripts.wardrobe.body import stitch
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, blend, shaded


@dataclass(frozen=True)
class Leg:
    """Half widths and heights of the legs; `out` and `hem` place the hem's outer end and its width."""

    waist: float = 29
    hip: float = 37
    top: float = 18
    rise: float = 50
    length: float = 206
    knee: float = 40
    out: float = 42
    hem: float = 20
    knee_width: float = 24


def leg(cut: Leg) -> Outline:
    """The right leg with its half of the seat."""
    crotch = cut.top + cut.rise
    knee_y = crotch + (cut.length - crotch) * 0.48
    return [
        (-0.5, cut.top, 1),
        (cut.waist, cut.top, 1),
        (cut.hip - 2, cut.top + cut.rise * 0.45),
        (cut.hip + 1, crotch),
        (cut.knee, knee_y),
        (cut.out, cut.length, 1),
        (cut.out - cut.hem * 0.5, cut.length + 1.5),
        (cut.out - cut.hem, cut.length, 1),
        (cut.knee - cut.knee_width, knee_y),
        (2.5, crotch + 5),
        (-0.5, crotch, 1),
    ]


def leg_folds(cut: Leg, die: random.Random, amount: float = 1.0) -> list[Fold]:
    """Creases that fan from the crotch, at the knee and at the hem."""
    crotch = cut.top + cut.rise
    knee_y = crotch + (cut.length - crotch) * 0.48
    out = [
        Fold(
            [(3, crotch - 2 + k * 6), (12, crotch - 7 + k * 5), (22 + 3 * k, crotch - 9 + k * 8)],
            amount * (0.5 - k * 0.1),
        )
        for k in range(3)
    ]
    mid = cut.knee - cut.knee_width / 2
    for k in range(3):
        y = knee_y + die.uniform(-14, 16)
        side = 1 if k % 2 else -1
        out.append(
            Fold(
                [(mid + side * cut.knee_width * 0.45, y - 3), (mid, y + 2), (mid - side * 5, y + 3)],
                amount * 0.4,
            )
        )
    base = cut.out - cut.hem / 2
    for k in range(2):
        y = cut.length - 7 - k * 9
        out.append(
            Fold([(base + cut.hem * 0.42, y), (base, y + 3), (base - cut.hem * 0.3, y)], amount * 0.42)
        )
    return out


def lay_legs(
    canvas: Canvas, cut: Leg, cloth: Cloth, folds: list[Fold], inside: bool = True
) -> tuple[Panel, Panel]:
    """The waist's inside, the left leg, then the right leg over it; right first in the answer."""
    if inside:
        canvas.panel(
            mirrored(
                [
                    (0, cut.top - 3),
                    (cut.waist - 1, cut.top - 1, 1),
                    (cut.waist - 1, cut.top + 6, 1),
                    (0, cut.top + 8),
                ]
            ),
            cloth.inside(),
            cast=0,
        )
    shape = leg(cut)
    mirror = [Fold(flipped(f.path), f.strength, f.width) for f in folds]
    left = canvas.panel(flipped(shape), cloth, folds=mirror, angle=1, round_by=6, edge=0.28)
    right = canvas.panel(shape, cloth, folds=folds, angle=-1, round_by=6, edge=0.28, cast=0.15)
    return right, left


def waistband(canvas: Canvas, cut: Leg, cloth: Cloth, height: float = 9, loops: bool = True) -> None:
    """The band, slightly bowed, with belt loops."""
    t, w = cut.top, cut.waist
    canvas.panel(
        mirrored(
            [
                (0, t + 2),
                (w * 0.6, t + 1),
                (w + 0.5, t - 1, 1),
                (w + 1.5, t + height - 1, 1),
                (w * 0.6, t + height + 1),
                (0, t + height + 2),
            ]
        ),
        cloth,
        cast=0.25,
        edge=0.15,
        round_by=3,
    )
    if loops:
        for x in (-w * 0.62, w * 0.62):
            canvas.panel(
                [
                    (x - 1.4, t - 1, 1),
                    (x + 1.4, t - 1, 1),
                    (x + 1.4, t + height + 3, 1),
                    (x - 1.4, t + height + 3, 1),
                ],
                cloth.plain(0.96),
                cast=0.3,
                edge=0.05,
                round_by=1,
            )


def fly(canvas: Canvas, cut: Leg, colour: RGB, thread: RGB) -> None:
    """The front opening's seam and curved stitching."""
    y = cut.top + 10
    low = cut.top + cut.rise
    canvas.line([(0, y), (0.3, low)], shaded(colour, 0.55), 0.7)
    canvas.line([(5, y), (5, low - 20), (1, low - 11)], thread, 0.5, dash=1.4)


def leg_cut(look: Look, die: random.Random) -> Leg:
    slim = 2 if look.women else 0
    base = Leg(waist=30 - slim, hip=38 - slim * 0.5, rise=52)
    return {
        "casual": replace(base, knee=41, out=42, hem=22, knee_width=26),
        "street": replace(base, hip=41, knee=50, out=51, hem=33, knee_width=37, waist=31),
        "dressy": replace(base, knee=44, out=die.choice((46, 54)), hem=die.choice((24, 36)), knee_width=28),
        "smart": replace(base, knee=38.5, out=39, hem=19, knee_width=23.5),
        "sporty": replace(base, knee=38, out=36, hem=14, knee_width=23),
    }[look.style]


def stripes(canvas: Canvas, cut: Leg, legs: tuple[Panel, Panel], colour: RGB, count: int) -> None:
    """Bands down the outer side of both legs."""
    crotch = cut.top + cut.rise
    for k in range(count):
        a, b = (1.0, 5.5) if k == 0 else (7.0, 8.6)
        edge: Outline = [
            (cut.waist, cut.top),
            (cut.hip - 2, cut.top + cut.rise * 0.45),
            (cut.hip + 1, crotch),
            (cut.knee, crotch + (cut.length - crotch) * 0.48),
            (cut.out, cut.length + 2),
        ]
        shape: Outline = [(p[0] - a, p[1]) for p in edge]
        shape += [(p[0] - b, p[1]) for p in reversed(edge)]
        shape[0], shape[4], shape[5], shape[9] = (
            (*shape[0], 1),
            (*shape[4], 1),
            (*shape[5], 1),
            (*shape[9], 1),
        )
        canvas.patch(shape, colour, legs[0])
        canvas.patch(flipped(shape), colour, legs[1])


def cuffs(canvas: Canvas, cut: Leg, cloth: Cloth, legs: tuple[Panel, Panel], height: float = 10) -> None:
    """Ribbed ends."""
    shape: Outline = [
        (cut.out - cut.hem - 6, cut.length - height, 1),
        (cut.out + 6, cut.length - height, 1),
        (cut.out + 6, cut.length + 6, 1),
        (cut.out - cut.hem - 6, cut.length + 6, 1),
    ]
    rib = cloth.of(shaded(cloth.colour, 0.88), "rib")
    canvas.panel(shape, rib, within=legs[0], cast=0.15)
    canvas.panel(flipped(shape), rib, within=legs[1], cast=0.15)


def roll_up(canvas: Canvas, cut: Leg, cloth: Cloth, legs: tuple[Panel, Panel]) -> None:
    """Turned-up hems that show the wrong side."""
    x0, x1, y = cut.out - cut.hem - 0.8, cut.out + 0.8, cut.length
    shape: Outline = [
        (x0, y - 9, 1),
        ((x0 + x1) / 2, y - 7.5),
        (x1, y - 9, 1),
        (x1, y, 1),
        ((x0 + x1) / 2, y + 2),
        (x0, y, 1),
    ]
    light = cloth.of(blend(cloth.colour, (236, 234, 228), 0.35))
    canvas.panel(shape, light, cast=0.3, round_by=3)
    canvas.panel(flipped(shape), light, cast=0.3, round_by=3)


def hems(canvas: Canvas, cut: Leg, colour: RGB) -> None:
    """Stitching above both hems."""
    path: Outline = [
        (cut.out - cut.hem + 0.5, cut.length - 3.5),
        (cut.out - cut.hem / 2, cut.length - 2),
        (cut.out - 0.5, cut.length - 3.5),
    ]
    stitch(canvas, path, colour)
    stitch(canvas, flipped(path), colour)


def belt(canvas: Canvas, cut: Leg, colour: RGB) -> None:
    """A leather belt with a buckle."""
    t, w = cut.top, cut.waist
    canvas.panel(
        mirrored([(0, t + 2.6), (w + 1, t + 0.6, 1), (w + 1.4, t + 6, 1), (0, t + 8)]),
        Cloth(colour, None, "leather", 0.4),
        cast=0.25,
        round_by=2,
    )
    canvas.line([(-4, t + 2), (4, t + 2), (4, t + 8.6), (-4, t + 8.6), (-4, t + 2)], (206, 180, 116), 1.1)
