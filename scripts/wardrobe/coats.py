"""Coats. Imports tailoring, outerwear, body, details."""

import random

from scripts.wardrobe.body import Cut, body_folds, lay_back, lay_sleeves, mirrored_line, torso
from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.details import button, emblem, flap_pocket, patch_pocket, zip_line
from scripts.wardrobe.knits import both_stripes
from scripts.wardrobe.look import Look
from scripts.wardrobe.outerwear import puffer
from scripts.wardrobe.palettes import blend, ink, shaded
from scripts.wardrobe.tailoring import lapels, tailored


def coat(canvas: Canvas, look: Look) -> None:
    """A coat: parka, long puffer, belted wrap, double-breasted overcoat or padded sports coat."""
    die = look.die()
    if look.style == "street":
        puffer(canvas, look, die, 204.0)
        return
    if look.style in ("casual", "sporty"):
        _parka(canvas, look, die)
        return
    cloth = look.fabric("outer")
    slim = 3 if look.women else 0
    cut = Cut(
        shoulder=43 - slim,
        chest=42 - slim,
        waist=40 - slim,
        hem=48 - slim,
        sleeve=134,
        spread=9,
        cuff=16,
        top=24,
        armpit=70,
        length=206,
        neck=15,
        depth=36,
        neckline="v",
    )
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
        canvas.panel(
            mirrored([(0, 110), (40, 107, 1), (40.5, 115, 1), (0, 119)]),
            cloth.plain(0.88),
            cast=0.3,
            round_by=2,
        )
        for x, low in ((-7, 156), (-1, 148)):
            canvas.panel(
                [(x - 2, 114, 1), (x + 2, 114, 1), (x + 4, low, 1), (x - 1, low + 1, 1)],
                cloth.plain(0.88),
                cast=0.3,
                round_by=2,
            )
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
    canvas.line(
        [(0 if not double else -12, close + 60), (0 if not double else -12, 206)],
        shaded(cloth.colour, 0.55),
        0.9,
    )


def _parka(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    sport = look.style == "sporty"
    cloth = Cloth(s.main, None, "plain", 0.5) if sport else look.fabric("outer")
    if not sport and cloth.texture == "denim":
        cloth = cloth.of(cloth.colour, "linen")
    cut = Cut(
        shoulder=43,
        chest=43,
        waist=41,
        hem=45,
        sleeve=124,
        spread=10,
        cuff=17,
        top=40,
        armpit=86,
        length=202,
        neck=18,
        depth=12,
        neckline="v",
        puff=2 if sport else 0,
    )
    fur = not sport and die.random() < 0.5
    hood = mirrored([(0, 15), (17, 18), (27, 34), (26, 52), (0, 66)])
    if fur:
        trim = mirrored([(0, 14), (18, 16), (30, 31), (30, 54), (22, 62), (0, 66)])
        canvas.panel(trim, Cloth((204, 184, 154), None, "fleece"), edge=0.4, line=0.75)
    else:
        canvas.panel(hood, cloth)
    canvas.panel(
        mirrored([(0, 23), (13, 25), (19, 37), (14, 54), (0, 64)]),
        (cloth.of(s.second) if sport else cloth).inside(),
        cast=0,
    )
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
            canvas.patch(
                [(flip * 52, 86, 1), (flip * 36, 104), (flip * 34, 210, 1), (flip * 60, 210, 1)],
                s.second,
                body,
            )
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
