"""How a bag is carried. Imports canvas, cloth and curves."""

from scripts.wardrobe.canvas import Canvas
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline
from scripts.wardrobe.palettes import RGB, shaded

GOLD: RGB = (208, 176, 104)


def strap(canvas: Canvas, path: Outline, cloth: Cloth, width: float) -> None:
    """A band that follows `path`."""
    canvas.line(path, shaded(cloth.colour, 0.5), width + 0.9)
    canvas.line(path, cloth.colour, width)
    canvas.line(
        [(p[0] - width * 0.16, p[1] - width * 0.16) for p in path], shaded(cloth.colour, 1.12), width * 0.3
    )
