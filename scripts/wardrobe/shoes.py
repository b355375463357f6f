"""Derbies, loafers, slippers and ballet flats, and which style wears which shoe. Imports sneakers, pair."""

import random

from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.look import Look
from scripts.wardrobe.pair import Shift, draw_pair, laces, upper_folds
from scripts.wardrobe.palettes import RGB, blend, brightness, shaded
from scripts.wardrobe.sneakers import high_top, plimsoll, runner


def shoes(canvas: Canvas, look: Look) -> None:
    """Canvas sneakers, chunky skate shoes, evening slippers, derbies or loafers, running shoes."""
    die = look.die()
    {
        "casual": plimsoll,
        "street": high_top,
        "dressy": _slipper,
        "smart": _derby,
        "sporty": runner,
    }[look.style](canvas, look, die)


def _leather(look: Look, die: random.Random) -> RGB:
    if look.women:
        return look.scheme.main
    brown = die.choice(((58, 38, 30), (96, 58, 36), (36, 33, 36), (124, 78, 46), (78, 30, 32)))
    return blend(brown, look.scheme.main, 0.25)


def _derby(canvas: Canvas, look: Look, die: random.Random) -> None:
    colour = _leather(look, die)
    loafer = die.random() < 0.5
    brogue = die.random() < 0.5

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, "leather", 0.55)
        canvas.panel(
            at([(-52, 46), (-26, 46), (-10, 58), (-44, 62)]),
            Cloth(shaded((196, 164, 124), light * 0.8)),
            cast=0,
        )
        upper = canvas.panel(
            at(
                [
                    (-64, 98, 1),
                    (-66, 70),
                    (-58, 46, 1),
                    (-44, 57),
                    (-22, 54, 1),
                    (0, 63),
                    (34, 74),
                    (66, 82),
                    (76, 97, 1),
                ]
            ),
            c,
            folds=upper_folds(at),
            edge=0.3,
        )
        seam = shaded(colour, 0.5 * light) if brightness(colour) > 60 else shaded(colour, 1.25)
        if loafer:
            canvas.panel(
                at([(-24, 53), (-8, 50), (40, 74), (38, 82), (8, 80), (-14, 66)]),
                c.plain(1.04),
                cast=0.2,
                round_by=3,
            )
            canvas.panel(
                at([(-10, 55, 1), (4, 62, 1), (-2, 86, 1), (-18, 86, 1)]),
                c.plain(0.9),
                within=upper,
                cast=0.25,
                round_by=2,
            )
            canvas.line(at([(-4, 66), (-8, 76)]), (206, 176, 104) if die.random() < 0.5 else seam, 1.6)
        else:
            canvas.panel(
                at([(-24, 51), (-12, 49, 1), (14, 66), (6, 80), (-26, 84), (-30, 62)]),
                c.plain(1.03),
                cast=0.2,
                round_by=3,
            )
            laces(canvas, at, (-14, 55), (8, 68), 4, shaded(colour, 0.6), 7)
            canvas.line(at([(44, 77), (37, 86), (40, 97)]), seam, 0.8)
            if brogue:
                canvas.line(at([(47, 78), (40, 87), (43, 97)]), seam, 0.9, dash=1.1)
                canvas.line(at([(-50, 62), (-40, 80), (-42, 97)]), seam, 0.9, dash=1.1)
        canvas.line(at([(-60, 70), (-48, 74), (-40, 97)]), seam, 0.6)
        canvas.panel(
            at(
                [
                    (-64, 96, 1),
                    (-30, 99),
                    (76, 95, 1),
                    (79, 99),
                    (74, 103, 1),
                    (-20, 104, 1),
                    (-24, 111, 1),
                    (-65, 111, 1),
                ]
            ),
            Cloth(shaded((52, 40, 34), light)),
            cast=0.2,
            round_by=2,
        )

    draw_pair(one)


def _slipper(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    velvet = die.random() < 0.5
    ballet = look.women
    gold = (210, 178, 104)

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(s.main, light), None, "velvet" if velvet else "plain", 0.35 if velvet else 0.85)
        if ballet:
            canvas.panel(
                at([(-58, 66), (-20, 78), (40, 82), (10, 90), (-50, 90)]),
                Cloth(shaded((226, 202, 170), light)),
                cast=0,
            )
            canvas.panel(
                at(
                    [
                        (-66, 99, 1),
                        (-67, 80),
                        (-60, 64, 1),
                        (-44, 80),
                        (0, 88),
                        (26, 85),
                        (38, 78),
                        (58, 82),
                        (76, 98, 1),
                    ]
                ),
                c,
                edge=0.3,
                folds=[Fold(at([(48, 84), (54, 94)]), 0.4)],
            )
            x, y = at([(40, 80)])[0][:2]
            for wing in ([(x, y), (x - 8, y - 6), (x - 10, y + 3)], [(x, y), (x + 8, y - 4), (x + 9, y + 5)]):
                canvas.panel([*wing], c.plain(0.85), cast=0.3, round_by=2)
            canvas.dot(x, y, 2.2, gold)
        else:
            canvas.panel(
                at([(-52, 50), (-26, 50), (-10, 60), (-44, 66)]),
                Cloth(shaded((150, 40, 52), light * 0.8), None, "plain", 0.4),
                cast=0,
            )
            canvas.panel(
                at(
                    [
                        (-64, 98, 1),
                        (-66, 72),
                        (-58, 50, 1),
                        (-44, 62),
                        (-24, 58),
                        (-8, 50, 1),
                        (30, 71),
                        (66, 81),
                        (77, 97, 1),
                    ]
                ),
                c,
                edge=0.3,
                folds=upper_folds(at),
            )
            x, y = at([(24, 80)])[0][:2]
            canvas.patch([(x, y - 7, 1), (x + 5, y, 1), (x, y + 7, 1), (x - 5, y, 1)], gold)
            canvas.dot(x, y, 2, shaded(s.main, light))
            canvas.line(at([(-58, 51), (-44, 63), (-24, 59), (-8, 51)]), gold, 0.9)
        canvas.panel(
            at(
                [
                    (-66, 97, 1),
                    (76, 96, 1),
                    (78, 100),
                    (72, 103, 1),
                    (-26, 104, 1),
                    (-28, 109, 1),
                    (-66, 109, 1),
                ]
            ),
            Cloth(shaded((40, 34, 36), light)),
            cast=0.2,
            round_by=2,
        )

    draw_pair(one)
