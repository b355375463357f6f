"""Trousers, jeans, shorts and leggings. Imports canvas, cloth, details and what they stand on."""

import random
from dataclasses import dataclass, replace

from scripts.wardrobe.body import stitch
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped, mirrored, mix
from scripts.wardrobe.details import button, drawstrings, emblem, lettering, patch_pocket, welt
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, blend, brightness, ink, shaded


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
        Fold([(3, crotch - 2 + k * 6), (12, crotch - 7 + k * 5), (22 + 3 * k, crotch - 9 + k * 8)], amount * (0.5 - k * 0.1))
        for k in range(3)
    ]
    mid = cut.knee - cut.knee_width / 2
    for k in range(3):
        y = knee_y + die.uniform(-14, 16)
        side = 1 if k % 2 else -1
        out.append(Fold([(mid + side * cut.knee_width * 0.45, y - 3), (mid, y + 2), (mid - side * 5, y + 3)], amount * 0.4))
    base = cut.out - cut.hem / 2
    for k in range(2):
        y = cut.length - 7 - k * 9
        out.append(Fold([(base + cut.hem * 0.42, y), (base, y + 3), (base - cut.hem * 0.3, y)], amount * 0.42))
    return out


def lay_legs(canvas: Canvas, cut: Leg, cloth: Cloth, folds: list[Fold], inside: bool = True) -> tuple[Panel, Panel]:
    """The waist's inside, the left leg, then the right leg over it; right first in the answer."""
    if inside:
        canvas.panel(mirrored([(0, cut.top - 3), (cut.waist - 1, cut.top - 1, 1), (cut.waist - 1, cut.top + 6, 1),
                               (0, cut.top + 8)]), cloth.inside(), cast=0)  # fmt: skip
    shape = leg(cut)
    mirror = [Fold(flipped(f.path), f.strength, f.width) for f in folds]
    left = canvas.panel(flipped(shape), cloth, folds=mirror, angle=1, round_by=6, edge=0.28)
    right = canvas.panel(shape, cloth, folds=folds, angle=-1, round_by=6, edge=0.28, cast=0.15)
    return right, left


def waistband(canvas: Canvas, cut: Leg, cloth: Cloth, height: float = 9, loops: bool = True) -> None:
    """The band, slightly bowed, with belt loops."""
    t, w = cut.top, cut.waist
    canvas.panel(mirrored([(0, t + 2), (w * 0.6, t + 1), (w + 0.5, t - 1, 1), (w + 1.5, t + height - 1, 1),
                           (w * 0.6, t + height + 1), (0, t + height + 2)]), cloth, cast=0.25, edge=0.15, round_by=3)  # fmt: skip
    if loops:
        for x in (-w * 0.62, w * 0.62):
            canvas.panel([(x - 1.4, t - 1, 1), (x + 1.4, t - 1, 1), (x + 1.4, t + height + 3, 1), (x - 1.4, t + height + 3, 1)],
                         cloth.plain(0.96), cast=0.3, edge=0.05, round_by=1)  # fmt: skip


def fly(canvas: Canvas, cut: Leg, colour: RGB, thread: RGB) -> None:
    """The front opening's seam and curved stitching."""
    y = cut.top + 10
    low = cut.top + cut.rise
    canvas.line([(0, y), (0.3, low)], shaded(colour, 0.55), 0.7)
    canvas.line([(5, y), (5, low - 20), (1, low - 11)], thread, 0.5, dash=1.4)


def _shape(look: Look, die: random.Random) -> Leg:
    slim = 2 if look.women else 0
    base = Leg(waist=30 - slim, hip=38 - slim * 0.5, rise=52)
    return {
        "casual": replace(base, knee=41, out=42, hem=22, knee_width=26),
        "street": replace(base, hip=41, knee=50, out=51, hem=33, knee_width=37, waist=31),
        "dressy": replace(base, knee=44, out=die.choice((46, 54)), hem=die.choice((24, 36)), knee_width=28),
        "smart": replace(base, knee=38.5, out=39, hem=19, knee_width=23.5),
        "sporty": replace(base, knee=38, out=36, hem=14, knee_width=23),
    }[look.style]


def trousers(canvas: Canvas, look: Look) -> None:
    """Chinos, cargo pants, evening trousers with a satin side, pressed suit trousers or track pants."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("legs")
    cut = _shape(look, die)
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
        folds.append(Fold([(cut.waist * 0.55, cut.top + 16), (cut.knee - cut.knee_width * 0.5, crotch + 60), (mid, cut.length)], 0.75, 1.6))
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
    waistband(canvas, cut, cloth if look.style != "dressy" else cloth.plain(0.9).shiny(0.6), 8, loops=look.style != "dressy")
    fly(canvas, cut, cloth.colour, tone)
    for side in (-1, 1):
        canvas.line([(side * (cut.waist - 7), cut.top + 10), (side * (cut.hip - 2.5), cut.top + 30)], shaded(cloth.colour, 0.55), 1.0)
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


def stripes(canvas: Canvas, cut: Leg, legs: tuple[Panel, Panel], colour: RGB, count: int) -> None:
    """Bands down the outer side of both legs."""
    crotch = cut.top + cut.rise
    for k in range(count):
        a, b = (1.0, 5.5) if k == 0 else (7.0, 8.6)
        edge: Outline = [(cut.waist, cut.top), (cut.hip - 2, cut.top + cut.rise * 0.45), (cut.hip + 1, crotch),
                         (cut.knee, crotch + (cut.length - crotch) * 0.48), (cut.out, cut.length + 2)]  # fmt: skip
        shape = [(p[0] - a, p[1]) for p in edge] + [(p[0] - b, p[1]) for p in reversed(edge)]
        shape[0], shape[4], shape[5], shape[9] = (*shape[0], 1), (*shape[4], 1), (*shape[5], 1), (*shape[9], 1)
        canvas.patch(shape, colour, legs[0])
        canvas.patch(flipped(shape), colour, legs[1])


def cuffs(canvas: Canvas, cut: Leg, cloth: Cloth, legs: tuple[Panel, Panel], height: float = 10) -> None:
    """Ribbed ends."""
    shape: Outline = [(cut.out - cut.hem - 6, cut.length - height, 1), (cut.out + 6, cut.length - height, 1),
                      (cut.out + 6, cut.length + 6, 1), (cut.out - cut.hem - 6, cut.length + 6, 1)]  # fmt: skip
    rib = cloth.of(shaded(cloth.colour, 0.88), "rib")
    canvas.panel(shape, rib, within=legs[0], cast=0.15)
    canvas.panel(flipped(shape), rib, within=legs[1], cast=0.15)


def roll_up(canvas: Canvas, cut: Leg, cloth: Cloth, legs: tuple[Panel, Panel]) -> None:
    """Turned-up hems that show the wrong side."""
    x0, x1, y = cut.out - cut.hem - 0.8, cut.out + 0.8, cut.length
    shape: Outline = [(x0, y - 9, 1), ((x0 + x1) / 2, y - 7.5), (x1, y - 9, 1), (x1, y, 1), ((x0 + x1) / 2, y + 2), (x0, y, 1)]
    light = cloth.of(blend(cloth.colour, (236, 234, 228), 0.35))
    canvas.panel(shape, light, cast=0.3, round_by=3)
    canvas.panel(flipped(shape), light, cast=0.3, round_by=3)


def hems(canvas: Canvas, cut: Leg, colour: RGB) -> None:
    """Stitching above both hems."""
    path: Outline = [(cut.out - cut.hem + 0.5, cut.length - 3.5), (cut.out - cut.hem / 2, cut.length - 2), (cut.out - 0.5, cut.length - 3.5)]
    stitch(canvas, path, colour)
    stitch(canvas, flipped(path), colour)


def chain(canvas: Canvas, cut: Leg) -> None:
    """A wallet chain from the belt loop."""
    path: Outline = [(cut.waist * 0.6, cut.top + 9), (cut.waist * 0.75, cut.top + 44), (cut.hip, cut.top + 38)]
    canvas.line(path, (90, 92, 98), 1.6)
    canvas.line(path, (206, 208, 212), 1.2, dash=1.6)


def belt(canvas: Canvas, cut: Leg, colour: RGB) -> None:
    """A leather belt with a buckle."""
    t, w = cut.top, cut.waist
    canvas.panel(mirrored([(0, t + 2.6), (w + 1, t + 0.6, 1), (w + 1.4, t + 6, 1), (0, t + 8)]), Cloth(colour, None, "leather", 0.4),
                 cast=0.25, round_by=2)  # fmt: skip
    canvas.line([(-4, t + 2), (4, t + 2), (4, t + 8.6), (-4, t + 8.6), (-4, t + 2)], (206, 180, 116), 1.1)


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
    cut = _shape(look, die)
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
        scoop: Outline = [(side * cut.waist * 0.42, cut.top + 10), (side * cut.waist * 0.52, cut.top + 22), (side * (cut.hip - 4), cut.top + 26)]
        canvas.line(scoop, shaded(colour, 0.55), 1.0)
        canvas.line([(p[0], p[1] + 1.8) for p in scoop], thread, 0.45, dash=1.4)
        seam: Outline = [(side * (cut.waist - 1.5), cut.top + 28), (side * (cut.hip - 1.5), crotch), (side * (cut.knee - 2), crotch + 60),
                (side * (cut.out - 2), cut.length - 2)]  # fmt: skip
        canvas.line(seam, thread, 0.4, dash=1.4)
        canvas.line([(side * (cut.hip - 9), cut.top + 28), (side * (cut.hip - 3), cut.top + 29)], (190, 150, 96), 0.8, dash=0.9)
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
        shape: Outline = [(mid, y0), (mid + half, y0 + 18), (mid + half + 1, y1 - 12), (mid + 2, y1), (mid - half + 3, y1 - 14), (mid - half, y0 + 16)]
        canvas.patch(shape, shaded(colour, 1 + share * 0.8), legs[0])
        canvas.patch(flipped(shape), shaded(colour, 1 + share * 0.8), legs[1])


def rip(canvas: Canvas, x: float, y: float, half: float, colour: RGB) -> None:
    """A torn knee with white threads across."""
    hole: Outline = [(x - half, y), (x - half * 0.3, y - 4), (x + half, y - 1), (x + half * 0.4, y + 5), (x - half * 0.5, y + 4)]
    canvas.patch(hole, shaded(colour, 0.42))
    for k in range(4):
        canvas.line([(x - half * 0.9, y - 2.4 + k * 1.9), (x, y - 1.8 + k * 1.8), (x + half * 0.9, y - 2 + k * 1.7)], (236, 236, 232), 0.55)


def shorts(canvas: Canvas, look: Look) -> None:
    """Chino, cargo, satin, tailored or running shorts."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("legs" if look.style != "sporty" else "drape")
    if look.style == "casual" and die.random() < 0.4:
        cloth = Cloth(blend(s.main, (96, 128, 168), 0.7), None, "denim")
    length = {"casual": 128, "street": 150, "dressy": 118, "smart": 134, "sporty": 116}[look.style]
    length -= 12 if look.women else 0
    base = Leg(waist=42, hip=54, top=42, rise=56, length=length + 22, knee=60, out=62, hem=50, knee_width=55)
    if look.style == "street":
        base = replace(base, hip=58, knee=66, out=69, hem=58, knee_width=62)
    if look.style == "sporty":
        base = replace(base, out=66, hem=55, knee=62, knee_width=58)
    if look.style == "smart":
        base = replace(base, out=57, hem=46, knee=57, knee_width=52, hip=52)
    folds = [Fold([(4, 94), (16, 90), (30, 92)], 0.5), Fold([(4, 100), (18, 102), (30, 112)], 0.4),
             Fold([(48, base.length - 3), (46, base.length - 24)], 0.4), Fold([(26, base.length - 3), (27, base.length - 20)], 0.3)]  # fmt: skip
    if look.style in ("smart", "dressy"):
        folds.append(Fold([(24, 56), (31, 90), (34, base.length)], 0.7, 1.6))
    legs = lay_legs(canvas, base, cloth, folds)
    tone = ink(cloth.colour, 0.4)
    if look.style == "sporty":
        if cloth.print_ is None or die.random() < 0.5:
            for flip, panel in ((1, legs[0]), (-1, legs[1])):
                wedge: Outline = [(flip * 70, 70, 1), (flip * 56, 96), (flip * 53, base.length + 5, 1), (flip * 75, base.length + 5, 1)]
                canvas.patch(wedge, s.second, panel)
        waistband(canvas, base, cloth.of(cloth.colour, "rib"), 12, loops=False)
        drawstrings(canvas, 4, base.top + 8, 22, s.second)
        emblem(canvas, die, 36, base.length - 18, 5, s.accent, legs[0])
        return
    waistband(canvas, base, cloth, 11, loops=look.style != "dressy")
    fly(canvas, base, cloth.colour, tone)
    for side in (-1, 1):
        canvas.line([(side * 33, base.top + 12), (side * 50, base.top + 36)], shaded(cloth.colour, 0.55), 1.2)
    if look.style == "street":
        for side in (-1, 1):
            patch_pocket(canvas, side * 52, 108, 30, 34, cloth.plain(0.94), flap=True)
        drawstrings(canvas, 4, base.top + 10, 30, s.second)
        if cloth.print_ is None:
            lettering(canvas, die.choice(("ECHO", "07", "LOUD")), 24, base.length - 14, 30, s.second, legs[0])
    elif look.style == "dressy":
        bow_belt(canvas, base, cloth)
    else:
        button(canvas, 0, base.top + 7.5, (220, 206, 176), 1.9)
        if look.style == "casual":
            roll_up(canvas, base, cloth, legs)
        else:
            belt(canvas, base, (96, 62, 44))
            welt(canvas, 34, 62, 46, 66, cloth.colour)


def bow_belt(canvas: Canvas, cut: Leg, cloth: Cloth) -> None:
    """A sash tied at the waist."""
    y = cut.top + 8
    sash = cloth.plain(0.85).shiny(0.5)
    for flip in (1, -1):
        for shape in ([(0, y), (8, y + 8), (11, y + 34, 1), (4, y + 36, 1), (1, y + 12)], [(0, y), (10, y - 8), (19, y - 3), (17, y + 6)]):
            points: Outline = [*shape]
            canvas.panel(points if flip > 0 else flipped(points), sash, cast=0.3, round_by=3)


def leggings(canvas: Canvas, look: Look) -> None:
    """Leggings: plain, with mesh and colour blocks, or with a bold print."""
    die, s = look.die(), look.scheme
    cloth = look.fabric({"casual": "jersey", "street": "legs"}.get(look.style, "legs"))
    if look.style == "casual":
        cloth = Cloth(s.main, None, "melange" if die.random() < 0.6 else "rib")
    gloss = 0.35 if look.style == "sporty" else cloth.gloss
    cloth = cloth.shiny(gloss)
    cut = Leg(waist=25, hip=33, top=20, rise=50, knee=28, out=23, hem=10.5, knee_width=17, length=206)
    legs = lay_legs(canvas, cut, cloth, leg_folds(cut, die, 0.6))
    band = cloth.plain(0.92)
    if look.style == "sporty":
        kind = die.randrange(3)
        if kind == 0:
            stripes(canvas, cut, legs, s.second, die.choice((1, 2)))
        elif kind == 1:
            for flip, panel in ((1, legs[0]), (-1, legs[1])):
                block: Outline = [(flip * 44, 96, 1), (flip * 12, 122), (flip * 44, 150, 1)]
                canvas.patch(block, s.second, panel)
        else:
            for flip, panel in ((1, legs[0]), (-1, legs[1])):
                canvas.patch([(flip * 8, 160, 1), (flip * 40, 148, 1), (flip * 40, 156, 1), (flip * 8, 168, 1)], s.second, panel)
                canvas.patch([(flip * 8, 172, 1), (flip * 40, 160, 1), (flip * 40, 164, 1), (flip * 8, 176, 1)], s.accent, panel)
        band = cloth.of(s.second if die.random() < 0.4 else shaded(cloth.colour, 0.9))
    height = 16
    t, w = cut.top, cut.waist
    canvas.panel(mirrored([(0, t - 2), (w, t - 4, 1), (w + 3, t + height - 2, 1), (0, t + height)]), band, cast=0.2, round_by=4)
    if look.style == "sporty":
        emblem(canvas, die, 14, t + 6, 3.4, s.accent, legs[0])
    if look.style == "street":
        lettering(canvas, die.choice(("ECHO", "ORBIT", "LOUD")), 19, 104, 26, s.second, legs[0], tilt=82)
        for flip in (1, -1):
            canvas.line([(flip * mix((0, 0), (34, 0), 0.3)[0], 124), (flip * 28, 120)], ink(cloth.colour, 0.4), 0.8)
    canvas.line([(0, t + height), (0.4, t + cut.rise)], shaded(cloth.colour, 0.7), 0.5)
    if brightness(cloth.colour) > 200:
        hems(canvas, cut, cloth.colour)
