"""Canvas shoes, skate shoes and running shoes. Imports pair and what it stands on."""

import random

from scripts.wardrobe.canvas import Canvas
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.look import Look
from scripts.wardrobe.pair import Shift, draw_pair, laces, upper_folds
from scripts.wardrobe.palettes import ink, shaded


def plimsoll(canvas: Canvas, look: Look, die: random.Random) -> None:
    main = look.scheme.main
    slip_on = die.random() < 0.35
    cloth = Cloth(main, None, "linen")

    def one(at: Shift, light: float) -> None:
        c = cloth.plain(light)
        canvas.panel(at([(-52, 44), (-28, 42), (-12, 56), (-46, 60)]), c.inside(), cast=0, edge=0.2)
        upper = canvas.panel(
            at(
                [
                    (-64, 96, 1),
                    (-64, 66),
                    (-58, 44, 1),
                    (-44, 54),
                    (-22, 50, 1),
                    (2, 64),
                    (34, 74),
                    (62, 82),
                    (70, 96, 1),
                ]
            ),
            c,
            folds=upper_folds(at),
        )
        if not slip_on:
            canvas.panel(
                at([(-26, 47), (-14, 44, 1), (14, 66), (6, 72), (-24, 54)]),
                c.plain(1.06),
                cast=0.2,
                round_by=2,
            )
            laces(canvas, at, (-18, 50), (10, 68), 5, (246, 244, 240))
        else:
            canvas.panel(
                at([(-16, 54, 1), (-2, 62, 1), (-6, 84, 1), (-22, 84, 1)]),
                c.plain(0.8),
                within=upper,
                cast=0.1,
                round_by=2,
            )
        canvas.panel(
            at([(46, 78), (64, 82), (73, 98, 1), (40, 98, 1), (42, 86)]),
            Cloth(shaded((244, 242, 236), light)),
            cast=0.15,
            round_by=3,
        )
        canvas.panel(
            at([(-66, 92, 1), (73, 92, 1), (76, 99), (71, 107, 1), (-65, 107, 1)]),
            Cloth(shaded((245, 243, 238), light)),
            cast=0.2,
            round_by=3,
        )
        canvas.line(at([(-65, 100), (74, 100)]), shaded(look.scheme.accent, light), 1.1)
        canvas.line(at([(-62, 62), (-50, 62), (-46, 92)]), ink(c.colour, 0.3), 0.5, dash=1.4)

    draw_pair(one)


def high_top(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    tall = die.random() < 0.55
    neck = 22 if tall else 44
    chunky = 8 if die.random() < 0.6 else 0
    overlay = s.second

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(s.main, light), None, "leather", 0.2)
        o = Cloth(shaded(overlay, light), None, "leather", 0.2)
        canvas.panel(
            at([(-56, neck + 2), (-30, neck - 6), (-18, neck + 6), (-40, neck + 14)]), c.inside(), cast=0
        )
        upper = canvas.panel(
            at(
                [
                    (-66, 96, 1),
                    (-66, 62),
                    (-60, neck, 1),
                    (-40, neck + 7),
                    (-22, neck - 2, 1),
                    (-8, 54),
                    (24, 68),
                    (60, 76),
                    (72, 96, 1),
                ]
            ),
            c,
            folds=upper_folds(at),
            edge=0.25,
        )
        canvas.panel(
            at([(42, 70), (64, 76), (76, 97, 1), (34, 97, 1), (38, 82)]),
            o,
            within=upper,
            cast=0.1,
            round_by=3,
        )
        canvas.panel(
            at([(-72, 70, 1), (-52, 66), (-40, 97, 1), (-72, 97, 1)]), o, within=upper, cast=0.1, round_by=3
        )
        canvas.panel(
            at([(-40, 76, 1), (16, 62, 1), (22, 70), (-36, 90, 1)]), o, within=upper, cast=0.15, round_by=2
        )
        canvas.panel(
            at([(-26, neck - 6), (-14, neck - 4, 1), (22, 62), (14, 70), (-22, neck + 12)]),
            c.plain(0.92),
            cast=0.25,
            round_by=2,
        )
        laces(canvas, at, (-17, neck + 4), (17, 64), 7 if tall else 5, shaded((245, 243, 238), light))
        sole = Cloth(shaded((240, 238, 230), light))
        low = 106 + chunky
        canvas.panel(
            at([(-69 - chunky / 2, 91, 1), (-20, 94), (72, 90, 1), (78, 97), (74, low, 1), (-68, low, 1)]),
            sole,
            cast=0.25,
            round_by=3,
        )
        canvas.panel(
            at([(-68, low - 4, 1), (75, low - 4, 1), (72, low + 2, 1), (-66, low + 2, 1)]),
            Cloth(shaded(s.accent, light * 0.9)),
            cast=0,
            round_by=2,
        )
        if tall:
            mark = at([(-47, 52)])[0]
            canvas.dot(mark[0], mark[1], 6.5, shaded(overlay, light))
            canvas.dot(mark[0], mark[1], 4.6, c.colour)
            canvas.dot(mark[0], mark[1], 2.4, shaded(s.accent, light))

    draw_pair(one)


def runner(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    stripes = die.randrange(3)

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(s.main, light), None, "mesh", 0.15)
        o = Cloth(shaded(s.second, light), None, "plain", 0.3)
        canvas.panel(at([(-56, 44), (-30, 44), (-14, 56), (-44, 62)]), c.inside(), cast=0)
        upper = canvas.panel(
            at(
                [
                    (-66, 92, 1),
                    (-70, 66),
                    (-64, 40, 1),
                    (-48, 54),
                    (-22, 48, 1),
                    (2, 62),
                    (34, 72),
                    (64, 80),
                    (76, 92, 1),
                ]
            ),
            c,
            folds=upper_folds(at),
        )
        canvas.panel(
            at([(-74, 40, 1), (-56, 50), (-50, 70), (-40, 95, 1), (-74, 95, 1)]),
            o,
            within=upper,
            cast=0.1,
            round_by=3,
        )
        canvas.panel(
            at([(52, 74), (80, 84), (80, 95, 1), (44, 95, 1), (46, 84)]),
            o,
            within=upper,
            cast=0.1,
            round_by=3,
        )
        accent = shaded(s.accent, light)
        if stripes == 0:
            for k in range(2):
                canvas.patch(
                    at(
                        [
                            (-28 + k * 20, 94, 1),
                            (-12 + k * 20, 62, 1),
                            (-4 + k * 20, 62, 1),
                            (-20 + k * 20, 94, 1),
                        ]
                    ),
                    accent,
                    upper,
                )
        elif stripes == 1:
            for k in range(3):
                x, y = -28 + k * 20, 76 + k * 2
                canvas.patch(
                    at([(x, y, 1), (x + 8, y - 8, 1), (x + 16, y, 1), (x + 8, y + 8, 1)]), accent, upper
                )
        else:
            canvas.patch(at([(-34, 66, 1), (18, 82, 1), (-34, 90, 1), (-8, 80, 1)]), accent, upper)
        canvas.panel(
            at([(-28, 45), (-14, 42, 1), (16, 64), (8, 72), (-24, 56)]), c.plain(0.9), cast=0.2, round_by=2
        )
        laces(canvas, at, (-18, 50), (11, 67), 5, shaded(s.second, light))
        canvas.panel(
            at(
                [
                    (-74, 88, 1),
                    (-40, 92),
                    (20, 88),
                    (74, 86, 1),
                    (82, 93),
                    (76, 104),
                    (20, 108),
                    (-70, 109),
                    (-78, 100),
                ]
            ),
            Cloth(shaded((246, 246, 246), light)),
            cast=0.25,
            round_by=4,
            edge=0.28,
        )
        canvas.panel(
            at([(-72, 104, 1), (0, 105), (76, 99, 1), (70, 108), (-68, 112, 1)]),
            Cloth(shaded(s.accent, light * 0.95)),
            cast=0.1,
            round_by=2,
        )
        canvas.line(at([(-70, 98), (-30, 101), (30, 96)]), shaded(s.second, light), 1.0)

    draw_pair(one)
