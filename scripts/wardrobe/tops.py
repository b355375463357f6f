"""T-shirts and tops. Imports body, details and what they stand on."""

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
from scripts.wardrobe.curves import mirrored
from scripts.wardrobe.details import emblem, graphic, label, patch_pocket, zip_line
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, blend, contrast, ink, shaded


def printable(look: Look) -> tuple[RGB, RGB]:
    """Two inks that show on the main colour."""
    s = look.scheme
    a = s.second if contrast(s.second, s.main) > 110 else ink(s.main, 0.8)
    return a, s.accent


def tshirt(canvas: Canvas, look: Look) -> None:
    """A t-shirt: regular with a pocket, boxy with a big print, or slim with raglan sleeves and piping."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("jersey")
    slim = 3 if look.women else 0
    cut = Cut(
        shoulder=45 - slim,
        chest=44 - slim,
        waist=42 - 1.6 * slim,
        hem=44 - slim,
        sleeve=die.uniform(33, 40),
        length=184 - 4 * slim,
    )
    cut = replace(
        cut, neckline=die.choice(("crew", "crew", "v")), depth=die.uniform(12, 17), cuff=26 - slim * 0.5
    )
    if look.style == "street":
        cut = replace(
            cut,
            shoulder=55,
            chest=54,
            waist=53,
            hem=54,
            armpit=84,
            sleeve=47,
            spread=27,
            cuff=33,
            slope=11,
            length=184,
            neckline="crew",
            depth=12,
        )
    if look.style == "sporty":
        cut = replace(
            cut,
            shoulder=42 - slim,
            chest=41 - slim,
            waist=38 - slim * 1.6,
            hem=41 - slim,
            cuff=22,
            spread=36,
            neckline=die.choice(("crew", "v")),
        )
    trim = cloth.of(s.second) if look.style == "sporty" else cloth.plain(0.94)
    ringer = look.style == "casual" and die.random() < 0.25 and cloth.print_ is None
    if ringer:
        trim = cloth.of(s.second)
    lay_back(canvas, cut, cloth)
    contrast_sleeves = (look.style == "sporty" and die.random() < 0.5) or (
        look.style == "street" and cloth.print_ is None and die.random() < 0.25
    )
    sleeves = lay_sleeves(canvas, cut, cloth.of(s.second) if contrast_sleeves else cloth, die)
    if ringer:
        both_bands(canvas, cut, sleeves, cut.sleeve - 4, cut.sleeve + 3, trim)
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die))
    if look.style == "sporty":
        sport_trim(canvas, look, cut, body, contrast_sleeves)
    else:
        stitch(
            canvas,
            mirrored_line([(0, cut.length + cut.hem_curve - 4), (cut.hem, cut.length - 4)]),
            cloth.colour,
        )
    rib_neck(canvas, cut, trim, 4.5 if look.style == "street" else 3.6)
    inks = printable(look)
    if look.style == "street":
        place = die.random()
        if cloth.print_ is None or place < 0.35:
            graphic(canvas, die, 0, 102, die.uniform(25, 31), inks, body)
        else:
            label(canvas, die.choice(("STATIC", "NULL", "ECHO")), 74, 30, s.main, body, -20 if slim else 20)
    if look.style == "casual" and cloth.print_ is None and not ringer and die.random() < 0.6:
        patch_pocket(canvas, 21, 74, 19, 21, cloth.plain(0.98))


def sport_trim(canvas: Canvas, look: Look, cut: Cut, body: Panel, shoulders: bool) -> None:
    """Side panels or raglan piping, and a small mark."""
    die, s = look.die("sport"), look.scheme
    kind = die.randrange(3)
    if kind == 0:
        for flip in (1, -1):
            side = [
                (flip * (cut.chest + 4), cut.armpit - 6, 1),
                (flip * (cut.chest - 9), cut.armpit + 16),
                (flip * (cut.waist - 8), cut.length - 30),
                (flip * (cut.hem - 16), cut.length + 6, 1),
                (flip * (cut.hem + 5), cut.length + 6, 1),
            ]
            canvas.patch(side, s.second, body)
    elif kind == 1:
        for flip in (1, -1):
            canvas.line(
                [
                    (flip * cut.neck, cut.top + 1),
                    (flip * (cut.neck + 10), cut.top + 24),
                    (flip * cut.chest, cut.armpit),
                ],
                s.second,
                1.6,
            )
    else:
        yoke = mirrored(
            [(0, 66), (26, 62), (cut.chest + 6, 56, 1), (cut.chest + 6, 60, 1), (26, 67), (0, 71)]
        )
        canvas.patch(yoke, s.second, body)
        canvas.patch([(p[0], p[1] + 8, *p[2:]) for p in yoke], s.accent, body)
    emblem(canvas, die, 20, 68 if kind < 2 else 54, 5.2, s.second if kind < 2 else s.accent, body)


def top(canvas: Canvas, look: Look) -> None:
    """A sleeveless or long-sleeved top: tank, camisole, bodysuit-like rib, cropped, or racer back."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("jersey")
    if look.style == "dressy":
        camisole(canvas, look, cloth)
        return
    long_sleeve = look.style == "smart" or (look.style == "casual" and die.random() < 0.5)
    cut = Cut(
        shoulder=32, chest=38, waist=34, hem=38, neck=20, depth=28, neckline="scoop", length=176, armpit=82
    )
    if look.style == "street":
        cut = replace(cut, length=138, waist=37, hem=38, neckline=die.choice(("square", "scoop")), depth=24)
    if look.style == "sporty":
        cut = replace(cut, shoulder=27, neck=17, depth=26, length=die.choice((142, 172)), waist=33, hem=36)
    if long_sleeve:
        cut = replace(
            cut,
            shoulder=40,
            neck=21,
            depth=17,
            neckline=die.choice(("boat", "scoop")),
            armpit=76,
            sleeve=130,
            spread=12,
            cuff=13,
            length=180,
        )
    lay_back(canvas, cut, cloth, tag=False)
    if long_sleeve:
        lay_sleeves(canvas, cut, cloth, die)
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 0.8))
    trim = cloth.of(s.second) if look.style == "sporty" else cloth.plain(0.9)
    rib_neck(canvas, cut, trim, 2.6)
    if not long_sleeve:
        for flip in (1, -1):
            canvas.line(
                [
                    (flip * (cut.shoulder - 1.5), cut.tip[1]),
                    (flip * (cut.shoulder - 3), cut.tip[1] + 24),
                    (flip * cut.chest, cut.armpit),
                ],
                trim.colour,
                2.2,
            )
    if look.style == "sporty":
        sport_trim(canvas, look, cut, body, False)
    elif look.style == "street":
        if cloth.print_ is None:
            graphic(canvas, die, 0, 96, 19, printable(look), body)
        else:
            zip_line(canvas, [(0, cut.top + cut.depth), (0, 112)], cloth.colour)
    elif look.style == "smart":
        for side in (-1, 1):
            canvas.dot(side * (cut.shoulder - 4), cut.top + 11, 1.3, (206, 176, 104))
            canvas.dot(side * (cut.shoulder - 7), cut.top + 9.5, 1.3, (206, 176, 104))
    else:
        stitch(canvas, mirrored_line([(0, cut.length - 1), (cut.hem, cut.length - 4)]), cloth.colour)


def camisole(canvas: Canvas, look: Look, cloth: Cloth) -> None:
    """A camisole with thin straps and a draped or lace edge."""
    die = look.die()
    tone = ink(cloth.colour, 0.2)
    for side in (-1, 1):
        canvas.line([(side * 22, 64), (side * 20, 40), (side * 16, 28)], shaded(tone, 0.8), 1.6)
    back = mirrored([(0, 74), (24, 70), (34, 82, 1), (0, 96)])
    canvas.panel(back, cloth.inside(), cast=0)
    half = [
        (0, 82, 1),
        (14, 68),
        (22, 60, 1),
        (27, 68),
        (36, 82, 1),
        (33, 118),
        (40, 172, 1),
        (20, 178),
        (0, 176),
    ]
    folds = [Fold([(x, 90), (x * 0.9 + 2, 122), (x * 1.25, 168)], 0.42, 3) for x in (-26, -13, 1, 12, 25)]
    folds += [Fold([(-20, 72 + k * 6), (0, 86 + k * 8), (20, 72 + k * 6)], 0.4) for k in range(3)]
    canvas.panel(mirrored(half), cloth, folds=folds)
    if die.random() < 0.5:
        scallop(canvas, cloth, 172)
    for side in (-1, 1):
        canvas.line([(0, 82), (side * 14, 68), (side * 22, 60)], tone, 0.9)


def scallop(canvas: Canvas, cloth: Cloth, y: float, half: int = 6) -> None:
    """A row of lace scallops along a hem."""
    tone = blend(cloth.colour, (255, 255, 255) if sum(cloth.colour) < 420 else (90, 80, 84), 0.35)
    for k in range(-half, half + 1):
        canvas.line([(k * 6 - 3, y - 3), (k * 6, y + 2), (k * 6 + 3, y - 3)], tone, 0.8)
        canvas.dot(k * 6, y - 4, 0.9, tone)
    canvas.line([(-half * 6.2, y - 7), (half * 6.2, y - 7)], tone, 0.6)
