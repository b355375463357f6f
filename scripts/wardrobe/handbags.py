"""Clutches, portfolios, handbags and briefcases. Imports straps and what it stands on."""

import random

from scripts.wardrobe.body import mirrored_line
from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, box, mirrored
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import blend, ink, shaded
from scripts.wardrobe.straps import GOLD, strap


def clutch(canvas: Canvas, look: Look, die: random.Random) -> None:
    if not look.women:
        portfolio(canvas, look, die)
        return
    cloth = look.fabric("drape")
    if cloth.texture in ("linen", "denim"):
        cloth = cloth.shiny(0.6)
    chain: Outline = [(-58, 112), (-50, 56), (0, 30), (50, 56), (58, 112)]
    if die.random() < 0.7:
        canvas.line(chain, (138, 112, 60), 2.2)
        canvas.line(chain, GOLD, 1.8, dash=2.4)
    top = die.choice((96.0, 104.0))
    canvas.panel(
        mirrored([(0, top), (62, top, 1), (68, 130), (66, 176), (56, 182), (0, 183)]),
        cloth,
        edge=0.3,
        round_by=7,
        folds=[Fold([(-44, 150), (-38, 178)], 0.4, 3), Fold([(40, 152), (36, 178)], 0.4, 3)],
    )
    if die.random() < 0.5:
        flap: Outline = [(0, top - 1), (63, top - 1, 1), (60, top + 22), (0, top + 52, 1)]
    else:
        flap = [(0, top - 1), (63, top - 1, 1), (66, top + 26), (40, top + 40), (0, top + 43)]
    canvas.panel(mirrored(flap), cloth.plain(1.0) if cloth.print_ is None else cloth, cast=0.35, edge=0.22)
    y = top + 44
    if die.random() < 0.5:
        canvas.dot(-4, y, 5, shaded(GOLD, 0.8))
        canvas.dot(4, y, 5, GOLD)
        canvas.dot(-5, y - 1.5, 1.8, (250, 240, 206))
    else:
        for flip in (1, -1):
            wing: Outline = [(0, y), (flip * 14, y - 10), (flip * 20, y), (flip * 13, y + 10)]
            canvas.panel(wing, cloth.plain(0.88), cast=0.3, round_by=3)
        canvas.dot(0, y, 3.4, GOLD)
    canvas.line(mirrored_line([(0, top), (62, top)]), GOLD, 1.6)


def portfolio(canvas: Canvas, look: Look, die: random.Random) -> None:
    """A man's evening bag: a slim velvet or patent portfolio with gilt corners."""
    cloth = Cloth(look.scheme.main, None, die.choice(("velvet", "plain")), 0.65)
    canvas.line([(-66, 120), (-84, 150), (-72, 182)], shaded(cloth.colour, 0.55), 4)
    canvas.line([(-66, 120), (-84, 150), (-72, 182)], cloth.colour, 3)
    canvas.panel(
        mirrored([(0, 72, 1), (72, 72, 1), (73, 120), (72, 170, 1), (0, 171)]), cloth, edge=0.25, round_by=7
    )
    canvas.panel(
        mirrored([(0, 71, 1), (73, 71, 1), (72, 96), (0, 122)]), cloth.plain(1.05), cast=0.35, edge=0.2
    )
    canvas.dot(0, 120, 4.6, GOLD)
    canvas.dot(0, 120, 2.2, shaded(GOLD, 0.6))
    for side in (-1, 1):
        canvas.patch([(side * 73, 171, 1), (side * 58, 171, 1), (side * 73, 156, 1)], GOLD)
    canvas.line(mirrored_line([(0, 119), (70, 94)]), shaded(GOLD, 0.9), 0.9)


def satchel(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = look.scheme.main if look.women else blend((104, 70, 46), look.scheme.main, 0.4)
    cloth = Cloth(colour, None, "leather", 0.4)
    if look.women and die.random() < 0.6:
        for rise in (26.0, 34.0):
            strap(
                canvas,
                [(-26, 92), (-24, rise + 22), (0, rise), (24, rise + 22), (26, 92)],
                cloth.plain(0.85),
                5,
            )
        canvas.panel(
            mirrored([(0, 84), (48, 82, 1), (66, 180), (60, 188), (0, 190)]), cloth, edge=0.25, round_by=7
        )
        canvas.line(mirrored_line([(0, 100), (51, 98)]), ink(colour, 0.3), 0.5, dash=1.8)
        for side in (-1, 1):
            canvas.line([(side * 34, 90), (side * 48, 186)], shaded(colour, 0.62), 0.8)
            canvas.panel(
                [
                    (side * 26 - 4, 84, 1),
                    (side * 26 + 4, 84, 1),
                    (side * 26 + 4, 104, 1),
                    (side * 26 - 4, 104, 1),
                ],
                cloth,
                cast=0.2,
                round_by=1.5,
            )
            canvas.dot(side * 26, 100, 1.8, GOLD)
        canvas.patch(box(-9, 112, 9, 118), GOLD)
        return
    strap(canvas, [(-18, 82), (-15, 62), (15, 62), (18, 82)], cloth.plain(0.8), 6)
    canvas.panel(
        mirrored([(0, 78), (68, 78, 1), (72, 130), (71, 184, 1), (0, 186)]), cloth, edge=0.25, round_by=7
    )
    canvas.panel(
        mirrored([(0, 77), (69, 77, 1), (72, 118), (64, 130), (0, 132)]),
        cloth.plain(1.04),
        cast=0.35,
        edge=0.2,
    )
    canvas.line(mirrored_line([(0, 128), (62, 126), (69, 116)]), ink(colour, 0.35), 0.5, dash=1.8)
    for side in (-1, 1):
        canvas.panel(
            [
                (side * 38 - 5, 84, 1),
                (side * 38 + 5, 84, 1),
                (side * 38 + 5, 150, 1),
                (side * 38, 155, 1),
                (side * 38 - 5, 150, 1),
            ],
            cloth.plain(0.86),
            cast=0.3,
            round_by=2,
        )
        canvas.line(
            [
                (side * 38 - 6, 136),
                (side * 38 + 6, 136),
                (side * 38 + 6, 146),
                (side * 38 - 6, 146),
                (side * 38 - 6, 136),
            ],
            GOLD,
            1.3,
        )
