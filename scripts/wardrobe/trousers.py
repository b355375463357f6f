"""Trousers and jeans. Imports leg, details and what they stand on."""

from dataclasses import replace

from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped
from scripts.wardrobe.details import button, drawstrings, emblem, patch_pocket
from scripts.wardrobe.leg import (
    Leg,
    belt,
    cuffs,
    fly,
    hems,
    lay_legs,
    leg_cut,
    leg_folds,
    roll_up,
    stripes,
    waistband,
)
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, blend, ink, shaded


def trousers(canvas: Canvas, look: Look) -> None:
    """Chinos, cargo pants, evening trousers with a satin side, pressed suit trousers or track pants."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("legs")
    cut = leg_cut(look, die)
    if look.style == "dressy" and not look.women:
        if cloth.print_ is not None or cloth.texture == "sequin":
            cloth = cloth.of(cloth.colour, "plain", 0.6)
        cut = replace(cut, out=40, hem=20, knee=39, knee_width=24)
    if look.style == "smart" and look.women and die.random() < 0.4:
        cut = replace(cut, out=48, hem=31, knee=43, knee_width=29)
    folds = leg_folds(cut, die, {"smart": 0.4, "dressy": 0.7}.get(look.style, 1.0))
    crotch = cut.top + cut.rise
    if look.style in ("smart", "dressy"):
        mid = cut.out - cut.hem * 0.5
        folds.append(
            Fold(
                [
                    (cut.waist * 0.55, cut.top + 16),
                    (cut.knee - cut.knee_width * 0.5, crotch + 60),
                    (mid, cut.length),
                ],
                0.75,
                1.6,
            )
        )
    right, left = lay_legs(canvas, cut, cloth, folds)
    tone = ink(cloth.colour, 0.4)
    if look.style == "sporty":
        stripes(canvas, cut, (right, left), s.second, die.choice((1, 1, 2)))
        cuffs(canvas, cut, cloth, (right, left))
        waistband(canvas, cut, cloth.of(cloth.colour, "rib"), 10, loops=False)
        drawstrings(canvas, 3.5, cut.top + 7, 16, s.second)
        emblem(canvas, die, 23, 62, 3.6, s.second, right)
        return
    if look.style == "dressy" and (not look.women or die.random() < 0.4):
        stripes(canvas, cut, (right, left), shaded(cloth.colour, 0.7), 1)
    waistband(
        canvas,
        cut,
        cloth if look.style != "dressy" else cloth.plain(0.9).shiny(0.6),
        8,
        loops=look.style != "dressy",
    )
    fly(canvas, cut, cloth.colour, tone)
    for side in (-1, 1):
        canvas.line(
            [(side * (cut.waist - 7), cut.top + 10), (side * (cut.hip - 2.5), cut.top + 30)],
            shaded(cloth.colour, 0.55),
            1.0,
        )
    if look.style == "casual":
        button(canvas, 0, cut.top + 6.5, (214, 200, 170), 1.5)
        if die.random() < 0.5:
            drawstrings(canvas, 3, cut.top + 8, 15, (238, 232, 220))
        roll_up(canvas, cut, cloth, (right, left)) if die.random() < 0.4 else hems(canvas, cut, cloth.colour)
    elif look.style == "street":
        y = crotch + 32
        for side in (-1, 1):
            patch_pocket(canvas, side * (cut.knee - 8), y, 24, 30, cloth.plain(0.94), flap=True)
            canvas.line([(side * (cut.knee - 37), y + 10), (side * cut.knee, y + 38)], tone, 0.5)
        button(canvas, 0, cut.top + 6, (150, 150, 154), 1.6)
        if die.random() < 0.5:
            chain(canvas, cut)
        cuffs(canvas, cut, cloth, (right, left), 6)
    else:
        canvas.line([(2, cut.top + 5), (9, cut.top + 5)], tone, 0.6)
        if look.style == "smart" and die.random() < 0.45:
            belt(canvas, cut, shaded((112, 70, 46), die.uniform(0.5, 1.1)))


def chain(canvas: Canvas, cut: Leg) -> None:
    """A wallet chain from the belt loop."""
    path: Outline = [
        (cut.waist * 0.6, cut.top + 9),
        (cut.waist * 0.75, cut.top + 44),
        (cut.hip, cut.top + 38),
    ]
    canvas.line(path, (90, 92, 98), 1.6)
    canvas.line(path, (206, 208, 212), 1.2, dash=1.6)


def jeans(canvas: Canvas, look: Look) -> None:
    """Jeans: straight and washed, baggy and ripped, or dark and clean."""
    die, s = look.die(), look.scheme
    blues: dict[str, tuple[RGB, ...]] = {
        "casual": ((92, 124, 166), (120, 152, 190), (72, 98, 140), (150, 176, 204)),
        "street": ((150, 172, 196), (74, 76, 82), (186, 198, 210), (100, 122, 150)),
        "smart": ((42, 52, 80), (36, 38, 48), (54, 66, 98), (60, 62, 68)),
    }
    pick = blues.get(look.style, blues["casual"])
    colour = blend(pick[sum(s.main) % len(pick)], s.main, 0.22)
    cloth = Cloth(colour, None, "denim")
    cut = leg_cut(look, die)
    if look.style == "casual" and die.random() < 0.4:
        cut = replace(cut, knee=37, out=36, hem=15, knee_width=22)
    legs = lay_legs(canvas, cut, cloth, leg_folds(cut, die, 0.5 if look.style == "smart" else 1.1))
    thread = (204, 152, 84) if look.style != "smart" else ink(colour, 0.3)
    crotch = cut.top + cut.rise
    if look.style != "smart":
        wash(canvas, cut, legs, colour)
    waistband(canvas, cut, cloth)
    fly(canvas, cut, colour, thread)
    button(canvas, 0, cut.top + 6.5, (190, 150, 96), 1.7)
    for side in (-1, 1):
        scoop: Outline = [
            (side * cut.waist * 0.42, cut.top + 10),
            (side * cut.waist * 0.52, cut.top + 22),
            (side * (cut.hip - 4), cut.top + 26),
        ]
        canvas.line(scoop, shaded(colour, 0.55), 1.0)
        canvas.line([(p[0], p[1] + 1.8) for p in scoop], thread, 0.45, dash=1.4)
        seam: Outline = [
            (side * (cut.waist - 1.5), cut.top + 28),
            (side * (cut.hip - 1.5), crotch),
            (side * (cut.knee - 2), crotch + 60),
            (side * (cut.out - 2), cut.length - 2),
        ]
        canvas.line(seam, thread, 0.4, dash=1.4)
        canvas.line(
            [(side * (cut.hip - 9), cut.top + 28), (side * (cut.hip - 3), cut.top + 29)],
            (190, 150, 96),
            0.8,
            dash=0.9,
        )
    if look.style == "street":
        for flip, y, w in ((1, crotch + 36, 12), (-1, crotch + 52, 14), (1, crotch + 70, 9)):
            rip(canvas, flip * (cut.knee - cut.knee_width * 0.5), y + die.uniform(-5, 5), w, colour)
    hems(canvas, cut, thread)
    if look.style == "casual" and die.random() < 0.35:
        roll_up(canvas, cut, cloth, legs)


def wash(canvas: Canvas, cut: Leg, legs: tuple[Panel, Panel], colour: RGB) -> None:
    """Worn, paler thighs in soft steps."""
    for k, share in enumerate((0.10, 0.18, 0.26)):
        y0, y1 = cut.top + cut.rise + 2 + k * 6, cut.top + cut.rise + 72 - k * 10
        mid = (cut.hip + 4) / 2 + 1
        half = 11 - k * 2.6
        shape: Outline = [
            (mid, y0),
            (mid + half, y0 + 18),
            (mid + half + 1, y1 - 12),
            (mid + 2, y1),
            (mid - half + 3, y1 - 14),
            (mid - half, y0 + 16),
        ]
        canvas.patch(shape, shaded(colour, 1 + share * 0.8), legs[0])
        canvas.patch(flipped(shape), shaded(colour, 1 + share * 0.8), legs[1])


def rip(canvas: Canvas, x: float, y: float, half: float, colour: RGB) -> None:
    """A torn knee with white threads across."""
    hole: Outline = [
        (x - half, y),
        (x - half * 0.3, y - 4),
        (x + half, y - 1),
        (x + half * 0.4, y + 5),
        (x - half * 0.5, y + 4),
    ]
    canvas.patch(hole, shaded(colour, 0.42))
    for k in range(4):
        canvas.line(
            [(x - half * 0.9, y - 2.4 + k * 1.9), (x, y - 1.8 + k * 1.8), (x + half * 0.9, y - 2 + k * 1.7)],
            (236, 236, 232),
            0.55,
        )
