"""Totes, backpacks and gym bags, and which style carries which bag. Imports straps and handbags."""

import random

from scripts.wardrobe.body import mirrored_line, stitch
from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, box, mirrored
from scripts.wardrobe.details import emblem, graphic, lettering, zip_line
from scripts.wardrobe.handbags import clutch, satchel
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import ink
from scripts.wardrobe.straps import strap
from scripts.wardrobe.tops import printable


def bag(canvas: Canvas, look: Look) -> None:
    """A tote or backpack, messenger, clutch, briefcase or structured handbag, or gym bag."""
    die = look.die()
    {
        "casual": _tote,
        "street": _backpack,
        "dressy": clutch,
        "smart": satchel,
        "sporty": _duffel,
    }[look.style](canvas, look, die)


def _tote(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("drape")
    leather = Cloth((152, 106, 68), None, "leather", 0.2)
    for side, rise in ((0, 22.0), (1, 30.0)):
        tone = leather if die.random() < 0.5 else cloth.plain(0.85)
        strap(
            canvas,
            [(-30, 92), (-27, rise + 24), (0, rise), (27, rise + 24), (30, 92)],
            tone.plain(0.8 + 0.2 * side),
            5.5,
        )
    half: Outline = [(0, 80, 1), (56, 78, 1), (61, 130), (62, 186), (54, 196), (0, 198)]
    body = canvas.panel(
        mirrored(half),
        cloth,
        folds=[
            Fold([(-40, 82), (-46, 130), (-44, 190)], 0.4, 4),
            Fold([(38, 84), (44, 150)], 0.4, 4),
            Fold([(-10, 192), (10, 160)], 0.25, 4),
        ],
        round_by=8,
        edge=0.25,
    )
    canvas.line(mirrored_line([(0, 87), (57, 85)]), ink(cloth.colour, 0.3), 0.5, dash=1.8)
    for side in (-1, 1):
        canvas.panel(
            [
                (side * 30 - 4, 80, 1),
                (side * 30 + 4, 80, 1),
                (side * 30 + 4, 100, 1),
                (side * 30 - 4, 100, 1),
            ],
            leather,
            cast=0.2,
            round_by=1.5,
        )
    if cloth.print_ is None:
        if die.random() < 0.5:
            canvas.panel(
                mirrored([(0, 118, 1), (30, 118, 1), (30, 168, 1), (0, 170)]),
                cloth.plain(0.97),
                cast=0.2,
                round_by=3,
            )
            stitch(canvas, mirrored_line([(0, 122), (28, 122)]), cloth.colour)
        else:
            canvas.panel(
                mirrored([(0, 160, 1), (66, 158, 1), (66, 205, 1), (0, 205)]),
                cloth.of(s.second),
                within=body,
                cast=0.05,
            )


def _backpack(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("outer").shiny(0.25)
    strap(canvas, [(-12, 34), (-8, 16), (8, 16), (12, 34)], cloth.plain(0.8), 5)
    for side in (-1, 1):
        strap(
            canvas,
            [(side * 40, 60), (side * 62, 96), (side * 60, 150), (side * 46, 184)],
            cloth.plain(0.75),
            8,
        )
    body = canvas.panel(
        mirrored([(0, 26), (32, 30), (49, 54), (54, 120), (53, 186), (42, 198), (0, 200)]),
        cloth,
        edge=0.3,
        round_by=8,
        folds=[Fold([(-40, 60), (-44, 110)], 0.4, 4), Fold([(40, 60), (46, 120)], 0.4, 4)],
    )
    zip_line(canvas, mirrored_line([(0, 44), (30, 50), (41, 80), (43, 104)]), cloth.colour)
    pocket = canvas.panel(
        mirrored([(0, 118), (36, 120), (42, 130), (42, 182), (32, 190), (0, 190)]),
        cloth.plain(0.93),
        cast=0.3,
        edge=0.25,
    )
    zip_line(canvas, [(-34, 130), (34, 130)], cloth.colour)
    if cloth.print_ is None or die.random() < 0.4:
        graphic(canvas, die, 0, 82, 20, printable(look), body)
    lettering(canvas, die.choice(("NULLSET", "K9", "LOW TIDE", "HALFTONE")), 0, 160, 44, s.second, pocket)
    for side in (-1, 1):
        canvas.panel(
            [
                (side * 30 - 3.4, 60, 1),
                (side * 30 + 3.4, 60, 1),
                (side * 31 + 3.4, 116, 1),
                (side * 31 - 3.4, 116, 1),
            ],
            cloth.of(s.second),
            cast=0.2,
            round_by=1.5,
        )
        canvas.patch(box(side * 30.5 - 4.5, 98, side * 30.5 + 4.5, 106), (40, 40, 44))


def _duffel(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = Cloth(s.main, None, "plain", 0.35)
    trim = cloth.of(s.second)
    backpack = die.random() < 0.35
    if backpack:
        strap(canvas, [(-10, 32), (-7, 18), (7, 18), (10, 32)], trim, 5)
        body = canvas.panel(
            mirrored([(0, 26), (34, 34), (50, 70), (52, 150), (40, 196), (0, 200)]),
            cloth,
            edge=0.3,
            round_by=8,
        )
        canvas.panel(mirrored([(0, 150), (60, 110, 1), (60, 215, 1), (0, 215)]), trim, within=body, cast=0.1)
        zip_line(canvas, mirrored_line([(0, 48), (30, 56), (40, 100)]), s.second)
        for side in (-1, 1):
            canvas.line(
                [(side * 8, 84), (side * -14, 104), (side * 14, 122), (side * -10, 140)], s.accent, 1.2
            )
        emblem(canvas, die, 0, 172, 9, s.accent, body)
        return
    strap(canvas, [(-34, 92), (-30, 60), (0, 46), (30, 60), (34, 92)], trim.plain(0.85), 6)
    body = canvas.panel(
        mirrored([(0, 82), (66, 84), (82, 104), (84, 140), (80, 174), (62, 184), (0, 186)]),
        cloth,
        edge=0.32,
        round_by=9,
        folds=[Fold([(-50, 90), (-54, 130), (-52, 180)], 0.5, 4), Fold([(50, 92), (54, 180)], 0.5, 4)],
    )
    for side in (-1, 1):
        canvas.panel(
            [(side * 62, 70, 1), (side * 96, 70, 1), (side * 96, 200, 1), (side * 62, 200, 1)],
            trim,
            within=body,
            cast=0.05,
        )
        canvas.panel(
            [
                (side * 34 - 4.5, 84, 1),
                (side * 34 + 4.5, 84, 1),
                (side * 34 + 4.5, 200, 1),
                (side * 34 - 4.5, 200, 1),
            ],
            trim,
            within=body,
            cast=0.15,
            round_by=2,
        )
    zip_line(canvas, [(-58, 92), (58, 92)], cloth.colour)
    strap(canvas, [(-34, 110), (-28, 72), (0, 60), (28, 72), (34, 110)], trim, 6)
    emblem(canvas, die, 0, 146, 13, s.accent if die.random() < 0.5 else s.second, body)
