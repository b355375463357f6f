"""Shirts, blouses and polos: all that has a collar and a placket.

Imports collars, body, details and what they stand on.
"""

from dataclasses import replace

from scripts.wardrobe.body import (
    Cut,
    body_folds,
    both_bands,
    lay_back,
    lay_sleeves,
    mirrored_line,
    rib_neck,
    stitch,
    torso,
)
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.collars import bow_tie, button_colour, collar, placket, tie
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.details import buttons, emblem, graphic, patch_pocket, zip_line
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, ink, shaded
from scripts.wardrobe.tops import printable, sport_trim


def shirt(canvas: Canvas, look: Look) -> None:
    """A shirt: flannel or gingham, camp collar with a bold print, crisp office, or silky evening."""
    die = look.die()
    cloth = look.fabric("shirting")
    slim = 3 if look.women else 0
    cut = Cut(
        shoulder=45 - slim,
        chest=45 - slim,
        waist=42 - 1.5 * slim,
        hem=45 - slim,
        sleeve=134,
        spread=10,
        cuff=15,
        length=188,
        neck=16,
        depth=13,
        neckline="v",
        hem_curve=6,
    )
    camp = look.style == "street" or (look.style == "casual" and die.random() < 0.25)
    if camp:
        cut = replace(
            cut,
            sleeve=46,
            spread=24,
            cuff=31,
            shoulder=50 - slim,
            chest=50 - slim,
            waist=50 - slim,
            hem=51 - slim,
            length=180,
            hem_curve=1,
            depth=24,
            armpit=84,
        )
    if look.style in ("smart", "dressy"):
        cut = replace(cut, waist=39 - 1.6 * slim, hem=42 - slim, chest=43 - slim, shoulder=43 - slim)
    lay_back(canvas, cut, cloth)
    sleeves = lay_sleeves(canvas, cut, cloth, die)
    if not camp:
        both_bands(canvas, cut, sleeves, cut.sleeve - 12, cut.sleeve + 4, cloth)
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 1.0))
    plain = look.style == "dressy" and not look.women
    trim = cloth if not plain else cloth.of(shaded(cloth.colour, 0.8))
    if plain and die.random() < 0.5:
        for k in range(1, 6):
            for side in (-1, 1):
                canvas.line(
                    [(side * (3 + k * 3), 54 + k), (side * (3 + k * 3), 124)], ink(cloth.colour, 0.25), 0.6
                )
    shade = button_colour(look) if look.style != "dressy" else (30, 30, 34)
    placket(canvas, cut, cloth.colour, cut.length + cut.hem_curve - 1, shade, 7 if not camp else 5)
    white_collar = look.style == "smart" and cloth.print_ is not None and die.random() < 0.35
    collar(canvas, cut, Cloth((246, 246, 246)) if white_collar else trim, open_by=10 if camp else 0)
    if plain and die.random() < 0.6:
        bow_tie(canvas, cut.top + cut.depth + 2, (32, 31, 36))
    elif look.style == "smart" and not look.women and die.random() < 0.3:
        tie(canvas, cut, look.scheme.accent)
    if look.style == "casual" and not camp:
        for side in (-1, 1):
            patch_pocket(canvas, side * 22, 78, 20, 22, cloth, flap=die.random() < 0.6)
    elif look.style == "street":
        if cloth.print_ is None or die.random() < 0.3:
            graphic(canvas, die, -22 if cloth.print_ else 22, 120, 16, printable(look), body)
        else:
            patch_pocket(canvas, 23, 82, 20, 20, cloth)


def blouse(canvas: Canvas, look: Look) -> None:
    """A blouse: peasant and loose, satin with a bow or ruffles, or crisp with a stand collar."""
    die = look.die()
    cloth = look.fabric("shirting")
    if look.style == "casual" and cloth.texture in ("fleece", "denim"):
        cloth = cloth.of(cloth.colour, "linen")
    cut = Cut(
        shoulder=40,
        chest=41,
        waist=39,
        hem=45,
        sleeve=122,
        spread=13,
        cuff=14,
        length=176,
        neck=18,
        depth=22,
        neckline="v",
        hem_curve=4,
        puff=5,
    )
    if look.style == "casual":
        cut = replace(cut, sleeve=die.choice((52, 112)), cuff=26, neckline="scoop", depth=20, hem=50, puff=7)
    if look.style == "smart":
        cut = replace(cut, puff=1.5, hem=40, waist=36, depth=12, neck=15)
    lay_back(canvas, cut, cloth, tag=False)
    sleeves = lay_sleeves(canvas, cut, cloth, die)
    if look.style != "casual" or cut.sleeve > 60:
        both_bands(canvas, cut, sleeves, cut.sleeve - 11, cut.sleeve + 4, cloth.plain(0.96))
    folds = body_folds(cut, die, 1.1)
    if look.style != "smart":
        folds += [
            Fold([(x * 0.5, 62), (x * 0.9, 110), (x * 1.2, 172)], 0.4, 3) for x in (-30, -18, -6, 8, 20, 32)
        ]
    body = canvas.panel(torso(cut), cloth, folds=folds)
    if look.style == "casual":
        gathered_neck(canvas, cut, cloth, look.scheme.second)
    elif look.style == "smart":
        placket(canvas, cut, cloth.colour, cut.length + 3, button_colour(look), 7)
        if die.random() < 0.5:
            collar(canvas, cut, cloth, long=14)
        else:
            rib_neck(canvas, cut, cloth.plain(0.95), 5)
    else:
        ruffled = die.random() < 0.5
        if ruffled:
            for k, y in enumerate((62, 76, 90)):
                ruffle(canvas, cloth, y, 20 - k * 3, body)
            rib_neck(canvas, cut, cloth.plain(0.93), 3)
        else:
            rib_neck(canvas, cut, cloth.plain(0.95), 4)
            pussy_bow(canvas, cut, cloth)


def gathered_neck(canvas: Canvas, cut: Cut, cloth: Cloth, thread: RGB) -> None:
    """A gathered peasant neckline with embroidery and a tie."""
    rib_neck(canvas, cut, cloth.plain(0.95), 3)
    y = cut.top + cut.depth
    for i in range(-5, 6):
        x = i * 3.2
        canvas.line(
            [(x, y + 3 - abs(i) * 1.6), (x * 1.15, y + 18 - abs(i) * 1.2)], shaded(cloth.colour, 0.78), 0.5
        )
    for i in range(-4, 5):
        canvas.dot(i * 5, y + 24 - abs(i) * 1.5, 1.4, thread)
        canvas.dot(i * 5, y + 29 - abs(i) * 1.5, 0.8, shaded(thread, 0.75))
    canvas.line([(0, y + 2), (-4, y + 12), (-3, y + 22)], shaded(cloth.colour, 0.6), 1.0)
    canvas.line([(0, y + 2), (4, y + 11), (5, y + 20)], shaded(cloth.colour, 0.6), 1.0)


def ruffle(canvas: Canvas, cloth: Cloth, y: float, half: float, body: Panel) -> None:
    """A wavy flounce across the front."""
    wave = [(-half, y)]
    steps = 8
    low = [(half - 2 * half * i / steps, y + 13 + (2.6 if i % 2 else -1.2)) for i in range(steps + 1)]
    wave += [(half, y), *low]
    folds = [
        Fold([(x, y + 1), (x * 1.04, y + 13)], 0.6, 2)
        for x in (-half * 0.6, -half * 0.2, half * 0.2, half * 0.6)
    ]
    canvas.panel(wave, cloth, folds=folds, cast=0.35, edge=0.15, round_by=3)


def pussy_bow(canvas: Canvas, cut: Cut, cloth: Cloth) -> None:
    """A bow of the same cloth at the neck, with two tails."""
    y = cut.top + cut.depth + 3
    for flip, drop in ((1, 46), (-1, 38)):
        tail: Outline = [(0, y, 1), (5, y + 4), (9, y + drop, 1), (2, y + drop + 4, 1), (-1, y + 14)]
        canvas.panel(tail if flip > 0 else flipped(tail), cloth, cast=0.35, round_by=3)
    for flip in (1, -1):
        loop: Outline = [(0, y), (10, y - 8), (20, y - 4), (19, y + 7), (9, y + 7)]
        canvas.panel(
            loop if flip > 0 else flipped(loop),
            cloth,
            cast=0.35,
            round_by=3,
            folds=[Fold([(flip * 3, y), (flip * 14, y)], 0.6)],
        )
    canvas.panel([(-3.5, y - 4), (3.5, y - 4), (4, y + 5), (-4, y + 5)], cloth, cast=0.3, round_by=2)


def polo(canvas: Canvas, look: Look) -> None:
    """A polo shirt: pique with a placket, fine-knit long sleeve, or technical with a zip."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("jersey")
    if look.style != "sporty":
        cloth = cloth.of(cloth.colour, "waffle") if cloth.print_ is None else cloth
    if look.style in ("smart", "dressy"):
        knit = look.style == "dressy"
        cloth = Cloth(s.main, None, "rib" if knit else "plain", 0.3 if knit else 0.05)
    long_sleeve = look.style in ("smart", "dressy") and die.random() < 0.6
    cut = Cut(
        shoulder=44,
        chest=43,
        waist=41,
        hem=43,
        sleeve=40,
        spread=30,
        cuff=25,
        neck=15,
        depth=12,
        neckline="v",
        length=182,
    )
    if long_sleeve:
        cut = replace(cut, sleeve=132, spread=10, cuff=14, hem=41)
    if look.style == "sporty":
        cut = replace(cut, cuff=22, chest=41, waist=39, spread=34)
    lay_back(canvas, cut, cloth)
    sleeves = lay_sleeves(canvas, cut, cloth, die)
    trim = cloth.plain(0.92)
    if look.style == "casual" or look.style == "sporty":
        trim = cloth.of(s.second, "rib") if die.random() < 0.6 else trim
    both_bands(
        canvas,
        cut,
        sleeves,
        cut.sleeve - (8 if long_sleeve else 4),
        cut.sleeve + 4,
        cloth.of(trim.colour, "rib"),
    )
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 0.9))
    if look.style == "sporty":
        sport_trim(canvas, look, cut, body, False)
        zip_line(canvas, [(0, cut.top + 8), (0, cut.top + 44)], s.second)
    else:
        canvas.panel(
            mirrored([(0, cut.top + 8, 1), (4, cut.top + 8, 1), (4, cut.top + 50, 1), (0, cut.top + 50)]),
            cloth.plain(0.96),
            cast=0.15,
            edge=0.08,
            round_by=2,
        )
        metal = (208, 178, 108) if look.style == "dressy" else button_colour(look)
        buttons(canvas, 0, cut.top + 20, cut.top + 44, 3, metal)
        if look.style == "casual":
            stitch(canvas, mirrored_line([(0, cut.length), (cut.hem, cut.length - 3)]), cloth.colour)
            emblem(canvas, die, 22, 74, 3, s.accent, body)
    if look.style == "dressy":
        for side in (-1, 1):
            for k in (10, 13):
                canvas.line(
                    [(side * k, 62), (side * k, cut.length - 8)], s.second if k == 10 else s.accent, 0.9
                )
    collar(canvas, cut, trim, long=15)
