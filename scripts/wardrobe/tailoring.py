"""Blazers and overcoats: lapels and fronts that cross. Imports body, details and what they stand on."""

import random

from scripts.wardrobe.body import Cut, lay_back, lay_sleeves
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.collars import bow_tie
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.details import button, buttons, flap_pocket
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, brightness, ink, shaded


def tailored(
    canvas: Canvas, cut: Cut, cloth: Cloth, close: float, over: float = 0.0, curve: float = 10.0
) -> Panel:
    """Two fronts that meet at `close` (y) and part below it; `over` is the overlap. Gives the upper front."""
    tip = cut.tip
    low = cut.length
    armhole: Outline = [
        (tip[0] - 1, tip[1], 1),
        (tip[0] - 2.5, tip[1] + (cut.armpit - tip[1]) * 0.55),
        (cut.chest, cut.armpit, 1),
    ]
    side: Outline = [(cut.waist, cut.armpit + (low - cut.armpit) * 0.4), (cut.hem, low - 1, 1)]
    half: Outline = [
        (-over, close, 1),
        (cut.neck * 0.5, cut.top + 22),
        (cut.neck, cut.top, 1),
        *armhole,
        *side,
        (curve + 8 - over, low + 3),
        (curve * 0.45 - over, low - curve * 0.6 if curve else low + 3),
        (-over, close + 22),
    ]
    if not curve:
        half[-3:] = [(-over, low + 3, 1)]
    die = random.Random(round(close * 10))
    folds = [
        Fold([(cut.chest - 3, cut.armpit + 6 + 14 * k), (cut.chest - 18, cut.armpit + 14 + 16 * k)], 0.3)
        for k in range(2)
    ]
    folds.append(Fold([(cut.waist - 4, close + 4), (8, close - 2)], 0.3 + die.uniform(0, 0.1)))
    mirror = [Fold(flipped(f.path), f.strength, f.width) for f in folds]
    canvas.panel(flipped(half), cloth, folds=mirror)
    return canvas.panel(half, cloth, folds=folds, cast=0.3)


def lapels(
    canvas: Canvas,
    cut: Cut,
    cloth: Cloth,
    close: float,
    width: float = 17,
    peak: bool = False,
    over: float = 0.0,
) -> None:
    """Notched or peaked lapels with the collar above them."""
    t, n = cut.top, cut.neck
    notch = t + 26
    for flip in (-1, 1):
        o = over if flip > 0 else -over
        lapel: Outline = [
            (-o, close, 1),
            (n * 0.42, t + 28),
            (n - 1, t + 3, 1),
            (n + 7, notch - 8, 1),
            (n + width * (0.72 if not peak else 0.9), notch - (2 if not peak else 13), 1),
            (width * 0.72 + 4, (notch + close) / 2 + 4),
        ]
        canvas.panel(
            lapel if flip > 0 else flipped(lapel),
            cloth,
            cast=0.42,
            edge=0.12,
            round_by=3,
            angle=-14 * flip,
            line=0.5,
        )
        if not peak:
            neck: Outline = [
                (n - 5, t + 2),
                (n - 2, t - 6),
                (n + 3, t + 1),
                (n + 12, notch - 11, 1),
                (n + 6.5, notch - 7.5, 1),
                (n - 3, t + 9),
            ]
        else:
            neck = [
                (n - 5, t + 2),
                (n - 2, t - 6),
                (n + 3, t + 1),
                (n + 9, notch - 13, 1),
                (n + 3, notch - 6, 1),
                (n - 3, t + 9),
            ]
        canvas.panel(
            neck if flip > 0 else flipped(neck),
            cloth,
            cast=0.36,
            edge=0.1,
            round_by=2,
            angle=20 * flip,
            line=0.5,
        )
    fall = mirrored([(0, t - 7.5), (n - 3, t - 7), (n, t + 2, 1), (0, t + 3)])
    canvas.panel(fall, cloth.plain(0.97), cast=0.2, edge=0.1, round_by=2)


def _shirt_front(canvas: Canvas, cut: Cut, close: float, white: RGB = (244, 244, 245)) -> None:
    shape = mirrored(
        [
            (0, cut.top - 4),
            (cut.neck - 1, cut.top - 3, 1),
            (cut.neck + 3, cut.top + 30),
            (4, close + 6, 1),
            (0, close + 6),
        ]
    )
    canvas.panel(shape, Cloth(white), cast=0, edge=0.1)
    canvas.line([(0, cut.top + 14), (0, close + 4)], (196, 198, 202), 0.6)
    for side in (-1, 1):
        leaf: Outline = [
            (0, cut.top + 13, 1),
            (side * (cut.neck - 3), cut.top - 4, 1),
            (side * (cut.neck - 1), cut.top + 4),
            (side * 8, cut.top + 21, 1),
        ]
        canvas.panel(leaf, Cloth(white), cast=0.25, edge=0.08, round_by=2)


def blazer(canvas: Canvas, look: Look) -> None:
    """A blazer: pinstriped or checked for the office, velvet or satin with peaked lapels for the evening."""
    die = look.die()
    cloth = look.fabric("tailored")
    slim = 3 if look.women else 0
    cut = Cut(
        shoulder=46 - slim,
        chest=44 - slim,
        waist=39 - 1.6 * slim,
        hem=45 - slim,
        sleeve=137,
        spread=9,
        cuff=16,
        length=186,
        neck=15,
        depth=40,
        neckline="v",
        armpit=78,
    )
    double = die.random() < (0.35 if look.style == "smart" else 0.2)
    close = 112.0 if double else die.choice((116.0, 126.0))
    over = 12.0 if double else 3.0
    lay_back(canvas, cut, cloth, tag=not look.women)
    if look.women:
        canvas.panel(
            mirrored([(0, 36), (14, 34, 1), (22, 70), (6, close + 14, 1), (0, close + 14)]),
            cloth.inside(),
            cast=0,
        )
    else:
        _shirt_front(
            canvas,
            cut,
            close,
            (244, 244, 245) if look.style == "dressy" or die.random() < 0.6 else (196, 214, 234),
        )
    lay_sleeves(canvas, cut, cloth, die)
    tailored(canvas, cut, cloth, close, over, 0.0 if double else die.choice((12.0, 16.0)))
    evening = look.style == "dressy"
    facing = Cloth((34, 33, 38), None, "plain", 0.7) if evening and brightness(cloth.colour) > 44 else cloth
    if evening and facing is cloth:
        facing = cloth.of(shaded(cloth.colour, 1.12), "plain", 0.8)
    lapels(canvas, cut, facing, close, die.uniform(15, 20), peak=evening or double, over=over)
    shade = ink(cloth.colour, 0.35) if not evening else facing.colour
    gold = look.style == "smart" and cloth.print_ is None and die.random() < 0.25
    shade = (206, 172, 96) if gold else shade
    if double:
        for y in (close + 4, close + 22):
            for side in (-1, 1):
                button(canvas, side * 10, y, shade, 2)
    else:
        buttons(canvas, 0.5, close + 3, close + 19, 1 if evening else 2, shade, 2.1)
    for side in (-1, 1):
        flap_pocket(canvas, side * 27, 146, 19, cloth, tilt=side * -0.8)
        x, y = side * (cut.tip[0] + cut.way[0] * 131 - 2), cut.tip[1] + cut.way[1] * 120
        for k in range(3):
            canvas.dot(x - side * k * 0.4, y + k * 4, 1.1, shade)
    canvas.line([(19, 88), (32, 85)], shaded(cloth.colour, 0.55), 1.5)
    if evening or die.random() < 0.3:
        square: Outline = [(20, 87, 1), (22, 80, 1), (25, 84), (27, 78, 1), (31, 84, 1)]
        canvas.patch(square, (244, 242, 238) if evening else look.scheme.accent)
    if evening and not look.women:
        bow_tie(canvas, cut.top + 15, (28, 27, 32))
