"""Biker and padded jackets. Imports tailoring, body, details and what they stand on."""

import random
from dataclasses import replace

from scripts.wardrobe.body import Cut, lay_back, lay_sleeves, mirrored_line, torso
from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, mirrored
from scripts.wardrobe.details import lettering, welt, zip_line
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import brightness, shaded
from scripts.wardrobe.tailoring import tailored


def jacket_cut(look: Look, roomy: float = 0.0) -> Cut:
    slim = 3 if look.women else 0
    return Cut(
        shoulder=45 - slim + roomy,
        chest=45 - slim + roomy,
        waist=42 - 1.4 * slim + roomy,
        hem=42 - slim + roomy,
        sleeve=132,
        spread=10,
        cuff=16,
        length=172,
        neck=15,
        depth=12,
        neckline="v",
        armpit=80,
    )


def biker(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = look.scheme.main if brightness(look.scheme.main) < 120 else shaded(look.scheme.main, 0.55)
    cloth = Cloth(colour, None, "leather", 0.75)
    cut = replace(jacket_cut(look, 0), length=150, hem=41)
    steel = (202, 204, 210)
    lay_back(canvas, cut, cloth)
    lay_sleeves(canvas, cut, cloth, die)
    tailored(canvas, cut, cloth, 92, 10, 0.0)
    for flip in (1, -1):
        lapel: Outline = [
            (flip * 2 - 8, 96, 1),
            (flip * 8, cut.top + 16),
            (flip * 14, cut.top, 1),
            (flip * 24, cut.top + 12, 1),
            (flip * 30, cut.top + 32, 1),
        ]
        canvas.panel(lapel, cloth, cast=0.4, edge=0.15, round_by=3)
        canvas.dot(flip * 26, cut.top + 30, 1.2, steel)
    fall = mirrored(
        [(0, cut.top - 7), (13, cut.top - 6), (20, cut.top + 10, 1), (12, cut.top + 8), (0, cut.top + 4)]
    )
    canvas.panel(fall, cloth, cast=0.3, round_by=3)
    zip_line(canvas, [(-13, 92), (-11, 148)], cloth.colour, steel)
    welt(canvas, 16, 98, 32, 92, cloth.colour)
    canvas.line([(16, 99), (32, 93)], steel, 0.9, dash=0.9)
    for side in (-1, 1):
        canvas.line([(side * 22, 112), (side * 33, 128)], steel, 1.0, dash=0.9)
        x = side * (cut.tip[0] + cut.way[0] * 100 - 6)
        canvas.line([(x, cut.tip[1] + 92), (x + side * 2, cut.tip[1] + 112)], steel, 1.0, dash=0.9)
        canvas.line([(side * 30, cut.top + 8), (side * 40, cut.top + 9)], shaded(cloth.colour, 0.5), 0.9)
    canvas.panel([(-41, 139, 1), (41, 139, 1), (42, 147, 1), (-42, 147, 1)], cloth, cast=0.25, round_by=2)
    canvas.line([(-4, 138), (4, 138), (4, 148), (-4, 148), (-4, 138)], steel, 1.2)


def puffer(canvas: Canvas, look: Look, die: random.Random, low: float = 164.0) -> None:
    cloth = Cloth(look.scheme.main, None, "plain", 0.6)
    cut = replace(jacket_cut(look, 7), length=low, hem=48, cuff=20, puff=3, waist=50)
    lay_back(canvas, cut, cloth)
    _quilted_sleeves(canvas, cut, cloth)
    rows = [float(y) for y in range(62, int(low) - 6, 17)]
    folds = [Fold([(-54, y + 1.5), (0, y + 4), (54, y + 1.5)], 0.9, 3) for y in rows]
    folds += [Fold([(x, y + 4), (x + 2, y + 12)], 0.35) for y in rows for x in (-34, -12, 14, 36)]
    canvas.panel(torso(cut), cloth, folds=folds)
    block = die.random() < 0.4
    for y in rows:
        canvas.line(mirrored_line([(0, y + 3), (cut.waist - 2, y)]), shaded(cloth.colour, 0.58), 0.7)
    if block:
        body = canvas.panel(
            mirrored([(0, 44, 1), (15, 34, 1), (48, 42, 1), (51, 78, 1), (0, 82)]),
            cloth.of(look.scheme.second),
            cast=0.1,
            line=0,
        )
        lettering(canvas, die.choice(("LOUD", "ECHO", "N7")), 26, 66, 20, cloth.colour, body)
    zip_line(canvas, [(0, cut.top + 6), (0, cut.length + 2)], cloth.colour)
    stand = mirrored(
        [(0, cut.top - 13), (cut.neck, cut.top - 14), (cut.neck + 7, cut.top + 3), (0, cut.top + 14)]
    )
    canvas.panel(
        stand,
        cloth,
        cast=0.35,
        edge=0.35,
        folds=[Fold([(-18, cut.top - 1), (0, cut.top + 3), (18, cut.top - 1)], 0.7)],
    )
    canvas.line([(0, cut.top - 12), (0, cut.top + 13)], (190, 192, 196), 0.9, dash=0.9)


def _quilted_sleeves(canvas: Canvas, cut: Cut, cloth: Cloth) -> None:
    sleeves = lay_sleeves(canvas, cut, cloth, random.Random(1))
    (sx, sy), (dx, dy) = cut.tip, cut.way
    for k in range(1, 8):
        at = k * 17.0
        a = (sx + dx * at + dy * 3, sy + dy * at - dx * 3)
        b = (sx + dx * at - dy * (cut.cuff + 8), sy + dy * at + dx * (cut.cuff + 8))
        for flip, panel in ((1, sleeves[0]), (-1, sleeves[1])):
            stroke: Outline = [
                (flip * a[0], a[1], 1),
                (flip * b[0], b[1], 1),
                (flip * b[0], b[1] + 1.3, 1),
                (flip * a[0], a[1] + 1.3, 1),
            ]
            canvas.patch(stroke, shaded(cloth.colour, 0.55), panel)
