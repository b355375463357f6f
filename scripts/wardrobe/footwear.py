"""Shoes, boots and heels, drawn as a pair from the side. Imports canvas, cloth, curves, details, look."""

import random
from collections.abc import Callable

from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, Point
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, blend, brightness, ink, shaded

Shift = Callable[[list[tuple[float, ...]]], Outline]


def _pair(draw_one: Callable[[Shift, float], None], dx: float = 26, dy: float = -26) -> None:
    """Draws the far shoe, then the near one. Each is drawn in a frame of -80..80 by 0..130."""
    for ox, oy, scale, light in ((dx - 7, dy, 0.92, 0.86), (-dx * 0.45 - 5, -dy * 0.55, 0.98, 1.0)):

        def shift(points: list[tuple[float, ...]], ox: float = ox, oy: float = oy, scale: float = scale) -> Outline:
            return [(p[0] * scale + ox, (p[1] - 65) * scale + 118 + oy, *p[2:]) for p in points]

        draw_one(shift, light)


def shoes(canvas: Canvas, look: Look) -> None:
    """Canvas sneakers, chunky skate shoes, evening slippers, derbies or loafers, running shoes."""
    die = look.die()
    {
        "casual": _plimsoll, "street": _hightop, "dressy": _slipper, "smart": _derby, "sporty": _runner,
    }[look.style](canvas, look, die)  # fmt: skip


def _laces(canvas: Canvas, at: Shift, a: Point, b: Point, count: int, colour: RGB, reach: float = 9) -> None:
    for i in range(count):
        t = i / max(1, count - 1)
        x, y = a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
        p = at([(x - reach * 0.3, y + reach * 0.8), (x + reach * 0.75, y - reach * 0.25)])
        canvas.line([(q[0] + 0.4, q[1] + 0.8) for q in p], (70, 68, 70), 1.5)
        canvas.line(p, colour, 1.6)


def _upper_folds(at: Shift) -> list[Fold]:
    return [Fold(at([(34, 74), (40, 88)]), 0.5), Fold(at([(26, 72), (30, 84)]), 0.4), Fold(at([(-56, 60), (-50, 84)]), 0.3)]


def _plimsoll(canvas: Canvas, look: Look, die: random.Random) -> None:
    main = look.scheme.main
    slip_on = die.random() < 0.35
    cloth = Cloth(main, None, "linen")

    def one(at: Shift, light: float) -> None:
        c = cloth.plain(light)
        canvas.panel(at([(-52, 44), (-28, 42), (-12, 56), (-46, 60)]), c.inside(), cast=0, edge=0.2)
        upper = canvas.panel(at([(-64, 96, 1), (-64, 66), (-58, 44, 1), (-44, 54), (-22, 50, 1), (2, 64), (34, 74), (62, 82), (70, 96, 1)]),
                             c, folds=_upper_folds(at))  # fmt: skip
        if not slip_on:
            canvas.panel(at([(-26, 47), (-14, 44, 1), (14, 66), (6, 72), (-24, 54)]), c.plain(1.06), cast=0.2, round_by=2)
            _laces(canvas, at, (-18, 50), (10, 68), 5, (246, 244, 240))
        else:
            canvas.panel(at([(-16, 54, 1), (-2, 62, 1), (-6, 84, 1), (-22, 84, 1)]), c.plain(0.8), within=upper, cast=0.1, round_by=2)
        canvas.panel(at([(46, 78), (64, 82), (73, 98, 1), (40, 98, 1), (42, 86)]), Cloth(shaded((244, 242, 236), light)), cast=0.15, round_by=3)
        canvas.panel(at([(-66, 92, 1), (73, 92, 1), (76, 99), (71, 107, 1), (-65, 107, 1)]), Cloth(shaded((245, 243, 238), light)), cast=0.2, round_by=3)
        canvas.line(at([(-65, 100), (74, 100)]), shaded(look.scheme.accent, light), 1.1)
        canvas.line(at([(-62, 62), (-50, 62), (-46, 92)]), ink(c.colour, 0.3), 0.5, dash=1.4)

    _pair(one)


def _hightop(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    tall = die.random() < 0.55
    neck = 22 if tall else 44
    chunky = 8 if die.random() < 0.6 else 0
    overlay = s.second

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(s.main, light), None, "leather", 0.2)
        o = Cloth(shaded(overlay, light), None, "leather", 0.2)
        canvas.panel(at([(-56, neck + 2), (-30, neck - 6), (-18, neck + 6), (-40, neck + 14)]), c.inside(), cast=0)
        upper = canvas.panel(at([(-66, 96, 1), (-66, 62), (-60, neck, 1), (-40, neck + 7), (-22, neck - 2, 1), (-8, 54), (24, 68), (60, 76), (72, 96, 1)]),
                             c, folds=_upper_folds(at), edge=0.25)  # fmt: skip
        canvas.panel(at([(42, 70), (64, 76), (76, 97, 1), (34, 97, 1), (38, 82)]), o, within=upper, cast=0.1, round_by=3)
        canvas.panel(at([(-72, 70, 1), (-52, 66), (-40, 97, 1), (-72, 97, 1)]), o, within=upper, cast=0.1, round_by=3)
        canvas.panel(at([(-40, 76, 1), (16, 62, 1), (22, 70), (-36, 90, 1)]), o, within=upper, cast=0.15, round_by=2)
        canvas.panel(at([(-26, neck - 6), (-14, neck - 4, 1), (22, 62), (14, 70), (-22, neck + 12)]), c.plain(0.92), cast=0.25, round_by=2)
        _laces(canvas, at, (-17, neck + 4), (17, 64), 7 if tall else 5, shaded((245, 243, 238), light))
        sole = Cloth(shaded((240, 238, 230), light))
        low = 106 + chunky
        canvas.panel(at([(-69 - chunky / 2, 91, 1), (-20, 94), (72, 90, 1), (78, 97), (74, low, 1), (-68, low, 1)]), sole, cast=0.25, round_by=3)
        canvas.panel(at([(-68, low - 4, 1), (75, low - 4, 1), (72, low + 2, 1), (-66, low + 2, 1)]), Cloth(shaded(s.accent, light * 0.9)), cast=0, round_by=2)
        if tall:
            mark = at([(-47, 52)])[0]
            canvas.dot(mark[0], mark[1], 6.5, shaded(overlay, light))
            canvas.dot(mark[0], mark[1], 4.6, c.colour)
            canvas.dot(mark[0], mark[1], 2.4, shaded(s.accent, light))

    _pair(one)


def _leather(look: Look, die: random.Random) -> RGB:
    if look.women:
        return look.scheme.main
    brown = die.choice(((58, 38, 30), (96, 58, 36), (36, 33, 36), (124, 78, 46), (78, 30, 32)))
    return blend(brown, look.scheme.main, 0.25)


def _derby(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = _leather(look, die)
    loafer = die.random() < 0.5
    brogue = die.random() < 0.5

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, "leather", 0.55)
        canvas.panel(at([(-52, 46), (-26, 46), (-10, 58), (-44, 62)]), Cloth(shaded((196, 164, 124), light * 0.8)), cast=0)
        upper = canvas.panel(at([(-64, 98, 1), (-66, 70), (-58, 46, 1), (-44, 57), (-22, 54, 1), (0, 63), (34, 74), (66, 82), (76, 97, 1)]),
                             c, folds=_upper_folds(at), edge=0.3)  # fmt: skip
        seam = shaded(colour, 0.5 * light) if brightness(colour) > 60 else shaded(colour, 1.25)
        if loafer:
            canvas.panel(at([(-24, 53), (-8, 50), (40, 74), (38, 82), (8, 80), (-14, 66)]), c.plain(1.04), cast=0.2, round_by=3)
            canvas.panel(at([(-10, 55, 1), (4, 62, 1), (-2, 86, 1), (-18, 86, 1)]), c.plain(0.9), within=upper, cast=0.25, round_by=2)
            canvas.line(at([(-4, 66), (-8, 76)]), (206, 176, 104) if die.random() < 0.5 else seam, 1.6)
        else:
            canvas.panel(at([(-24, 51), (-12, 49, 1), (14, 66), (6, 80), (-26, 84), (-30, 62)]), c.plain(1.03), cast=0.2, round_by=3)
            _laces(canvas, at, (-14, 55), (8, 68), 4, shaded(colour, 0.6), 7)
            canvas.line(at([(44, 77), (37, 86), (40, 97)]), seam, 0.8)
            if brogue:
                canvas.line(at([(47, 78), (40, 87), (43, 97)]), seam, 0.9, dash=1.1)
                canvas.line(at([(-50, 62), (-40, 80), (-42, 97)]), seam, 0.9, dash=1.1)
        canvas.line(at([(-60, 70), (-48, 74), (-40, 97)]), seam, 0.6)
        canvas.panel(at([(-64, 96, 1), (-30, 99), (76, 95, 1), (79, 99), (74, 103, 1), (-20, 104, 1), (-24, 111, 1), (-65, 111, 1)]),
                     Cloth(shaded((52, 40, 34), light)), cast=0.2, round_by=2)  # fmt: skip

    _pair(one)


def _slipper(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    velvet = die.random() < 0.5
    ballet = look.women
    gold = (210, 178, 104)

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(s.main, light), None, "velvet" if velvet else "plain", 0.35 if velvet else 0.85)
        if ballet:
            canvas.panel(at([(-58, 66), (-20, 78), (40, 82), (10, 90), (-50, 90)]), Cloth(shaded((226, 202, 170), light)), cast=0)
            canvas.panel(at([(-66, 99, 1), (-67, 80), (-60, 64, 1), (-44, 80), (0, 88), (26, 85), (38, 78), (58, 82), (76, 98, 1)]), c, edge=0.3,
                         folds=[Fold(at([(48, 84), (54, 94)]), 0.4)])  # fmt: skip
            x, y = at([(40, 80)])[0][:2]
            for wing in ([(x, y), (x - 8, y - 6), (x - 10, y + 3)], [(x, y), (x + 8, y - 4), (x + 9, y + 5)]):
                canvas.panel([*wing], c.plain(0.85), cast=0.3, round_by=2)
            canvas.dot(x, y, 2.2, gold)
        else:
            canvas.panel(at([(-52, 50), (-26, 50), (-10, 60), (-44, 66)]), Cloth(shaded((150, 40, 52), light * 0.8), None, "plain", 0.4), cast=0)
            canvas.panel(at([(-64, 98, 1), (-66, 72), (-58, 50, 1), (-44, 62), (-24, 58), (-8, 50, 1), (30, 71), (66, 81), (77, 97, 1)]), c, edge=0.3,
                         folds=_upper_folds(at))  # fmt: skip
            x, y = at([(24, 80)])[0][:2]
            canvas.patch([(x, y - 7, 1), (x + 5, y, 1), (x, y + 7, 1), (x - 5, y, 1)], gold)
            canvas.dot(x, y, 2, shaded(s.main, light))
            canvas.line(at([(-58, 51), (-44, 63), (-24, 59), (-8, 51)]), gold, 0.9)
        canvas.panel(at([(-66, 97, 1), (76, 96, 1), (78, 100), (72, 103, 1), (-26, 104, 1), (-28, 109, 1), (-66, 109, 1)]),
                     Cloth(shaded((40, 34, 36), light)), cast=0.2, round_by=2)  # fmt: skip

    _pair(one)


def _runner(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    stripes = die.randrange(3)

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(s.main, light), None, "mesh", 0.15)
        o = Cloth(shaded(s.second, light), None, "plain", 0.3)
        canvas.panel(at([(-56, 44), (-30, 44), (-14, 56), (-44, 62)]), c.inside(), cast=0)
        upper = canvas.panel(at([(-66, 92, 1), (-70, 66), (-64, 40, 1), (-48, 54), (-22, 48, 1), (2, 62), (34, 72), (64, 80), (76, 92, 1)]),
                             c, folds=_upper_folds(at))  # fmt: skip
        canvas.panel(at([(-74, 40, 1), (-56, 50), (-50, 70), (-40, 95, 1), (-74, 95, 1)]), o, within=upper, cast=0.1, round_by=3)
        canvas.panel(at([(52, 74), (80, 84), (80, 95, 1), (44, 95, 1), (46, 84)]), o, within=upper, cast=0.1, round_by=3)
        accent = shaded(s.accent, light)
        if stripes == 0:
            for k in range(2):
                canvas.patch(at([(-28 + k * 20, 94, 1), (-12 + k * 20, 62, 1), (-4 + k * 20, 62, 1), (-20 + k * 20, 94, 1)]), accent, upper)
        elif stripes == 1:
            for k in range(3):
                x, y = -28 + k * 20, 76 + k * 2
                canvas.patch(at([(x, y, 1), (x + 8, y - 8, 1), (x + 16, y, 1), (x + 8, y + 8, 1)]), accent, upper)
        else:
            canvas.patch(at([(-34, 66, 1), (18, 82, 1), (-34, 90, 1), (-8, 80, 1)]), accent, upper)
        canvas.panel(at([(-28, 45), (-14, 42, 1), (16, 64), (8, 72), (-24, 56)]), c.plain(0.9), cast=0.2, round_by=2)
        _laces(canvas, at, (-18, 50), (11, 67), 5, shaded(s.second, light))
        canvas.panel(at([(-74, 88, 1), (-40, 92), (20, 88), (74, 86, 1), (82, 93), (76, 104), (20, 108), (-70, 109), (-78, 100)]),
                     Cloth(shaded((246, 246, 246), light)), cast=0.25, round_by=4, edge=0.28)  # fmt: skip
        canvas.panel(at([(-72, 104, 1), (0, 105), (76, 99, 1), (70, 108), (-68, 112, 1)]), Cloth(shaded(s.accent, light * 0.95)), cast=0.1, round_by=2)
        canvas.line(at([(-70, 98), (-30, 101), (30, 96)]), shaded(s.second, light), 1.0)

    _pair(one)


def boots(canvas: Canvas, look: Look) -> None:
    """Chelsea or lace-up boots, combat boots, heeled ankle boots or slim leather ones."""
    die = look.die()
    if look.style == "street":
        _combat(canvas, look, die)
    elif look.women and look.style in ("dressy", "smart"):
        _heeled_boot(canvas, look, die)
    else:
        _chelsea(canvas, look, die)


def _combat(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = look.scheme.main
    platform = die.choice((4, 12))
    stitching = blend(look.scheme.accent, (230, 196, 90), 0.5)

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, "leather", 0.65)
        canvas.panel(at([(-52, 4), (-26, -2), (-12, 6), (-40, 14)]), c.inside(), cast=0)
        folds = [*_upper_folds(at), Fold(at([(-58, 54), (-30, 62)]), 0.6), Fold(at([(-56, 66), (-30, 70)]), 0.5)]
        canvas.panel(at([(-62, 96, 1), (-62, 66), (-56, 40), (-58, 2, 1), (-36, 7), (-14, 0, 1), (-12, 40), (2, 58), (40, 66), (68, 78), (74, 96, 1)]),
                     c, folds=folds, edge=0.3)  # fmt: skip
        canvas.panel(at([(-24, -1, 1), (-10, 2, 1), (-8, 42), (12, 62), (2, 70), (-22, 48)]), c.plain(0.9), cast=0.25, round_by=2)
        _laces(canvas, at, (-17, 8), (-14, 42), 5, shaded((226, 222, 212), light), 9)
        _laces(canvas, at, (-10, 50), (5, 62), 2, shaded((226, 222, 212), light), 9)
        low = 106 + platform
        canvas.panel(at([(-66, 93, 1), (74, 92, 1), (79, 98), (76, low, 1), (-2, low, 1), (-6, low - 5, 1), (-18, low - 5, 1), (-22, low, 1), (-66, low, 1)]),
                     Cloth(shaded((48, 46, 50), light)), cast=0.25, round_by=3)  # fmt: skip
        for k in range(12):
            canvas.line(at([(-60 + k * 11.6, low - 6), (-60 + k * 11.6, low)]), (24, 23, 26), 1.6)
        canvas.line(at([(-64, 95.5), (75, 94.5)]), stitching, 0.9, dash=1.8)

    _pair(one, 22, -16)


def _chelsea(canvas: Canvas, look: Look, die: random.Random) -> None:
    base = die.choice(((132, 92, 58), (86, 58, 42), (52, 48, 50), (170, 130, 88), (104, 66, 44)))
    colour = blend(base, look.scheme.main, 0.45)
    laced = look.style == "casual" and die.random() < 0.5
    gloss = {"casual": 0.1, "smart": 0.55, "dressy": 0.85}.get(look.style, 0.3)
    pointed = 6 if look.style in ("smart", "dressy") else 0
    heel = 6 if look.style == "dressy" else 0

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, "leather" if gloss > 0.3 else "velvet", gloss)
        canvas.panel(at([(-54, 16), (-28, 12), (-12, 18), (-40, 26)]), c.inside(), cast=0)
        upper = canvas.panel(at([(-62, 97, 1), (-64, 70), (-56, 46), (-58, 14, 1), (-36, 19), (-12, 13, 1), (-12, 44), (4, 62), (40, 72),
                                 (64 + pointed, 84), (72 + pointed, 97, 1)]), c,
                             folds=[*_upper_folds(at), Fold(at([(-14, 50), (-28, 58)]), 0.5)], edge=0.3)  # fmt: skip
        if laced:
            canvas.panel(at([(-24, 11, 1), (-8, 14, 1), (-8, 44), (12, 64), (2, 74), (-24, 50)]), c.plain(0.9), cast=0.2, round_by=2)
            _laces(canvas, at, (-17, 20), (-13, 46), 4, shaded((214, 178, 120), light), 9)
            _laces(canvas, at, (-8, 54), (6, 66), 2, shaded((214, 178, 120), light), 9)
        else:
            gore = at([(-50, 10, 1), (-26, 10, 1), (-30, 50), (-36, 58), (-42, 50)])
            canvas.panel(gore, Cloth(shaded(colour, 0.55 * light), None, "rib"), within=upper, cast=0.05, round_by=2)
            canvas.line(at([(-58, 15), (-62, 8), (-60, 3), (-56, 8), (-56, 15)]), shaded(colour, 0.6 * light), 1.2)
        if look.style == "dressy":
            canvas.line(at([(-34, 74), (-20, 68), (2, 78)]), (208, 178, 108), 1.4)
        sole = (60, 46, 36) if look.style != "casual" else (206, 176, 132)
        if look.style == "casual":
            canvas.panel(at([(-66, 93, 1), (74, 93, 1), (79, 99), (74, 110, 1), (-66, 110, 1)]), Cloth(shaded(sole, light)), cast=0.2, round_by=3)
        else:
            canvas.panel(at([(-64, 95, 1), (-30, 98), (72 + pointed, 95, 1), (76 + pointed, 99), (70, 103, 1), (-20, 104, 1), (-24, 112 + heel, 1),
                             (-63, 112 + heel, 1)]), Cloth(shaded(sole, light)), cast=0.2, round_by=2)  # fmt: skip

    _pair(one, 22, -18)


def _heeled_boot(canvas: Canvas, look: Look, die: random.Random) -> None:
    tall = die.random() < 0.45
    top = -24.0 if tall else 22.0
    dressy = look.style == "dressy"
    gloss, surface = (0.85, "plain") if dressy else (0.45, "leather")
    if dressy and die.random() < 0.4:
        gloss, surface = 0.3, "velvet"
    block = 0.0 if dressy else 8.0

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(look.scheme.main, light), None, surface, gloss)
        canvas.panel(at([(-58, 74, 1), (-40 + block, 82, 1), (-50 + block, 112, 1), (-56 - block * 0.2, 112, 1)]), Cloth(shaded((44, 38, 40), light)), round_by=2)
        canvas.panel(at([(-52, top + 2), (-30, top - 4), (-12, top + 2), (-36, top + 10)]), c.inside(), cast=0)
        calf = -60.0 if tall else -56.0
        outline: list[tuple[float, ...]] = [(-60, 82, 1), (-62, 62), (-52, 44), (calf, top, 1), (-34, top + 5), (-8 if tall else -12, top, 1), (-14, 38), (4, 62), (36, 86),
                   (66, 100), (80, 110, 1), (40, 112), (14, 106), (-16, 90), (-40, 84)]  # fmt: skip
        canvas.panel(at(outline), c, edge=0.3, folds=[Fold(at([(-20, 46), (-40, 56)]), 0.5), Fold(at([(-18, 56), (-38, 64)]), 0.4),
                     Fold(at([(-30, top + 16), (-34, 36)]), 0.45, 4)])  # fmt: skip
        canvas.line(at([(-38, top + 10), (-40, 50)]), (200, 184, 140) if dressy else shaded(c.colour, 0.5), 1.0, dash=0.9)
        canvas.line(at([(-40, 85), (-16, 91), (14, 107), (40, 113), (80, 111)]), shaded((44, 36, 38), light), 1.6)
        if not dressy:
            canvas.line(at([(-58, 60), (-36, 64), (-8, 54)]), shaded(c.colour, 0.55), 1.6)
            canvas.dot(*at([(-36, 64)])[0][:2], 2.2, (206, 176, 104))

    _pair(one, 22, -14 if tall else -18)


def heels(canvas: Canvas, look: Look) -> None:
    """Pumps for the office; strappy, bowed or glittering ones for the evening."""
    die, s = look.die(), look.scheme
    dressy = look.style == "dressy"
    kind = die.randrange(3) if dressy else 3
    colour = s.main
    surface, gloss = ("sequin", 0.6) if kind == 1 else ("plain", 0.8 if dressy else 0.4)
    height = 42.0 if dressy else die.choice((24.0, 32.0))
    wide = 1.0 if dressy else die.choice((1.0, 2.8))

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, surface, gloss)
        low = 112.0
        h = low - height - 10
        nude = Cloth(shaded((226, 196, 164), light))
        canvas.panel(at([(-60, h - 2, 1), (-44 + wide * 2, h + 8, 1), (-50 + wide * 3, low, 1), (-54 - wide, low, 1), (-58, h + 18)]), c.plain(0.8), round_by=2)
        canvas.panel(at([(-62, h), (-30, h + 10), (10, low - 12), (46, low - 5), (72, low - 5, 1), (66, low - 1), (34, low), (4, low - 5), (-34, h + 17), (-58, h + 8)]),
                     nude, cast=0.15, round_by=2)  # fmt: skip
        if kind == 0:
            for a, b in (((20, low - 4), (44, low - 20)), ((34, low - 2), (56, low - 16))):
                band: list[tuple[float, ...]] = [(a[0] - 6, a[1], 1), (a[0], a[1] - 14), (b[0], b[1]), (b[0] + 14, low - 4, 1), (b[0] + 6, low - 3, 1), (b[0] - 2, b[1] + 7), (a[0] + 4, a[1] - 6)]
                canvas.panel(at(band), c, cast=0.25, round_by=2)
            canvas.panel(at([(-64, h + 6, 1), (-64, h - 12), (-54, h - 14, 1), (-46, h + 8, 1)]), c, round_by=2)
            canvas.line(at([(-60, h - 12), (-40, h - 20), (-26, h - 8), (-34, h - 2), (-58, h - 9)]), c.colour, 2.6)
            canvas.dot(*at([(-27, h - 9)])[0][:2], 1.8, (214, 184, 112))
        else:
            canvas.panel(at([(-64, h + 8, 1), (-66, h - 8), (-58, h - 22, 1), (-46, h - 4), (-24, h + 8), (12, low - 20), (28, low - 22), (52, low - 17), (80, low - 3, 1),
                             (50, low), (20, low - 2), (-14, h + 26), (-40, h + 13)]), c, edge=0.3,
                         folds=[Fold(at([(-50, h - 2), (-20, h + 14)]), 0.35), Fold(at([(40, low - 14), (60, low - 8)]), 0.5)])  # fmt: skip
            if kind == 2:
                x, y = at([(34, low - 20)])[0][:2]
                for wing in ([(x, y), (x - 11, y - 9), (x - 13, y + 3)], [(x, y), (x + 10, y - 8), (x + 13, y + 4)]):
                    canvas.panel([*wing], c.plain(0.9), cast=0.3, round_by=2)
                canvas.dot(x, y, 2.6, (214, 190, 130))
            elif kind == 1:
                canvas.line(at([(-58, h - 20), (-40, h - 30), (-22, h - 14), (-30, h - 6), (-56, h - 14)]), c.colour, 2.0)
        canvas.line(at([(-54, h + 14), (-34, h + 19), (4, low - 3), (34, low + 1.5), (76, low - 1)]), shaded((52, 40, 40), light), 1.3)

    _pair(one, 20, -26)


def under(panel: Panel) -> int:
    """The lowest row of a panel's box, in pixels at four times the size."""
    return panel.box[3]
