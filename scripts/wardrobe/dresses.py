"""Dresses. Imports skirts, body, details and what they stand on."""

import random
from dataclasses import replace

from scripts.wardrobe.body import Cut, body_folds, lay_back, lay_sleeves, mirrored_line, neckline, rib_neck
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.collars import collar
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.details import buttons, drawstrings, emblem, graphic, label, zip_line
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, ink, shaded
from scripts.wardrobe.skirts import drapes, pleated, skirt_shape
from scripts.wardrobe.tops import printable


def dress(canvas: Canvas, look: Look) -> None:
    """A dress: easy shirt or tiered, hoodie or tee, gown or wrap, sheath, or tennis."""
    {
        "casual": _day,
        "street": _loose,
        "dressy": _gown,
        "smart": _sheath,
        "sporty": _tennis,
    }[look.style](canvas, look, look.die())


_TOP = Cut(shoulder=33, chest=33, waist=26, hem=25, top=18, slope=6, armpit=54, length=92, neck=15, depth=14)


def _front(cut: Cut, low: float, hem: float, hip: float = 0.0, wave: int = 0) -> Outline:
    """Bodice and skirt in one outline; the waist is where the cut's length ends."""
    tip = cut.tip
    half: Outline = [
        *neckline(cut),
        (tip[0] - 1, tip[1], 1),
        (tip[0] - 3, tip[1] + (cut.armpit - tip[1]) * 0.6),
        (cut.chest, cut.armpit, 1),
        (cut.hem, cut.length),
    ]
    half.append(
        (hip or (cut.hem * 1.4 + hem) / 2.4, cut.length + (low - cut.length) * (0.32 if hip else 0.45))
    )
    half.append((hem, low - 3, 1))
    for i in range(1, wave):
        half.append((hem * (1 - i / wave), low + (2.2 if i % 2 else -1.4)))
    if not wave:
        half.append((hem * 0.5, low + 1))
    half.append((0, low + 2))
    return mirrored(half)


def _day(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("drape")
    shirt_dress = die.random() < 0.5
    low, hem = die.choice(((158.0, 50.0), (190.0, 58.0)))
    cut = replace(
        _TOP,
        sleeve=die.choice((26, 78)),
        spread=24,
        cuff=18,
        depth=12 if shirt_dress else 18,
        hem=27,
        neckline="v" if shirt_dress else "scoop",
    )
    if cut.sleeve > 50:
        cut = replace(cut, spread=14, cuff=12)
    lay_back(canvas, cut, cloth)
    lay_sleeves(canvas, cut, cloth, die)
    folds = [*body_folds(cut, die, 0.5), *drapes(94, 26, low, hem, die, 7, 0.5)]
    body = canvas.panel(_front(cut, low, hem), cloth, folds=folds)
    if shirt_dress:
        canvas.line([(2.4, 34), (2.4, low)], ink(cloth.colour, 0.4), 0.7)
        buttons(canvas, 0, 38, low - 24, 8, (236, 228, 210))
        collar(canvas, cut, cloth, long=13)
        canvas.panel(
            mirrored([(0, 89), (26, 88, 1), (26.5, 94, 1), (0, 95)]), cloth.plain(0.85), cast=0.25, round_by=2
        )
        canvas.line([(-6, 93), (-9, 112), (-7, 124)], shaded(cloth.colour, 0.6), 1.6)
    else:
        rib_neck(canvas, cut, cloth.plain(0.92), 2.6)
        for k in (0.32, 0.66):
            y = 92 + (low - 92) * k
            w = hem
            canvas.line(
                mirrored_line([(0, y + 2), (w * 0.5, y + 1.4), (w + 1, y - 1)]),
                shaded(cloth.colour, 0.66),
                0.8,
                within=body,
            )
        canvas.line(mirrored_line([(0, 93), (26.5, 92)]), shaded(cloth.colour, 0.66), 0.8)


def _loose(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("jersey")
    hooded = die.random() < 0.45
    cut = replace(
        _TOP,
        shoulder=44,
        chest=43,
        hem=43,
        waist=43,
        armpit=66,
        top=22 if not hooded else 36,
        slope=9,
        sleeve=100 if hooded else 34,
        spread=13 if hooded else 20,
        cuff=15 if hooded else 28,
        depth=11,
        length=110,
    )
    if hooded:
        cut = replace(cut, neck=19, depth=20, armpit=78)
        canvas.panel(mirrored([(0, 14), (16, 17), (23, 30), (23, 44), (0, 62)]), cloth)
        canvas.panel(mirrored([(0, 20), (12, 23), (17, 34), (14, 50), (0, 64)]), cloth.inside(), cast=0)
    else:
        lay_back(canvas, cut, cloth)
    lay_sleeves(canvas, cut, cloth, die)
    low = 176.0
    body = canvas.panel(
        _front(cut, low, 47), cloth, folds=[*body_folds(cut, die), *drapes(100, 40, low, 46, die, 4, 0.35)]
    )
    rib_neck(canvas, cut, cloth.plain(0.92), 4.5)
    if hooded:
        drawstrings(canvas, 7, cut.top + cut.depth + 4, 26, look.scheme.second)
        pocket = mirrored([(0, 122, 1), (15, 122, 1), (27, 140, 1), (29, 154, 1), (0, 154)])
        canvas.panel(pocket, cloth, cast=0.22, edge=0.1, round_by=3)
    if cloth.print_ is None:
        graphic(canvas, die, 0, 90 if not hooded else 98, 24 if not hooded else 18, printable(look), body)
    else:
        label(
            canvas,
            die.choice(("ECHO", "STATIC", "ORBIT")),
            84 if not hooded else 100,
            44,
            look.scheme.main,
            body,
        )
    canvas.line(mirrored_line([(0, low - 2), (46, low - 6)]), ink(cloth.colour, 0.3), 0.5, dash=1.6)


def _gown(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("drape")
    if cloth.texture == "linen":
        cloth = cloth.shiny(0.5)
    low, hem = die.choice(((206.0, 58.0), (206.0, 44.0), (150.0, 64.0), (176.0, 66.0)))
    strapless = die.random() < 0.5
    sash = cloth.plain(0.82).shiny(0.5)
    folds = drapes(92, 22, low, hem, die, 10, 0.62)
    if strapless:
        for side in (-1, 1):
            canvas.line([(side * 20, 48), (side * 17, 30), (side * 12, 16)], ink(cloth.colour, 0.15), 1.7)
        canvas.panel(mirrored([(0, 56), (20, 52), (28, 60, 1), (0, 74)]), cloth.inside(), cast=0)
        half: Outline = [
            (0, 60, 1),
            (12, 49),
            (20, 45, 1),
            (25, 52),
            (30, 60, 1),
            (24, 92),
            ((34 + hem) / 2.1, 92 + (low - 92) * 0.45),
            (hem, low - 3, 1),
        ]
        for i in range(1, 5):
            half.append((hem * (1 - i / 5), low + (2.4 if i % 2 else -1.6)))
        half.append((0, low + 2))
        folds += [Fold([(-18, 60 + k * 8), (0, 70 + k * 8), (18, 60 + k * 8)], 0.35) for k in range(3)]
        body = canvas.panel(mirrored(half), cloth, folds=folds)
    else:
        cut = replace(
            _TOP,
            neckline="v",
            depth=36,
            neck=17,
            sleeve=die.choice((20, 72)),
            spread=26,
            cuff=16,
            puff=4,
            hem=24,
        )
        if cut.sleeve > 50:
            cut = replace(cut, spread=17, cuff=13, puff=6)
        lay_back(canvas, cut, cloth, tag=False)
        lay_sleeves(canvas, cut, cloth, die)
        body = canvas.panel(_front(cut, low, hem, wave=5), cloth, folds=[*folds, *body_folds(cut, die, 0.5)])
        canvas.line([(-17, 19), (-6, 44), (8, 64), (22, 90)], shaded(cloth.colour, 0.6), 1.0)
    canvas.panel(mirrored([(0, 87), (24.5, 86, 1), (25, 95, 1), (0, 97)]), sash, cast=0.25, round_by=3)
    if die.random() < 0.5:
        bow(canvas, sash, 8, 92)
    if low < 180 and die.random() < 0.5:
        ruffle_hem(canvas, cloth, low, hem, body)


def bow(canvas: Canvas, cloth: Cloth, x: float, y: float) -> None:
    """A small bow with two tails."""
    for flip in (1, -1):
        tail: Outline = [(0, 0), (4, 8), (flip * 2 + 6, 36, 1), (0, 38, 1), (-2, 12)]
        loop: Outline = [(0, 0), (8, -7), (15, -3), (13, 5)]
        for shape in (tail, loop):
            points = shape if flip > 0 else flipped(shape)
            canvas.panel([(p[0] + x, p[1] + y, *p[2:]) for p in points], cloth, cast=0.3, round_by=2.5)
    canvas.dot(x, y, 2.6, shaded(cloth.colour, 0.85))


def ruffle_hem(canvas: Canvas, cloth: Cloth, low: float, hem: float, body: Panel) -> None:
    """The seam of a flounce above the hem."""
    tone: RGB = shaded(cloth.colour, 0.62)
    y = low - 22
    canvas.line(mirrored_line([(0, y + 2), (hem * 0.5, y), (hem - 4, y - 4)]), tone, 1.0, within=body)
    for i in range(-6, 7):
        canvas.line(
            [(i * hem / 7.5, y + 2 - abs(i) * 0.6), (i * hem / 7.2, y + 13 - abs(i) * 0.6)], tone, 0.5
        )


def _sheath(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("drape")
    low = die.choice((166.0, 178.0))
    cut = replace(
        _TOP,
        neckline=die.choice(("square", "boat", "v")),
        depth=14,
        sleeve=die.choice((0, 30, 84)),
        spread=15,
        cuff=15,
        hem=27,
        chest=33,
        shoulder=34,
    )
    if cut.sleeve > 50:
        cut = replace(cut, cuff=11, spread=12)
    if cut.sleeve == 0:
        cut = replace(cut, shoulder=29)
    lay_back(canvas, cut, cloth)
    if cut.sleeve:
        lay_sleeves(canvas, cut, cloth, die)
    canvas.panel(
        _front(cut, low, 33, hip=38),
        cloth,
        folds=[
            *body_folds(cut, die, 0.4),
            Fold([(-34, 126), (-20, 122)], 0.25),
            Fold([(34, 126), (20, 122)], 0.25),
        ],
    )
    for side in (-1, 1):
        canvas.line([(side * 17, 56), (side * 13, 92), (side * 17, 124)], shaded(cloth.colour, 0.62), 0.7)
    canvas.line([(10, low - 30), (10, low + 1)], shaded(cloth.colour, 0.5), 1.0)
    rib_neck(canvas, cut, cloth.plain(0.9), 1.8)
    kind = die.randrange(3)
    if kind < 2:
        leather = Cloth(shaded((112, 70, 46), die.uniform(0.4, 1.1)), None, "leather", 0.4)
        canvas.panel(mirrored([(0, 89), (27, 87, 1), (27.5, 94, 1), (0, 96)]), leather, cast=0.25, round_by=2)
        canvas.line([(-4, 89), (4, 89), (4, 96.4), (-4, 96.4), (-4, 89)], (206, 180, 116), 1.2)
    if kind == 2:
        for side in (-1, 1):
            buttons(canvas, side * 9, 62, 100, 4, (208, 178, 108), 1.6)


def _tennis(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("drape")
    polo_neck = die.random() < 0.5
    cut = replace(
        _TOP,
        shoulder=26,
        neck=14,
        depth=20,
        neckline="v" if polo_neck else "scoop",
        hem=26,
        top=30,
        armpit=68,
        length=104,
    )
    low, hem = 168.0, 56.0
    lay_back(canvas, cut, cloth, tag=False)
    canvas.panel(skirt_shape(104, 26, low, hem), cloth.plain(0.9), cast=0)
    pleated(canvas, cloth, 102, 26.5, low, hem)
    half: Outline = [
        *neckline(cut),
        (cut.tip[0], cut.tip[1], 1),
        (22, 56),
        (cut.chest - 1, cut.armpit, 1),
        (27, 104),
        (28, 112, 1),
        (0, 114),
    ]
    body = canvas.panel(mirrored(half), cloth, folds=body_folds(replace(cut, length=110), die, 0.6), cast=0.2)
    for flip in (1, -1):
        side: Outline = [(flip * 36, 64, 1), (flip * 25, 76), (flip * 20, 116, 1), (flip * 32, 116, 1)]
        canvas.patch(side, s.second, body)
    canvas.line(mirrored_line([(0, low - 3), (hem * 0.5, low - 4), (hem - 2, low - 9)]), s.second, 2.2)
    if polo_neck:
        zip_line(canvas, [(0, cut.top + 18), (0, cut.top + 46)], s.second)
        collar(canvas, cut, cloth.of(s.second), long=11)
    else:
        rib_neck(canvas, cut, cloth.of(s.second), 2.6)
    emblem(canvas, die, 13, 66, 3.8, s.accent, body)
