"""Pumps and evening shoes with heels. Imports pair and what it stands on."""

from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.look import Look
from scripts.wardrobe.pair import Shift, draw_pair
from scripts.wardrobe.palettes import shaded


def heels(canvas: Canvas, look: Look) -> None:
    """Pumps for the office; strappy, bowed or glittering ones for the evening."""
    die, s = look.die(), look.scheme
    dressy = look.style == "dressy"
    kind = die.randrange(3) if dressy else 3
    colour = s.main
    surface, gloss = ("sequin", 0.6) if kind == 1 else ("plain", 0.8 if dressy else 0.4)
    height = 42.0 if dressy else die.choice((24.0, 32.0))
    wide = 1.0 if dressy else die.choice((1.0, 2.8))

    def one(at: Shift, light: float) -> None:
        c = Cloth(shaded(colour, light), None, surface, gloss)
        low = 112.0
        h = low - height - 10
        nude = Cloth(shaded((226, 196, 164), light))
        canvas.panel(
            at(
                [
                    (-60, h - 2, 1),
                    (-44 + wide * 2, h + 8, 1),
                    (-50 + wide * 3, low, 1),
                    (-54 - wide, low, 1),
                    (-58, h + 18),
                ]
            ),
            c.plain(0.8),
            round_by=2,
        )
        canvas.panel(
            at(
                [
                    (-62, h),
                    (-30, h + 10),
                    (10, low - 12),
                    (46, low - 5),
                    (72, low - 5, 1),
                    (66, low - 1),
                    (34, low),
                    (4, low - 5),
                    (-34, h + 17),
                    (-58, h + 8),
                ]
            ),
            nude,
            cast=0.15,
            round_by=2,
        )
        if kind == 0:
            for a, b in (((20, low - 4), (44, low - 20)), ((34, low - 2), (56, low - 16))):
                band: list[tuple[float, ...]] = [
                    (a[0] - 6, a[1], 1),
                    (a[0], a[1] - 14),
                    (b[0], b[1]),
                    (b[0] + 14, low - 4, 1),
                    (b[0] + 6, low - 3, 1),
                    (b[0] - 2, b[1] + 7),
                    (a[0] + 4, a[1] - 6),
                ]
                canvas.panel(at(band), c, cast=0.25, round_by=2)
            canvas.panel(
                at([(-64, h + 6, 1), (-64, h - 12), (-54, h - 14, 1), (-46, h + 8, 1)]), c, round_by=2
            )
            canvas.line(
                at([(-60, h - 12), (-40, h - 20), (-26, h - 8), (-34, h - 2), (-58, h - 9)]), c.colour, 2.6
            )
            x, y = at([(-27, h - 9)])[0][:2]
            canvas.dot(x, y, 1.8, (214, 184, 112))
        else:
            canvas.panel(
                at(
                    [
                        (-64, h + 8, 1),
                        (-66, h - 8),
                        (-58, h - 22, 1),
                        (-46, h - 4),
                        (-24, h + 8),
                        (12, low - 20),
                        (28, low - 22),
                        (52, low - 17),
                        (80, low - 3, 1),
                        (50, low),
                        (20, low - 2),
                        (-14, h + 26),
                        (-40, h + 13),
                    ]
                ),
                c,
                edge=0.3,
                folds=[
                    Fold(at([(-50, h - 2), (-20, h + 14)]), 0.35),
                    Fold(at([(40, low - 14), (60, low - 8)]), 0.5),
                ],
            )
            if kind == 2:
                x, y = at([(34, low - 20)])[0][:2]
                for wing in (
                    [(x, y), (x - 11, y - 9), (x - 13, y + 3)],
                    [(x, y), (x + 10, y - 8), (x + 13, y + 4)],
                ):
                    canvas.panel([*wing], c.plain(0.9), cast=0.3, round_by=2)
                canvas.dot(x, y, 2.6, (214, 190, 130))
            elif kind == 1:
                canvas.line(
                    at([(-58, h - 20), (-40, h - 30), (-22, h - 14), (-30, h - 6), (-56, h - 14)]),
                    c.colour,
                    2.0,
                )
        canvas.line(
            at([(-54, h + 14), (-34, h + 19), (4, low - 3), (34, low + 1.5), (76, low - 1)]),
            shaded((52, 40, 40), light),
            1.3,
        )

    draw_pair(one, 20, -26)
