"""Blazers, jackets and coats. Imports body, details and what they stand on."""

import random
from dataclasses import replace

from scripts.wardrobe.body import (
    Cut, both_bands, body_folds, hem_band, lay_back, lay_sleeves, mirrored_line, torso,
)  # fmt: skip
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.details import (
    button, buttons, emblem, flap_pocket, graphic, lettering, patch_pocket, welt, zip_line,
)  # fmt: skip
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, blend, brightness, ink, shaded
from scripts.wardrobe.shirts import bow_tie
from scripts.wardrobe.tops import both_stripes, printable


def tailored(canvas: Canvas, cut: Cut, cloth: Cloth, close: float, over: float = 0.0, curve: float = 10.0) -> Panel:
    """Two fronts that meet at `close` (y) and part below it; `over` is the overlap. Gives the upper front."""
    tip = cut.tip
    low = cut.length
    armhole: Outline = [(tip[0] - 1, tip[1], 1), (tip[0] - 2.5, tip[1] + (cut.armpit - tip[1]) * 0.55), (cut.chest, cut.armpit, 1)]
    side: Outline = [(cut.waist, cut.armpit + (low - cut.armpit) * 0.4), (cut.hem, low - 1, 1)]
    half: Outline = [(-over, close, 1), (cut.neck * 0.5, cut.top + 22), (cut.neck, cut.top, 1), *armhole, *side,
                     (curve + 8 - over, low + 3), (curve * 0.45 - over, low - curve * 0.6 if curve else low + 3), (-over, close + 22)]  # fmt: skip
    if not curve:
        half[-3:] = [(-over, low + 3, 1)]
    die = random.Random(round(close * 10))
    folds = [Fold([(cut.chest - 3, cut.armpit + 6 + 14 * k), (cut.chest - 18, cut.armpit + 14 + 16 * k)], 0.3) for k in range(2)]
    folds.append(Fold([(cut.waist - 4, close + 4), (8, close - 2)], 0.3 + die.uniform(0, 0.1)))
    mirror = [Fold(flipped(f.path), f.strength, f.width) for f in folds]
    canvas.panel(flipped(half), cloth, folds=mirror)
    return canvas.panel(half, cloth, folds=folds, cast=0.3)


def lapels(canvas: Canvas, cut: Cut, cloth: Cloth, close: float, width: float = 17, peak: bool = False, over: float = 0.0) -> None:
    """Notched or peaked lapels with the collar above them."""
    t, n = cut.top, cut.neck
    notch = t + 26
    for flip in (-1, 1):
        o = over if flip > 0 else -over
        lapel: Outline = [(-o, close, 1), (n * 0.42, t + 28), (n - 1, t + 3, 1), (n + 7, notch - 8, 1),
                          (n + width * (0.72 if not peak else 0.9), notch - (2 if not peak else 13), 1),
                          (width * 0.72 + 4, (notch + close) / 2 + 4)]  # fmt: skip
        canvas.panel(lapel if flip > 0 else flipped(lapel), cloth, cast=0.42, edge=0.12, round_by=3, angle=-14 * flip, line=0.5)
        if not peak:
            neck: Outline = [(n - 5, t + 2), (n - 2, t - 6), (n + 3, t + 1), (n + 12, notch - 11, 1), (n + 6.5, notch - 7.5, 1), (n - 3, t + 9)]
        else:
            neck = [(n - 5, t + 2), (n - 2, t - 6), (n + 3, t + 1), (n + 9, notch - 13, 1), (n + 3, notch - 6, 1), (n - 3, t + 9)]
        canvas.panel(neck if flip > 0 else flipped(neck), cloth, cast=0.36, edge=0.1, round_by=2, angle=20 * flip, line=0.5)
    fall = mirrored([(0, t - 7.5), (n - 3, t - 7), (n, t + 2, 1), (0, t + 3)])
    canvas.panel(fall, cloth.plain(0.97), cast=0.2, edge=0.1, round_by=2)


def _shirt_front(canvas: Canvas, cut: Cut, close: float, white: RGB = (244, 244, 245)) -> None:
    shape = mirrored([(0, cut.top - 4), (cut.neck - 1, cut.top - 3, 1), (cut.neck + 3, cut.top + 30), (4, close + 6, 1), (0, close + 6)])
    canvas.panel(shape, Cloth(white), cast=0, edge=0.1)
    canvas.line([(0, cut.top + 14), (0, close + 4)], (196, 198, 202), 0.6)
    for side in (-1, 1):
        leaf: Outline = [(0, cut.top + 13, 1), (side * (cut.neck - 3), cut.top - 4, 1), (side * (cut.neck - 1), cut.top + 4), (side * 8, cut.top + 21, 1)]
        canvas.panel(leaf, Cloth(white), cast=0.25, edge=0.08, round_by=2)


def blazer(canvas: Canvas, look: Look) -> None:
    """A blazer: pinstriped or checked for the office, velvet or satin with peaked lapels for the evening."""
    die = look.die()
    cloth = look.fabric("tailored")
    slim = 3 if look.women else 0
    cut = Cut(shoulder=46 - slim, chest=44 - slim, waist=39 - 1.6 * slim, hem=45 - slim, sleeve=137, spread=9, cuff=16,
              length=186, neck=15, depth=40, neckline="v", armpit=78)  # fmt: skip
    double = die.random() < (0.35 if look.style == "smart" else 0.2)
    close = 112.0 if double else die.choice((116.0, 126.0))
    over = 12.0 if double else 3.0
    lay_back(canvas, cut, cloth, tag=not look.women)
    if look.women:
        canvas.panel(mirrored([(0, 36), (14, 34, 1), (22, 70), (6, close + 14, 1), (0, close + 14)]), cloth.inside(), cast=0)
    else:
        _shirt_front(canvas, cut, close, (244, 244, 245) if look.style == "dressy" or die.random() < 0.6 else (196, 214, 234))
    sleeves = lay_sleeves(canvas, cut, cloth, die)
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
    del sleeves


def jacket(canvas: Canvas, look: Look) -> None:
    """A jacket: trucker, biker or bomber or puffer, cropped evening jacket, or track top."""
    die = look.die()
    if look.style == "casual":
        _trucker(canvas, look, die)
    elif look.style == "street":
        kind = die.randrange(3)
        (_biker, _bomber, _puffer)[kind](canvas, look, die)
    elif look.style == "dressy":
        _cropped(canvas, look, die)
    else:
        _windbreaker(canvas, look, die)


def _base(look: Look, roomy: float = 0.0) -> Cut:
    slim = 3 if look.women else 0
    return Cut(shoulder=45 - slim + roomy, chest=45 - slim + roomy, waist=42 - 1.4 * slim + roomy, hem=42 - slim + roomy,
               sleeve=132, spread=10, cuff=16, length=172, neck=15, depth=12, neckline="v", armpit=80)  # fmt: skip


def _trucker(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("outer")
    if cloth.texture == "denim":
        cloth = Cloth(blend(cloth.colour, (96, 130, 172), 0.65), None, "denim")
    cut = replace(_base(look, 2), length=160)
    thread = (206, 156, 88) if cloth.texture == "denim" else ink(cloth.colour, 0.3)
    lay_back(canvas, cut, cloth)
    sleeves = lay_sleeves(canvas, cut, cloth, die)
    both_bands(canvas, cut, sleeves, cut.sleeve - 10, cut.sleeve + 4, cloth.plain(0.97))
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 0.8))
    canvas.panel(mirrored([(0, 151, 1), (60, 149, 1), (60, 172, 1), (0, 172)]), cloth.plain(0.96), within=body, round_by=3)
    canvas.line(mirrored_line([(0, 151), (44, 149)]), thread, 0.45, dash=1.6)
    canvas.line(mirrored_line([(0, 80), (20, 79), (43, 74)]), shaded(cloth.colour, 0.6), 0.8)
    canvas.line(mirrored_line([(0, 82), (20, 81), (43, 76)]), thread, 0.45, dash=1.6)
    for side in (-1, 1):
        for dx in (12, 30):
            canvas.line([(side * dx, 96), (side * (8 + (dx - 8) * 0.75), 150)], thread, 0.45, dash=1.6)
        patch_pocket(canvas, side * 22, 79, 19, 20, cloth, flap=True)
        welt(canvas, side * 36, 112, side * 30, 134, cloth.colour)
    canvas.line([(2.6, cut.top + cut.depth), (2.6, cut.length)], shaded(cloth.colour, 0.55), 0.8)
    buttons(canvas, 0, 56, 154, 6, (184, 148, 98) if cloth.texture == "denim" else ink(cloth.colour, 0.4), 1.7)
    sherpa = die.random() < 0.35
    _flat_collar(canvas, cut, Cloth((236, 226, 206), None, "fleece") if sherpa else cloth, 20 if sherpa else 17)


def _flat_collar(canvas: Canvas, cut: Cut, cloth: Cloth, long: float) -> None:
    n, t = cut.neck, cut.top
    canvas.panel(mirrored([(0, t - 6), (n - 2, t - 6), (n + 2, t + 2, 1), (0, t + 10)]), cloth.inside(), cast=0.1)
    for flip in (1, -1):
        leaf: Outline = [(1, t + cut.depth + 2, 1), (n * 0.6, t + 4), (n - 2, t - 6.5, 1), (n + 4, t + 1), (n + 8, t + long * 0.7, 1), (9, t + cut.depth + long * 0.6, 1)]
        canvas.panel(leaf if flip > 0 else flipped(leaf), cloth, cast=0.35, edge=0.14, round_by=3)


def _biker(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = look.scheme.main if brightness(look.scheme.main) < 120 else shaded(look.scheme.main, 0.55)
    cloth = Cloth(colour, None, "leather", 0.75)
    cut = replace(_base(look, 0), length=150, hem=41)
    steel = (202, 204, 210)
    lay_back(canvas, cut, cloth)
    lay_sleeves(canvas, cut, cloth, die)
    tailored(canvas, cut, cloth, 92, 10, 0.0)
    for flip in (1, -1):
        lapel: Outline = [(flip * 2 - 8, 96, 1), (flip * 8, cut.top + 16), (flip * 14, cut.top, 1), (flip * 24, cut.top + 12, 1), (flip * 30, cut.top + 32, 1)]
        canvas.panel(lapel, cloth, cast=0.4, edge=0.15, round_by=3)
        canvas.dot(flip * 26, cut.top + 30, 1.2, steel)
    fall = mirrored([(0, cut.top - 7), (13, cut.top - 6), (20, cut.top + 10, 1), (12, cut.top + 8), (0, cut.top + 4)])
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


def _bomber(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("outer")
    cloth = cloth if cloth.texture != "leather" else cloth.of(cloth.colour, "plain", 0.5)
    cut = replace(_base(look, 7), length=160, hem=45)
    varsity = die.random() < 0.5
    arm = Cloth(look.scheme.second, None, "leather", 0.35) if varsity else cloth
    rib = cloth.of(shaded(cloth.colour, 0.82), "rib", 0.0)
    lay_back(canvas, cut, cloth)
    sleeves = lay_sleeves(canvas, cut, arm, die)
    both_bands(canvas, cut, sleeves, cut.sleeve - 10, cut.sleeve + 5, rib)
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 1.3))
    hem_band(canvas, cut, rib, body, 13)
    if varsity:
        for y in (150.0, 154.0):
            canvas.line(mirrored_line([(0, y + 2), (46, y)]), look.scheme.second, 0.9)
        lettering(canvas, die.choice(("N", "K", "R", "07", "W")), 22, 84, 17, look.scheme.second, body)
    else:
        graphic(canvas, die, 22, 90, 11, printable(look), body)
    for side in (-1, 1):
        welt(canvas, side * 35, 116, side * 26, 138, cloth.colour, 2)
    zip_line(canvas, [(0, cut.top + 9), (0, cut.length + 2)], cloth.colour)
    stand = mirrored([(0, cut.top - 6), (cut.neck - 1, cut.top - 7), (cut.neck + 3, cut.top + 4), (0, cut.top + 13)])
    canvas.panel(stand, rib, cast=0.3)
    canvas.line([(0, cut.top + 1), (0, cut.top + 13)], shaded(rib.colour, 0.5), 1.0)


def _puffer(canvas: Canvas, look: Look, die: random.Random, low: float = 164.0) -> None:
    cloth = Cloth(look.scheme.main, None, "plain", 0.6)
    cut = replace(_base(look, 7), length=low, hem=48, cuff=20, puff=3, waist=50)
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
        body = canvas.panel(mirrored([(0, 44, 1), (15, 34, 1), (48, 42, 1), (51, 78, 1), (0, 82)]), cloth.of(look.scheme.second), cast=0.1, line=0)
        lettering(canvas, die.choice(("LOUD", "ECHO", "N7")), 26, 66, 20, cloth.colour, body)
    zip_line(canvas, [(0, cut.top + 6), (0, cut.length + 2)], cloth.colour)
    stand = mirrored([(0, cut.top - 13), (cut.neck, cut.top - 14), (cut.neck + 7, cut.top + 3), (0, cut.top + 14)])
    canvas.panel(stand, cloth, cast=0.35, edge=0.35, folds=[Fold([(-18, cut.top - 1), (0, cut.top + 3), (18, cut.top - 1)], 0.7)])
    canvas.line([(0, cut.top - 12), (0, cut.top + 13)], (190, 192, 196), 0.9, dash=0.9)


def _quilted_sleeves(canvas: Canvas, cut: Cut, cloth: Cloth) -> None:
    sleeves = lay_sleeves(canvas, cut, cloth, random.Random(1))
    (sx, sy), (dx, dy) = cut.tip, cut.way
    for k in range(1, 8):
        at = k * 17.0
        a = (sx + dx * at + dy * 3, sy + dy * at - dx * 3)
        b = (sx + dx * at - dy * (cut.cuff + 8), sy + dy * at + dx * (cut.cuff + 8))
        for flip, panel in ((1, sleeves[0]), (-1, sleeves[1])):
            stroke: Outline = [(flip * a[0], a[1], 1), (flip * b[0], b[1], 1), (flip * b[0], b[1] + 1.3, 1), (flip * a[0], a[1] + 1.3, 1)]
            canvas.patch(stroke, shaded(cloth.colour, 0.55), panel)


def _cropped(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("outer")
    cut = replace(_base(look, -3), length=138, hem=37, waist=36, neckline="scoop", depth=34, neck=17, puff=3 if look.women else 0)
    gold = (208, 174, 100)
    lay_back(canvas, cut, cloth, tag=False)
    lay_sleeves(canvas, cut, cloth, die)
    shape = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die))
    if not look.women:
        cut = replace(cut, length=160)
    canvas.line([(0, cut.top + cut.depth), (0, 140)], shaded(cloth.colour, 0.45), 1.4)
    braid = gold if die.random() < 0.6 else look.scheme.second
    path = neckline_path(cut)
    canvas.line(path, braid, 1.6)
    canvas.line([(p[0], p[1] + 3) for p in path], shaded(braid, 0.75), 0.6)
    for side in (-1, 1):
        canvas.line([(side * 3, cut.top + cut.depth + 3), (side * 3, 137)], braid, 1.0)
        for y in (84, 98, 112, 126):
            canvas.dot(side * 7, y, 1.7, braid)
            canvas.line([(side * 9, y), (side * 26, y - 2)], braid, 0.9)
    del shape


def neckline_path(cut: Cut) -> Outline:
    """The whole front neckline as an open line."""
    n, t, d = cut.neck, cut.top, cut.depth
    return mirrored_line([(0, t + d), (n * 0.62, t + d * 0.78), (n * 0.95, t + d * 0.34), (n, t)])


def _windbreaker(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("outer")
    cut = replace(_base(look, 1), length=170, hem=41, top=36, depth=8, armpit=84)
    hooded = die.random() < 0.4
    if hooded:
        canvas.panel(mirrored([(0, 14), (15, 17), (22, 29), (20, 46), (0, 56)]), cloth)
        canvas.panel(mirrored([(0, 20), (11, 22), (16, 32), (12, 46), (0, 54)]), Cloth(shaded(s.second, 0.75)), cast=0)
    else:
        lay_back(canvas, cut, cloth)
    arm = cloth.of(s.second) if die.random() < 0.4 else cloth
    sleeves = lay_sleeves(canvas, cut, arm, die)
    trim = s.second if arm is cloth else s.main
    for k in range(die.choice((1, 2))):
        both_stripes(canvas, cut, sleeves, 5 + 5.4 * k, trim)
    both_bands(canvas, cut, sleeves, cut.sleeve - 8, cut.sleeve + 5, cloth.of(shaded(arm.colour, 0.88), "rib"))
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die))
    kind = die.randrange(3)
    if kind == 0:
        yoke = mirrored([(0, 96, 1), (60, 76, 1), (60, 20, 1), (0, 20)])
        canvas.panel(yoke, cloth.of(s.second), within=body, cast=0, edge=0.12)
        canvas.line(mirrored_line([(0, 97), (cut.chest - 1, 83)]), s.accent, 1.6)
    elif kind == 1:
        for flip in (1, -1):
            canvas.patch([(flip * 50, 80, 1), (flip * 34, 96), (flip * 28, 176, 1), (flip * 56, 176, 1)], s.second, body)
    hem_band(canvas, cut, cloth.plain(0.88), body, 9)
    for side in (-1, 1):
        canvas.line([(side * 33, 122), (side * 27, 144)], (196, 198, 202), 1.1, dash=0.9)
    zip_line(canvas, [(0, cut.top + 4), (0, cut.length + 2)], trim)
    if not hooded:
        stand = mirrored([(0, cut.top - 12), (cut.neck - 2, cut.top - 13), (cut.neck + 3, cut.top + 3), (0, cut.top + 10)])
        canvas.panel(stand, cloth.of(s.second) if kind == 0 else cloth, cast=0.3)
        canvas.line([(0, cut.top - 10), (0, cut.top + 9)], (190, 192, 196), 0.9, dash=0.9)
    emblem(canvas, die, 21, 78, 4.6, s.accent if kind == 0 else s.second, body)


def coat(canvas: Canvas, look: Look) -> None:
    """A coat: parka, long puffer, belted wrap, double-breasted overcoat or padded sports coat."""
    die = look.die()
    if look.style == "street":
        _puffer(canvas, look, die, 204.0)
        return
    if look.style in ("casual", "sporty"):
        _parka(canvas, look, die)
        return
    cloth = look.fabric("outer")
    slim = 3 if look.women else 0
    cut = Cut(shoulder=43 - slim, chest=42 - slim, waist=40 - slim, hem=48 - slim, sleeve=134, spread=9, cuff=16, top=24,
              armpit=70, length=206, neck=15, depth=36, neckline="v")  # fmt: skip
    lay_back(canvas, cut, cloth)
    lay_sleeves(canvas, cut, cloth, die)
    wrap = look.style == "dressy"
    double = not wrap and die.random() < 0.6
    close, over = (100.0, 12.0) if wrap or double else (92.0, 4.0)
    tailored(canvas, cut, cloth, close, over, 0.0)
    if wrap:
        fur = Cloth(blend(cloth.colour, (240, 228, 210), 0.4), None, "fleece", 0.1)
        shawl: Outline = [(-over, close, 1), (9, 54), (13, 22), (18, 16), (28, 30), (24, 64)]
        canvas.panel(flipped(shawl), fur, cast=0.35, edge=0.35)
        canvas.panel(shawl, fur, cast=0.35, edge=0.35)
        canvas.panel(mirrored([(0, 14), (14, 15), (20, 24), (0, 28)]), fur, cast=0.3, edge=0.35)
        canvas.panel(mirrored([(0, 110), (40, 107, 1), (40.5, 115, 1), (0, 119)]), cloth.plain(0.88), cast=0.3, round_by=2)
        for x, low in ((-7, 156), (-1, 148)):
            canvas.panel([(x - 2, 114, 1), (x + 2, 114, 1), (x + 4, low, 1), (x - 1, low + 1, 1)], cloth.plain(0.88), cast=0.3, round_by=2)
        canvas.panel([(-9, 109), (2, 109), (2, 120), (-9, 120)], cloth.plain(0.92), cast=0.3, round_by=2)
    else:
        lapels(canvas, cut, cloth, close, 18, peak=double, over=over)
        shade = ink(cloth.colour, 0.4)
        for k in range(3):
            y = close + 4 + k * 22
            for x in (-10, 10) if double else (0,):
                button(canvas, x, y, shade, 2.3)
        for side in (-1, 1):
            flap_pocket(canvas, side * 26, 142, 20, cloth)
    canvas.line([(0 if not double else -12, close + 60), (0 if not double else -12, 206)], shaded(cloth.colour, 0.55), 0.9)


def _parka(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    sport = look.style == "sporty"
    cloth = Cloth(s.main, None, "plain", 0.5) if sport else look.fabric("outer")
    if not sport and cloth.texture == "denim":
        cloth = cloth.of(cloth.colour, "linen")
    cut = Cut(shoulder=43, chest=43, waist=41, hem=45, sleeve=124, spread=10, cuff=17, top=40, armpit=86, length=202,
              neck=18, depth=12, neckline="v", puff=2 if sport else 0)  # fmt: skip
    fur = not sport and die.random() < 0.5
    hood = mirrored([(0, 15), (17, 18), (27, 34), (26, 52), (0, 66)])
    if fur:
        trim = mirrored([(0, 14), (18, 16), (30, 31), (30, 54), (22, 62), (0, 66)])
        canvas.panel(trim, Cloth((204, 184, 154), None, "fleece"), edge=0.4, line=0.75)
    else:
        canvas.panel(hood, cloth)
    canvas.panel(mirrored([(0, 23), (13, 25), (19, 37), (14, 54), (0, 64)]), (cloth.of(s.second) if sport else cloth).inside(), cast=0)
    sleeves = lay_sleeves(canvas, cut, cloth, die)
    folds = body_folds(cut, die)
    rows = [float(y) for y in range(72, 196, 20)] if sport else []
    folds += [Fold([(-46, y), (0, y + 2), (46, y)], 0.75, 3) for y in rows]
    body = canvas.panel(torso(cut), cloth, folds=folds)
    if sport:
        for y in rows:
            canvas.line(mirrored_line([(0, y + 2), (cut.waist, y)]), shaded(cloth.colour, 0.62), 0.6)
        both_stripes(canvas, cut, sleeves, 6, s.second)
        for flip in (1, -1):
            canvas.patch([(flip * 52, 86, 1), (flip * 36, 104), (flip * 34, 210, 1), (flip * 60, 210, 1)], s.second, body)
        zip_line(canvas, [(0, cut.top + 14), (0, cut.length)], s.second)
        emblem(canvas, die, 22, 84, 4.4, s.second, body)
        return
    canvas.line([(4, cut.top + 14), (4, cut.length + 2)], shaded(cloth.colour, 0.55), 0.9)
    toggles = die.random() < 0.45
    for k in range(5 if not toggles else 4):
        y = 70 + k * (26 if not toggles else 30)
        if toggles:
            canvas.line([(-12, y), (12, y)], (120, 84, 54), 1.0)
            canvas.patch([(-5, y - 1.6), (5, y - 1.6), (5, y + 1.6), (-5, y + 1.6)], (150, 104, 62))
        else:
            button(canvas, 0, y, ink(cloth.colour, 0.4), 1.8)
    if not toggles:
        canvas.line(mirrored_line([(0, 122), (cut.waist - 1, 120)]), shaded(cloth.colour, 0.62), 1.0)
    for side in (-1, 1):
        patch_pocket(canvas, side * 25, 140, 25, 28, cloth.plain(0.97), flap=True)
