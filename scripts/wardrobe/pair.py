"""What all footwear shares: drawing a pair, laces, creases. Imports canvas, curves and palettes."""

from collections.abc import Callable

from scripts.wardrobe.canvas import Canvas, Fold
from scripts.wardrobe.curves import Outline, Point
from scripts.wardrobe.palettes import RGB

Shift = Callable[[list[tuple[float, ...]]], Outline]


def draw_pair(draw_one: Callable[[Shift, float], None], dx: float = 26, dy: float = -26) -> None:
    """Draws the far shoe, then the near one. Each is drawn in a frame of -80..80 by 0..130."""
    for ox, oy, scale, light in ((dx - 7, dy, 0.92, 0.86), (-dx * 0.45 - 5, -dy * 0.55, 0.98, 1.0)):

        def shift(
            points: list[tuple[float, ...]], ox: float = ox, oy: float = oy, scale: float = scale
        ) -> Outline:
            return [(p[0] * scale + ox, (p[1] - 65) * scale + 118 + oy, *p[2:]) for p in points]

        draw_one(shift, light)


def laces(canvas: Canvas, at: Shift, a: Point, b: Point, count: int, colour: RGB, reach: float = 9) -> None:
    for i in range(count):
        t = i / max(1, count - 1)
        x, y = a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
        p = at([(x - reach * 0.3, y + reach * 0.8), (x + reach * 0.75, y - reach * 0.25)])
        canvas.line([(q[0] + 0.4, q[1] + 0.8) for q in p], (70, 68, 70), 1.5)
        canvas.line(p, colour, 1.6)


def upper_folds(at: Shift) -> list[Fold]:
    return [
        Fold(at([(34, 74), (40, 88)]), 0.5),
        Fold(at([(26, 72), (30, 84)]), 0.4),
        Fold(at([(-56, 60), (-50, 84)]), 0.3),
    ]
