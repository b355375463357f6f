"""Sweaters and hoodies. Imports tops, body, details and what they stand on."""

from dataclasses import replace

from scripts.wardrobe.body import (
    Cut,
    body_folds,
    both_bands,
    hem_band,
    lay_back,
    lay_sleeves,
    mirrored_line,
    rib_neck,
    torso,
)
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.details import drawstrings, emblem, graphic, label, zip_line
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, shaded
from scripts.wardrobe.tops import printable


def sweater(canvas: Canvas, look: Look) -> None:
    """A sweater: crew, v, roll neck or half zip, with ribbed cuffs and hem."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("knit")
    slim = 3 if look.women else 0
    roomy = {"casual": 5, "street": 10, "dressy": -2, "smart": 0, "sporty": 1}[look.style]
    cut = Cut(
        shoulder=45 - slim + roomy,
        chest=45 - slim + roomy,
        waist=44 - 2 * slim + roomy,
        hem=42 - slim + roomy,
        sleeve=133,
        spread=11 + roomy * 0.2,
        cuff=16,
        length=180,
        depth=12,
        armpit=80 + roomy * 0.6,
    )
    if look.style == "street":
        cut = replace(cut, length=172, sleeve=132, slope=13)
    if look.style == "smart":
        cut = replace(cut, neckline=die.choice(("v", "crew")), depth=die.choice((14, 26)))
        cut = replace(cut, depth=28 if cut.neckline == "v" else 11)
    if look.style == "dressy":
        cut = replace(cut, neckline=die.choice(("boat", "v")), neck=23, depth=20, puff=5 if look.women else 0)
    lay_back(canvas, cut, cloth)
    sleeves = lay_sleeves(canvas, cut, cloth, die)
    both_bands(
        canvas, cut, sleeves, cut.sleeve - 9, cut.sleeve + 5, cloth.of(shaded(cloth.colour, 0.93), "rib")
    )
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 0.8))
    hem_band(canvas, cut, cloth.plain(0.93), body, 12 if look.style != "dressy" else 6)
    if look.style == "sporty":
        trim = cloth.of(s.second, "rib")
        canvas.patch(mirrored([(0, 74), (60, 66, 1), (60, 84, 1), (0, 92)]), s.second, body)
        half_zip(canvas, cut, cloth, trim.colour)
        emblem(canvas, die, 22, 62, 4.6, s.accent, body)
        return
    if look.style == "smart" and cut.neckline == "v" and not look.women:
        inner_collar(canvas, cut)
    roll = look.style in ("casual", "smart") and cut.neckline == "crew" and die.random() < 0.4
    if roll:
        tube = mirrored(
            [(0, cut.top - 15), (cut.neck - 3, cut.top - 14), (cut.neck + 1, cut.top + 4), (0, cut.top + 13)]
        )
        canvas.panel(tube, cloth.of(cloth.colour, "rib"), cast=0.35, edge=0.3)
        canvas.line(
            mirrored_line([(0, cut.top - 11), (cut.neck - 3, cut.top - 12)]), shaded(cloth.colour, 0.6), 0.7
        )
    else:
        rib_neck(
            canvas, cut, cloth.of(shaded(cloth.colour, 0.93), "rib"), 5 if look.style != "dressy" else 2.5
        )
    if look.style == "street" and cloth.print_ is None:
        graphic(canvas, die, 0, 104, 28, printable(look), body)
    if look.style == "dressy" and look.women:
        for i in range(-4, 5):
            canvas.dot(i * 5, cut.top + cut.depth * 0.5 + 20 - abs(i) * 2.4, 1.3, (238, 230, 214))


def inner_collar(canvas: Canvas, cut: Cut) -> None:
    """A white shirt collar that shows in a v neck."""
    white = Cloth((243, 244, 246))
    for flip in (1, -1):
        leaf = [
            (0, cut.top + 14, 1),
            (cut.neck - 2, cut.top - 2, 1),
            (cut.neck + 2, cut.top + 4),
            (12, cut.top + 21, 1),
        ]
        canvas.panel(leaf if flip > 0 else flipped(leaf), white, cast=0.25, edge=0.1, round_by=2)


def half_zip(canvas: Canvas, cut: Cut, cloth: Cloth, tape: RGB) -> None:
    """A stand-up collar with a short zip."""
    stand = mirrored(
        [(0, cut.top - 8), (cut.neck - 2, cut.top - 10), (cut.neck + 2, cut.top + 5), (0, cut.top + 13)]
    )
    canvas.panel(stand, cloth.plain(0.95), cast=0.3, edge=0.25)
    zip_line(canvas, [(0, cut.top - 6), (0, cut.top + 46)], tape)


def hoodie(canvas: Canvas, look: Look) -> None:
    """A hoodie: with a kangaroo pocket and cords, boxy with a print, or a zipped track hoodie."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("jersey")
    if look.style == "casual":
        cloth = cloth.of(s.main, "melange")
    slim = 3 if look.women else 0
    roomy = {"casual": 3, "street": 11, "sporty": -1}.get(look.style, 0)
    cut = Cut(
        shoulder=46 - slim + roomy,
        chest=46 - slim + roomy,
        waist=45 - 2 * slim + roomy,
        hem=43 - slim + roomy,
        top=44,
        sleeve=121,
        spread=11 + roomy * 0.2,
        cuff=17,
        length=186,
        neck=21,
        depth=22,
        armpit=90 + roomy * 0.5,
        slope=11,
    )
    hood_out = mirrored([(0, 16), (16, 19), (25, 33), (26, 50), (20, 62), (0, 70)])
    canvas.panel(hood_out, cloth, folds=[Fold([(-18, 24), (-22, 44)], 0.5), Fold([(18, 24), (22, 44)], 0.5)])
    lining = s.second if look.style == "sporty" else shaded(cloth.colour, 0.62)
    canvas.panel(
        mirrored([(0, 22), (12, 25), (19, 38), (15, 58), (0, 72)]),
        Cloth(shaded(lining, 0.85)),
        edge=0.35,
        cast=0,
    )
    raglan = look.style == "sporty" or (
        look.style == "street" and cloth.print_ is None and die.random() < 0.3
    )
    arm = cloth.of(s.second) if raglan and die.random() < 0.6 else cloth
    sleeves = lay_sleeves(canvas, cut, arm, die)
    if look.style == "sporty":
        for k in range(2):
            both_stripes(canvas, cut, sleeves, 6 + k * 6, s.second if arm is cloth else s.main)
    both_bands(canvas, cut, sleeves, cut.sleeve - 9, cut.sleeve + 6, cloth.of(shaded(arm.colour, 0.9), "rib"))
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die))
    hem_band(canvas, cut, cloth.plain(0.92), body, 12)
    for flip in (1, -1):
        flap = [
            (0, cut.top + cut.depth + 4, 1),
            (cut.neck * 0.7, cut.top + 15),
            (cut.neck + 2, cut.top - 2, 1),
            (cut.neck + 7, cut.top + 5),
            (14, cut.top + 28),
            (2, cut.top + cut.depth + 12, 1),
        ]
        canvas.panel(flap if flip > 0 else flipped(flap), cloth.plain(), cast=0.35, edge=0.2, round_by=3)
    zipped = look.style == "sporty" or (look.style == "casual" and die.random() < 0.4)
    pocket = mirrored([(0, 138, 1), (17, 138, 1), (30, 158, 1), (32, 174, 1), (0, 174)])
    canvas.panel(pocket, cloth, cast=0.22, edge=0.1, round_by=3)
    for side in (-1, 1):
        canvas.line([(side * 17, 138), (side * 30, 158)], shaded(cloth.colour, 0.55), 1.1)
    if zipped:
        zip_line(
            canvas,
            [(0, cut.top + cut.depth + 6), (0, cut.length + 2)],
            s.second if look.style == "sporty" else cloth.colour,
        )
    cord = s.second if look.style != "casual" else (240, 238, 232)
    drawstrings(canvas, 8, cut.top + cut.depth + 6, 30 if not zipped else 18, cord)
    if look.style == "street":
        if cloth.print_ is None:
            graphic(canvas, die, 0, 112, 25, printable(look), body)
        else:
            label(canvas, die.choice(("STATIC", "ORBIT", "PARADE", "ECHO")), 112, 46, s.main, body)
    elif look.style == "sporty":
        emblem(canvas, die, 22, 92, 5, s.second, body)


def both_stripes(canvas: Canvas, cut: Cut, sleeves: tuple[Panel, Panel], inset: float, colour: RGB) -> None:
    """A stripe down each sleeve, `inset` from its outer edge."""
    (sx, sy), (dx, dy) = cut.tip, cut.way
    far = cut.sleeve + 4
    shape: Outline = [
        (sx - inset * dy, sy + inset * dx - 4, 1),
        (sx - (inset + 3) * dy, sy + (inset + 3) * dx - 4, 1),
        (sx + dx * far - (inset + 3) * dy, sy + dy * far, 1),
        (sx + dx * far - inset * dy, sy + dy * far, 1),
    ]
    canvas.patch(shape, colour, sleeves[0])
    canvas.patch(flipped(shape), colour, sleeves[1])
