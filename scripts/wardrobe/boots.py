"""Boots. Imports pair and what it stands on."""

import random

from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.look import Look
from scripts.wardrobe.pair import Shift, draw_pair, laces, upper_folds
from scripts.wardrobe.palettes import blend, shaded


def boots(canvas: Canvas, look: Look) -> None:
    """Chelsea or lace-up boots, combat boots, heeled ankle boots or slim leather ones."""
    die = look.die()
    if look.style == "street":
        _combat(canvas, look, die)
    elif look.women and look.style in ("dressy", "smart"):
        _heeled_boot(canvas, look, die)
    else:
        _chelsea(canvas, look, die)


def _combat(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = look.scheme.main
    platform = die.choice((4, 12))
    stitching = blend(look.scheme.accent, (230, 196, 90), 0.5)

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, "leather", 0.65)
        canvas.panel(at([(-52, 4), (-26, -2), (-12, 6), (-40, 14)]), c.inside(), cast=0)
        folds = [
            *upper_folds(at),
            Fold(at([(-58, 54), (-30, 62)]), 0.6),
            Fold(at([(-56, 66), (-30, 70)]), 0.5),
        ]
        canvas.panel(
            at(
                [
                    (-62, 96, 1),
                    (-62, 66),
                    (-56, 40),
                    (-58, 2, 1),
                    (-36, 7),
                    (-14, 0, 1),
                    (-12, 40),
                    (2, 58),
                    (40, 66),
                    (68, 78),
                    (74, 96, 1),
                ]
            ),
            c,
            folds=folds,
            edge=0.3,
        )
        canvas.panel(
            at([(-24, -1, 1), (-10, 2, 1), (-8, 42), (12, 62), (2, 70), (-22, 48)]),
            c.plain(0.9),
            cast=0.25,
            round_by=2,
        )
        laces(canvas, at, (-17, 8), (-14, 42), 5, shaded((226, 222, 212), light), 9)
        laces(canvas, at, (-10, 50), (5, 62), 2, shaded((226, 222, 212), light), 9)
        low = 106 + platform
        canvas.panel(
            at(
                [
                    (-66, 93, 1),
                    (74, 92, 1),
                    (79, 98),
                    (76, low, 1),
                    (-2, low, 1),
                    (-6, low - 5, 1),
                    (-18, low - 5, 1),
                    (-22, low, 1),
                    (-66, low, 1),
                ]
            ),
            Cloth(shaded((48, 46, 50), light)),
            cast=0.25,
            round_by=3,
        )
        for k in range(12):
            canvas.line(at([(-60 + k * 11.6, low - 6), (-60 + k * 11.6, low)]), (24, 23, 26), 1.6)
        canvas.line(at([(-64, 95.5), (75, 94.5)]), stitching, 0.9, dash=1.8)

    draw_pair(one, 22, -16)


def _chelsea(canvas: Canvas, look: Look, die: random.Random) -> None:
    base = die.choice(((132, 92, 58), (86, 58, 42), (52, 48, 50), (170, 130, 88), (104, 66, 44)))
    colour = blend(base, look.scheme.main, 0.45)
    laced = look.style == "casual" and die.random() < 0.5
    gloss = {"casual": 0.1, "smart": 0.55, "dressy": 0.85}.get(look.style, 0.3)
    pointed = 6 if look.style in ("smart", "dressy") else 0
    heel = 6 if look.style == "dressy" else 0

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, "leather" if gloss > 0.3 else "velvet", gloss)
        canvas.panel(at([(-54, 16), (-28, 12), (-12, 18), (-40, 26)]), c.inside(), cast=0)
        upper = canvas.panel(
            at(
                [
                    (-62, 97, 1),
                    (-64, 70),
                    (-56, 46),
                    (-58, 14, 1),
                    (-36, 19),
                    (-12, 13, 1),
                    (-12, 44),
                    (4, 62),
                    (40, 72),
                    (64 + pointed, 84),
                    (72 + pointed, 97, 1),
                ]
            ),
            c,
            folds=[*upper_folds(at), Fold(at([(-14, 50), (-28, 58)]), 0.5)],
            edge=0.3,
        )
        if laced:
            canvas.panel(
                at([(-24, 11, 1), (-8, 14, 1), (-8, 44), (12, 64), (2, 74), (-24, 50)]),
                c.plain(0.9),
                cast=0.2,
                round_by=2,
            )
            laces(canvas, at, (-17, 20), (-13, 46), 4, shaded((214, 178, 120), light), 9)
            laces(canvas, at, (-8, 54), (6, 66), 2, shaded((214, 178, 120), light), 9)
        else:
            gore = at([(-50, 10, 1), (-26, 10, 1), (-30, 50), (-36, 58), (-42, 50)])
            canvas.panel(
                gore, Cloth(shaded(colour, 0.55 * light), None, "rib"), within=upper, cast=0.05, round_by=2
            )
            canvas.line(
                at([(-58, 15), (-62, 8), (-60, 3), (-56, 8), (-56, 15)]), shaded(colour, 0.6 * light), 1.2
            )
        if look.style == "dressy":
            canvas.line(at([(-34, 74), (-20, 68), (2, 78)]), (208, 178, 108), 1.4)
        sole = (60, 46, 36) if look.style != "casual" else (206, 176, 132)
        if look.style == "casual":
            canvas.panel(
                at([(-66, 93, 1), (74, 93, 1), (79, 99), (74, 110, 1), (-66, 110, 1)]),
                Cloth(shaded(sole, light)),
                cast=0.2,
                round_by=3,
            )
        else:
            canvas.panel(
                at(
                    [
                        (-64, 95, 1),
                        (-30, 98),
                        (72 + pointed, 95, 1),
                        (76 + pointed, 99),
                        (70, 103, 1),
                        (-20, 104, 1),
                        (-24, 112 + heel, 1),
                        (-63, 112 + heel, 1),
                    ]
                ),
                Cloth(shaded(sole, light)),
                cast=0.2,
                round_by=2,
            )

    draw_pair(one, 22, -18)


def _heeled_boot(canvas: Canvas, look: Look, die: random.Random) -> None:
    tall = die.random() < 0.45
    top = -24.0 if tall else 22.0
    dressy = look.style == "dressy"
    gloss, surface = (0.85, "plain") if dressy else (0.45, "leather")
    if dressy and die.random() < 0.4:
        gloss, surface = 0.3, "velvet"
    block = 0.0 if dressy else 8.0

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(look.scheme.main, light), None, surface, gloss)
        canvas.panel(
            at([(-58, 74, 1), (-40 + block, 82, 1), (-50 + block, 112, 1), (-56 - block * 0.2, 112, 1)]),
            Cloth(shaded((44, 38, 40), light)),
            round_by=2,
        )
        canvas.panel(
            at([(-52, top + 2), (-30, top - 4), (-12, top + 2), (-36, top + 10)]), c.inside(), cast=0
        )
        calf = -60.0 if tall else -56.0
        outline: list[tuple[float, ...]] = [
            (-60, 82, 1),
            (-62, 62),
            (-52, 44),
            (calf, top, 1),
            (-34, top + 5),
            (-8 if tall else -12, top, 1),
            (-14, 38),
            (4, 62),
            (36, 86),
            (66, 100),
            (80, 110, 1),
            (40, 112),
            (14, 106),
            (-16, 90),
            (-40, 84),
        ]
        canvas.panel(
            at(outline),
            c,
            edge=0.3,
            folds=[
                Fold(at([(-20, 46), (-40, 56)]), 0.5),
                Fold(at([(-18, 56), (-38, 64)]), 0.4),
                Fold(at([(-30, top + 16), (-34, 36)]), 0.45, 4),
            ],
        )
        canvas.line(
            at([(-38, top + 10), (-40, 50)]),
            (200, 184, 140) if dressy else shaded(c.colour, 0.5),
            1.0,
            dash=0.9,
        )
        canvas.line(
            at([(-40, 85), (-16, 91), (14, 107), (40, 113), (80, 111)]), shaded((44, 36, 38), light), 1.6
        )
        if not dressy:
            canvas.line(at([(-58, 60), (-36, 64), (-8, 54)]), shaded(c.colour, 0.55), 1.6)
            x, y = at([(-36, 64)])[0][:2]
            canvas.dot(x, y, 2.2, (206, 176, 104))

    draw_pair(one, 22, -14 if tall else -18)
