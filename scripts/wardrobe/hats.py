"""Beanies, straw and bucket hats, caps and fedoras. Imports canvas, details and what they stand on."""

import random

from scripts.wardrobe.body import mirrored_line
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, box, circle, mirrored
from scripts.wardrobe.details import button, emblem, lettering
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import blend, ink, shaded
from scripts.wardrobe.straps import GOLD


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
        canvas.panel(
            circle(0, 42, 17),
            Cloth(blend(look.scheme.second, (240, 236, 228), 0.3), None, "fleece"),
            edge=0.4,
            line=0.75,
        )
    canvas.panel(
        mirrored([(0, 48), (30, 54), (56, 84), (62, 136, 1), (0, 142)]),
        cloth,
        edge=0.3,
        round_by=9,
        folds=[Fold([(x * 0.3, 56), (x * 0.85, 90), (x, 138)], 0.4, 3) for x in (-44, -22, 0, 22, 44)],
    )
    canvas.panel(
        mirrored([(0, 134), (62, 128), (66, 140), (64, 168), (58, 172), (0, 178)]),
        cloth.of(shaded(cloth.colour, 0.94), "rib"),
        cast=0.35,
        edge=0.3,
    )
    canvas.patch(box(26, 148, 42, 158), (150, 106, 66))


def _straw(canvas: Canvas, look: Look, die: random.Random) -> None:
    straw = Cloth(blend((222, 192, 140), look.scheme.main, 0.15), None, "tweed")
    canvas.panel(
        mirrored([(0, 132), (50, 134), (88, 150), (80, 166), (40, 174), (0, 176)]),
        straw,
        edge=0.3,
        round_by=5,
    )
    canvas.panel(
        mirrored([(0, 62), (30, 64), (44, 86), (50, 146, 1), (0, 156)]),
        straw,
        cast=0.35,
        edge=0.3,
        round_by=8,
    )
    canvas.panel(
        mirrored([(0, 136), (48, 128, 1), (50, 144, 1), (0, 154)]),
        Cloth(look.scheme.main),
        cast=0.2,
        edge=0.25,
    )


def _bucket(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("jersey")
    canvas.panel(mirrored([(0, 64), (34, 66), (44, 78), (54, 130, 1), (0, 138)]), cloth, edge=0.3, round_by=8)
    canvas.line(mirrored_line([(0, 70), (34, 72), (43, 80)]), ink(cloth.colour, 0.35), 0.6)
    canvas.panel(
        mirrored([(0, 132), (54, 124, 1), (78, 158), (72, 164), (0, 178)]), cloth, cast=0.35, edge=0.25
    )
    for k in range(1, 5):
        canvas.line(
            mirrored_line([(0, 132 + k * 9.5), (54 + k * 4.6, 124 + k * 7.4)]),
            ink(cloth.colour, 0.25),
            0.4,
            dash=1.6,
        )
    patch = canvas.panel(box(-17, 92, 17, 112), Cloth(look.scheme.second), cast=0.2, edge=0.1)
    lettering(canvas, die.choice(("LOUD", "07", "ECHO")), 0, 102, 24, look.scheme.main, patch)


def _crown(canvas: Canvas, cloth: Cloth, front: Cloth) -> Panel:
    crown = canvas.panel(
        [(-62, 138, 1), (-60, 96), (-36, 66), (0, 58), (34, 68), (50, 100), (52, 138, 1), (0, 142)],
        cloth,
        edge=0.3,
        round_by=9,
    )
    canvas.panel(
        [(-4, 58, 1), (34, 66), (60, 90, 1), (60, 150, 1), (4, 150, 1), (-2, 100)],
        front,
        within=crown,
        cast=0.05,
        edge=0.15,
    )
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
    lettering(
        canvas, die.choice(("N", "07", "ECHO", "K9", "LOUD")), 22, 106, die.choice((24, 30)), s.second, crown
    )
    canvas.panel(
        [(-6, 140, 1), (24, 132), (52, 134), (92, 150), (94, 156), (50, 156), (10, 160), (-8, 152)],
        Cloth(s.second if die.random() < 0.5 else shaded(s.main, 0.8)),
        cast=0.35,
        edge=0.25,
    )
    canvas.patch(circle(70, 149, 4.4), (214, 190, 110))


def _cap(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = Cloth(s.main, None, "mesh", 0.2)
    crown = _crown(canvas, cloth, Cloth(s.main, None, "plain", 0.3))
    for k in range(2):
        canvas.patch(
            [(-70, 116 + k * 12, 1), (-20, 108 + k * 12), (-20, 113 + k * 12), (-70, 121 + k * 12, 1)],
            s.second,
            crown,
        )
    emblem(canvas, die, 26, 104, 9, s.accent, crown)
    canvas.panel(
        [(-6, 140, 1), (24, 134), (52, 134), (88, 152), (96, 164), (80, 164), (44, 156), (0, 156)],
        Cloth(s.second, None, "plain", 0.25),
        cast=0.35,
        edge=0.25,
    )
    canvas.line([(4, 152), (44, 150), (86, 160)], ink(s.second, 0.3), 0.5)


def _fedora(canvas: Canvas, look: Look, die: random.Random) -> None:
    dressy = look.style == "dressy"
    cloth = Cloth(
        look.scheme.main,
        None,
        "velvet" if dressy else ("tweed" if die.random() < 0.5 else "melange"),
        0.3 if dressy else 0.0,
    )
    band = look.scheme.accent if not dressy else shaded(look.scheme.second, 0.9)
    canvas.panel(
        mirrored([(0, 132), (46, 134), (84, 138), (94, 134), (88, 152), (50, 166), (0, 170)]),
        cloth,
        edge=0.3,
        round_by=5,
    )
    crown: Outline = [
        (-52, 146, 1),
        (-48, 100),
        (-40, 72),
        (-22, 62),
        (0, 72),
        (22, 62),
        (40, 72),
        (48, 100),
        (52, 146, 1),
        (0, 156),
    ]
    canvas.panel(
        crown,
        cloth,
        cast=0.3,
        edge=0.3,
        round_by=8,
        folds=[Fold([(-10, 66), (-14, 92)], 0.7, 4), Fold([(24, 70), (18, 104)], 0.5, 4)],
    )
    canvas.panel(
        mirrored([(0, 136), (49.5, 126, 1), (51.5, 143, 1), (0, 153)]),
        Cloth(band, None, "plain", 0.35),
        cast=0.2,
        edge=0.2,
    )
    if dressy:
        for k, turn in enumerate((0, 6)):
            feather: Outline = [
                (44, 142, 1),
                (52 + turn, 110),
                (66 + turn, 84 + turn, 1),
                (62 + turn, 116),
                (50, 144, 1),
            ]
            canvas.panel(feather, Cloth(shaded(look.scheme.accent, 1 - 0.2 * k)), cast=0.2, round_by=2)
        button(canvas, 46, 140, GOLD, 2.6)
    else:
        canvas.panel(
            [(36, 130, 1), (48, 127, 1), (50, 143, 1), (38, 147, 1)],
            Cloth(shaded(band, 0.85), None, "plain", 0.35),
            cast=0.2,
            round_by=1.5,
        )
