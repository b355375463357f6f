"""Shorts and leggings. Imports leg, details and what they stand on."""

from dataclasses import replace

from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped, mirrored, mix
from scripts.wardrobe.details import button, drawstrings, emblem, lettering, patch_pocket, welt
from scripts.wardrobe.leg import Leg, belt, fly, hems, lay_legs, leg_folds, roll_up, stripes, waistband
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import blend, brightness, ink, shaded


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
    folds = [
        Fold([(4, 94), (16, 90), (30, 92)], 0.5),
        Fold([(4, 100), (18, 102), (30, 112)], 0.4),
        Fold([(48, base.length - 3), (46, base.length - 24)], 0.4),
        Fold([(26, base.length - 3), (27, base.length - 20)], 0.3),
    ]
    if look.style in ("smart", "dressy"):
        folds.append(Fold([(24, 56), (31, 90), (34, base.length)], 0.7, 1.6))
    legs = lay_legs(canvas, base, cloth, folds)
    tone = ink(cloth.colour, 0.4)
    if look.style == "sporty":
        if cloth.print_ is None or die.random() < 0.5:
            for flip, panel in ((1, legs[0]), (-1, legs[1])):
                wedge: Outline = [
                    (flip * 70, 70, 1),
                    (flip * 56, 96),
                    (flip * 53, base.length + 5, 1),
                    (flip * 75, base.length + 5, 1),
                ]
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
        for shape in (
            [(0, y), (8, y + 8), (11, y + 34, 1), (4, y + 36, 1), (1, y + 12)],
            [(0, y), (10, y - 8), (19, y - 3), (17, y + 6)],
        ):
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
                canvas.patch(
                    [(flip * 8, 160, 1), (flip * 40, 148, 1), (flip * 40, 156, 1), (flip * 8, 168, 1)],
                    s.second,
                    panel,
                )
                canvas.patch(
                    [(flip * 8, 172, 1), (flip * 40, 160, 1), (flip * 40, 164, 1), (flip * 8, 176, 1)],
                    s.accent,
                    panel,
                )
        band = cloth.of(s.second if die.random() < 0.4 else shaded(cloth.colour, 0.9))
    height = 16
    t, w = cut.top, cut.waist
    canvas.panel(
        mirrored([(0, t - 2), (w, t - 4, 1), (w + 3, t + height - 2, 1), (0, t + height)]),
        band,
        cast=0.2,
        round_by=4,
    )
    if look.style == "sporty":
        emblem(canvas, die, 14, t + 6, 3.4, s.accent, legs[0])
    if look.style == "street":
        lettering(canvas, die.choice(("ECHO", "ORBIT", "LOUD")), 19, 104, 26, s.second, legs[0], tilt=82)
        for flip in (1, -1):
            canvas.line(
                [(flip * mix((0, 0), (34, 0), 0.3)[0], 124), (flip * 28, 120)], ink(cloth.colour, 0.4), 0.8
            )
    canvas.line([(0, t + height), (0.4, t + cut.rise)], shaded(cloth.colour, 0.7), 0.5)
    if brightness(cloth.colour) > 200:
        hems(canvas, cut, cloth.colour)
