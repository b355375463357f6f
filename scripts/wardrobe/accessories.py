"""Bags and hats. Imports canvas, cloth, curves, details and look."""

import random

from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, box, circle, flipped, mirrored
from scripts.wardrobe.details import button, emblem, graphic, lettering, zip_line
from scripts.wardrobe.body import mirrored_line, stitch
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, blend, ink, shaded
from scripts.wardrobe.patterns import PATTERNS
from scripts.wardrobe.tops import printable

GOLD: RGB = (208, 176, 104)


def _strap(canvas: Canvas, path: Outline, cloth: Cloth, width: float) -> None:
    """A band that follows `path`."""
    canvas.line(path, shaded(cloth.colour, 0.5), width + 0.9)
    canvas.line(path, cloth.colour, width)
    canvas.line([(p[0] - width * 0.16, p[1] - width * 0.16) for p in path], shaded(cloth.colour, 1.12), width * 0.3)


def bag(canvas: Canvas, look: Look) -> None:
    """A tote or backpack, messenger, clutch, briefcase or structured handbag, or gym bag."""
    die = look.die()
    {
        "casual": _tote, "street": _backpack, "dressy": _clutch, "smart": _satchel, "sporty": _duffel,
    }[look.style](canvas, look, die)  # fmt: skip


def _tote(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("drape")
    leather = Cloth((152, 106, 68), None, "leather", 0.2)
    for side, rise in ((0, 22.0), (1, 30.0)):
        tone = leather if die.random() < 0.5 else cloth.plain(0.85)
        _strap(canvas, [(-30, 92), (-27, rise + 24), (0, rise), (27, rise + 24), (30, 92)], tone.plain(0.8 + 0.2 * side), 5.5)
    half: Outline = [(0, 80, 1), (56, 78, 1), (61, 130), (62, 186), (54, 196), (0, 198)]
    body = canvas.panel(mirrored(half), cloth, folds=[Fold([(-40, 82), (-46, 130), (-44, 190)], 0.4, 4), Fold([(38, 84), (44, 150)], 0.4, 4),
                        Fold([(-10, 192), (10, 160)], 0.25, 4)], round_by=8, edge=0.25)  # fmt: skip
    canvas.line(mirrored_line([(0, 87), (57, 85)]), ink(cloth.colour, 0.3), 0.5, dash=1.8)
    for side in (-1, 1):
        canvas.panel([(side * 30 - 4, 80, 1), (side * 30 + 4, 80, 1), (side * 30 + 4, 100, 1), (side * 30 - 4, 100, 1)], leather, cast=0.2, round_by=1.5)
    if cloth.print_ is None:
        if die.random() < 0.5:
            canvas.panel(mirrored([(0, 118, 1), (30, 118, 1), (30, 168, 1), (0, 170)]), cloth.plain(0.97), cast=0.2, round_by=3)
            stitch(canvas, mirrored_line([(0, 122), (28, 122)]), cloth.colour)
        else:
            canvas.panel(mirrored([(0, 160, 1), (66, 158, 1), (66, 205, 1), (0, 205)]), cloth.of(s.second), within=body, cast=0.05)


def _backpack(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("outer").shiny(0.25)
    _strap(canvas, [(-12, 34), (-8, 16), (8, 16), (12, 34)], cloth.plain(0.8), 5)
    for side in (-1, 1):
        _strap(canvas, [(side * 40, 60), (side * 62, 96), (side * 60, 150), (side * 46, 184)], cloth.plain(0.75), 8)
    body = canvas.panel(mirrored([(0, 26), (32, 30), (49, 54), (54, 120), (53, 186), (42, 198), (0, 200)]), cloth, edge=0.3, round_by=8,
                        folds=[Fold([(-40, 60), (-44, 110)], 0.4, 4), Fold([(40, 60), (46, 120)], 0.4, 4)])  # fmt: skip
    zip_line(canvas, mirrored_line([(0, 44), (30, 50), (41, 80), (43, 104)]), cloth.colour)
    pocket = canvas.panel(mirrored([(0, 118), (36, 120), (42, 130), (42, 182), (32, 190), (0, 190)]), cloth.plain(0.93), cast=0.3, edge=0.25)
    zip_line(canvas, [(-34, 130), (34, 130)], cloth.colour)
    if cloth.print_ is None or die.random() < 0.4:
        graphic(canvas, die, 0, 82, 20, printable(look), body)
    lettering(canvas, die.choice(("NULLSET", "K9", "LOW TIDE", "HALFTONE")), 0, 160, 44, s.second, pocket)
    for side in (-1, 1):
        canvas.panel([(side * 30 - 3.4, 60, 1), (side * 30 + 3.4, 60, 1), (side * 31 + 3.4, 116, 1), (side * 31 - 3.4, 116, 1)], cloth.of(s.second), cast=0.2, round_by=1.5)
        canvas.patch(box(side * 30.5 - 4.5, 98, side * 30.5 + 4.5, 106), (40, 40, 44))


def _clutch(canvas: Canvas, look: Look, die: random.Random) -> None:
    if not look.women:
        _weekender(canvas, look, die)
        return
    cloth = look.fabric("drape")
    if cloth.texture in ("linen", "denim"):
        cloth = cloth.shiny(0.6)
    chain: Outline = [(-58, 112), (-50, 56), (0, 30), (50, 56), (58, 112)]
    if die.random() < 0.7:
        canvas.line(chain, (138, 112, 60), 2.2)
        canvas.line(chain, GOLD, 1.8, dash=2.4)
    top = die.choice((96.0, 104.0))
    canvas.panel(mirrored([(0, top), (62, top, 1), (68, 130), (66, 176), (56, 182), (0, 183)]), cloth, edge=0.3, round_by=7,
                 folds=[Fold([(-44, 150), (-38, 178)], 0.4, 3), Fold([(40, 152), (36, 178)], 0.4, 3)])  # fmt: skip
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


def _weekender(canvas: Canvas, look: Look, die: random.Random) -> None:
    """A man's evening bag: a slim velvet or patent portfolio with gilt corners."""
    cloth = Cloth(look.scheme.main, None, die.choice(("velvet", "plain")), 0.65)
    canvas.line([(-66, 120), (-84, 150), (-72, 182)], shaded(cloth.colour, 0.55), 4)
    canvas.line([(-66, 120), (-84, 150), (-72, 182)], cloth.colour, 3)
    canvas.panel(mirrored([(0, 72, 1), (72, 72, 1), (73, 120), (72, 170, 1), (0, 171)]), cloth, edge=0.25, round_by=7)
    canvas.panel(mirrored([(0, 71, 1), (73, 71, 1), (72, 96), (0, 122)]), cloth.plain(1.05), cast=0.35, edge=0.2)
    canvas.dot(0, 120, 4.6, GOLD)
    canvas.dot(0, 120, 2.2, shaded(GOLD, 0.6))
    for side in (-1, 1):
        canvas.patch([(side * 73, 171, 1), (side * 58, 171, 1), (side * 73, 156, 1)], GOLD)
    canvas.line(mirrored_line([(0, 119), (70, 94)]), shaded(GOLD, 0.9), 0.9)


def _satchel(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = look.scheme.main if look.women else blend((104, 70, 46), look.scheme.main, 0.4)
    cloth = Cloth(colour, None, "leather", 0.4)
    if look.women and die.random() < 0.6:
        for rise in (26.0, 34.0):
            _strap(canvas, [(-26, 92), (-24, rise + 22), (0, rise), (24, rise + 22), (26, 92)], cloth.plain(0.85), 5)
        canvas.panel(mirrored([(0, 84), (48, 82, 1), (66, 180), (60, 188), (0, 190)]), cloth, edge=0.25, round_by=7)
        canvas.line(mirrored_line([(0, 100), (51, 98)]), ink(colour, 0.3), 0.5, dash=1.8)
        for side in (-1, 1):
            canvas.line([(side * 34, 90), (side * 48, 186)], shaded(colour, 0.62), 0.8)
            canvas.panel([(side * 26 - 4, 84, 1), (side * 26 + 4, 84, 1), (side * 26 + 4, 104, 1), (side * 26 - 4, 104, 1)], cloth, cast=0.2, round_by=1.5)
            canvas.dot(side * 26, 100, 1.8, GOLD)
        canvas.patch(box(-9, 112, 9, 118), GOLD)
        return
    _strap(canvas, [(-18, 82), (-15, 62), (15, 62), (18, 82)], cloth.plain(0.8), 6)
    canvas.panel(mirrored([(0, 78), (68, 78, 1), (72, 130), (71, 184, 1), (0, 186)]), cloth, edge=0.25, round_by=7)
    canvas.panel(mirrored([(0, 77), (69, 77, 1), (72, 118), (64, 130), (0, 132)]), cloth.plain(1.04), cast=0.35, edge=0.2)
    canvas.line(mirrored_line([(0, 128), (62, 126), (69, 116)]), ink(colour, 0.35), 0.5, dash=1.8)
    for side in (-1, 1):
        canvas.panel([(side * 38 - 5, 84, 1), (side * 38 + 5, 84, 1), (side * 38 + 5, 150, 1), (side * 38, 155, 1), (side * 38 - 5, 150, 1)], cloth.plain(0.86), cast=0.3, round_by=2)
        canvas.line([(side * 38 - 6, 136), (side * 38 + 6, 136), (side * 38 + 6, 146), (side * 38 - 6, 146), (side * 38 - 6, 136)], GOLD, 1.3)


def _duffel(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = Cloth(s.main, None, "plain", 0.35)
    trim = cloth.of(s.second)
    backpack = die.random() < 0.35
    if backpack:
        _strap(canvas, [(-10, 32), (-7, 18), (7, 18), (10, 32)], trim, 5)
        body = canvas.panel(mirrored([(0, 26), (34, 34), (50, 70), (52, 150), (40, 196), (0, 200)]), cloth, edge=0.3, round_by=8)
        canvas.panel(mirrored([(0, 150), (60, 110, 1), (60, 215, 1), (0, 215)]), trim, within=body, cast=0.1)
        zip_line(canvas, mirrored_line([(0, 48), (30, 56), (40, 100)]), s.second)
        for side in (-1, 1):
            canvas.line([(side * 8, 84), (side * -14, 104), (side * 14, 122), (side * -10, 140)], s.accent, 1.2)
        emblem(canvas, die, 0, 172, 9, s.accent, body)
        return
    _strap(canvas, [(-34, 92), (-30, 60), (0, 46), (30, 60), (34, 92)], trim.plain(0.85), 6)
    body = canvas.panel(mirrored([(0, 82), (66, 84), (82, 104), (84, 140), (80, 174), (62, 184), (0, 186)]), cloth, edge=0.32, round_by=9,
                        folds=[Fold([(-50, 90), (-54, 130), (-52, 180)], 0.5, 4), Fold([(50, 92), (54, 180)], 0.5, 4)])  # fmt: skip
    for side in (-1, 1):
        canvas.panel([(side * 62, 70, 1), (side * 96, 70, 1), (side * 96, 200, 1), (side * 62, 200, 1)], trim, within=body, cast=0.05)
        canvas.panel([(side * 34 - 4.5, 84, 1), (side * 34 + 4.5, 84, 1), (side * 34 + 4.5, 200, 1), (side * 34 - 4.5, 200, 1)], trim, within=body, cast=0.15, round_by=2)
    zip_line(canvas, [(-58, 92), (58, 92)], cloth.colour)
    _strap(canvas, [(-34, 110), (-28, 72), (0, 60), (28, 72), (34, 110)], trim, 6)
    emblem(canvas, die, 0, 146, 13, s.accent if die.random() < 0.5 else s.second, body)


def hat(canvas: Canvas, look: Look) -> None:
    """A knitted beanie or straw hat, bucket or flat cap brim, fedora, or running cap."""
    die = look.die()
    if look.style == "casual":
        (_beanie if die.random() < 0.55 else _straw)(canvas, look, die)
    elif look.style == "street":
        (_bucket if die.random() < 0.5 else _snapback)(canvas, look, die)
    elif look.style in ("smart", "dressy"):
        _fedora(canvas, look, die)
    else:
        _cap(canvas, look, die)


def _beanie(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("knit")
    if die.random() < 0.6:
        canvas.panel(circle(0, 42, 17), Cloth(blend(look.scheme.second, (240, 236, 228), 0.3), None, "fleece"), edge=0.4, line=0.75)
    canvas.panel(mirrored([(0, 48), (30, 54), (56, 84), (62, 136, 1), (0, 142)]), cloth, edge=0.3, round_by=9,
                 folds=[Fold([(x * 0.3, 56), (x * 0.85, 90), (x, 138)], 0.4, 3) for x in (-44, -22, 0, 22, 44)])  # fmt: skip
    canvas.panel(mirrored([(0, 134), (62, 128), (66, 140), (64, 168), (58, 172), (0, 178)]), cloth.of(shaded(cloth.colour, 0.94), "rib"), cast=0.35, edge=0.3)
    canvas.patch(box(26, 148, 42, 158), (150, 106, 66))


def _straw(canvas: Canvas, look: Look, die: random.Random) -> None:
    straw = Cloth(blend((222, 192, 140), look.scheme.main, 0.15), None, "tweed")
    canvas.panel(mirrored([(0, 132), (50, 134), (88, 150), (80, 166), (40, 174), (0, 176)]), straw, edge=0.3, round_by=5)
    canvas.panel(mirrored([(0, 62), (30, 64), (44, 86), (50, 146, 1), (0, 156)]), straw, cast=0.35, edge=0.3, round_by=8)
    canvas.panel(mirrored([(0, 136), (48, 128, 1), (50, 144, 1), (0, 154)]), Cloth(look.scheme.main), cast=0.2, edge=0.25)


def _bucket(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("jersey")
    canvas.panel(mirrored([(0, 64), (34, 66), (44, 78), (54, 130, 1), (0, 138)]), cloth, edge=0.3, round_by=8)
    canvas.line(mirrored_line([(0, 70), (34, 72), (43, 80)]), ink(cloth.colour, 0.35), 0.6)
    canvas.panel(mirrored([(0, 132), (54, 124, 1), (78, 158), (72, 164), (0, 178)]), cloth, cast=0.35, edge=0.25)
    for k in range(1, 5):
        canvas.line(mirrored_line([(0, 132 + k * 9.5), (54 + k * 4.6, 124 + k * 7.4)]), ink(cloth.colour, 0.25), 0.4, dash=1.6)
    patch = canvas.panel(box(-17, 92, 17, 112), Cloth(look.scheme.second), cast=0.2, edge=0.1)
    lettering(canvas, die.choice(("LOUD", "07", "ECHO")), 0, 102, 24, look.scheme.main, patch)


def _crown(canvas: Canvas, cloth: Cloth, front: Cloth) -> Panel:
    crown = canvas.panel([(-62, 138, 1), (-60, 96), (-36, 66), (0, 58), (34, 68), (50, 100), (52, 138, 1), (0, 142)], cloth, edge=0.3, round_by=9)
    canvas.panel([(-4, 58, 1), (34, 66), (60, 90, 1), (60, 150, 1), (4, 150, 1), (-2, 100)], front, within=crown, cast=0.05, edge=0.15)
    canvas.line([(0, 59), (-20, 92), (-24, 140)], ink(cloth.colour, 0.35), 0.6)
    canvas.line([(0, 59), (18, 90), (24, 140)], ink(front.colour, 0.35), 0.6)
    canvas.panel(circle(0, 58, 5, 3), front, cast=0.1, round_by=1)
    for x, y in ((-40, 92), (-8, 84), (34, 92)):
        canvas.dot(x, y, 1.6, ink(cloth.colour, 0.5))
    return crown


def _snapback(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("jersey")
    crown = _crown(canvas, cloth, cloth)
    lettering(canvas, die.choice(("N", "07", "ECHO", "K9", "LOUD")), 22, 106, die.choice((24, 30)), s.second, crown)
    canvas.panel([(-6, 140, 1), (24, 132), (52, 134), (92, 150), (94, 156), (50, 156), (10, 160), (-8, 152)], Cloth(s.second if die.random() < 0.5 else shaded(s.main, 0.8)),
                 cast=0.35, edge=0.25)  # fmt: skip
    canvas.patch(circle(70, 149, 4.4), (214, 190, 110))


def _cap(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = Cloth(s.main, None, "mesh", 0.2)
    crown = _crown(canvas, cloth, Cloth(s.main, None, "plain", 0.3))
    for k in range(2):
        canvas.patch([(-70, 116 + k * 12, 1), (-20, 108 + k * 12), (-20, 113 + k * 12), (-70, 121 + k * 12, 1)], s.second, crown)
    emblem(canvas, die, 26, 104, 9, s.accent, crown)
    canvas.panel([(-6, 140, 1), (24, 134), (52, 134), (88, 152), (96, 164), (80, 164), (44, 156), (0, 156)], Cloth(s.second, None, "plain", 0.25), cast=0.35, edge=0.25)
    canvas.line([(4, 152), (44, 150), (86, 160)], ink(s.second, 0.3), 0.5)


def _fedora(canvas: Canvas, look: Look, die: random.Random) -> None:
    dressy = look.style == "dressy"
    cloth = Cloth(look.scheme.main, None, "velvet" if dressy else ("tweed" if die.random() < 0.5 else "melange"), 0.3 if dressy else 0.0)
    band = look.scheme.accent if not dressy else shaded(look.scheme.second, 0.9)
    canvas.panel(mirrored([(0, 132), (46, 134), (84, 138), (94, 134), (88, 152), (50, 166), (0, 170)]), cloth, edge=0.3, round_by=5)
    crown: Outline = [(-52, 146, 1), (-48, 100), (-40, 72), (-22, 62), (0, 72), (22, 62), (40, 72), (48, 100), (52, 146, 1), (0, 156)]
    canvas.panel(crown, cloth, cast=0.3, edge=0.3, round_by=8, folds=[Fold([(-10, 66), (-14, 92)], 0.7, 4), Fold([(24, 70), (18, 104)], 0.5, 4)])
    canvas.panel(mirrored([(0, 136), (49.5, 126, 1), (51.5, 143, 1), (0, 153)]), Cloth(band, None, "plain", 0.35), cast=0.2, edge=0.2)
    if dressy:
        for k, turn in enumerate((0, 6)):
            feather: Outline = [(44, 142, 1), (52 + turn, 110), (66 + turn, 84 + turn, 1), (62 + turn, 116), (50, 144, 1)]
            canvas.panel(feather, Cloth(shaded(look.scheme.accent, 1 - 0.2 * k)), cast=0.2, round_by=2)
        button(canvas, 46, 140, GOLD, 2.6)
    else:
        canvas.panel([(36, 130, 1), (48, 127, 1), (50, 143, 1), (38, 147, 1)], Cloth(shaded(band, 0.85), None, "plain", 0.35), cast=0.2, round_by=1.5)


def plaid(look: Look) -> Cloth:
    """A checked lining."""
    return Cloth(look.scheme.main, PATTERNS["tartan"](look.scheme, look.die("lining")))


def both(points: Outline) -> tuple[Outline, Outline]:
    """An outline and its mirror image."""
    return points, flipped(points)
