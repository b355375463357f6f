"""Collars, plackets and ties. Imports body, details and what they stand on."""

from scripts.wardrobe.body import (
    Cut,
    mirrored_line,
)
from scripts.wardrobe.canvas import Canvas
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import flipped, mirrored
from scripts.wardrobe.details import buttons
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import RGB, brightness, ink, shaded


def collar(canvas: Canvas, cut: Cut, cloth: Cloth, long: float = 17, open_by: float = 0.0) -> None:
    """A turned-down shirt collar; `open_by` spreads the points for a camp collar."""
    n, t = cut.neck, cut.top
    stand = mirrored(
        [(0, t - 5.5), (n - 3, t - 5), (n + 1, t + 1, 1), (n * 0.6, t + 9), (0, t + 12 + open_by * 0.4)]
    )
    canvas.panel(stand, cloth.inside(), edge=0.2, cast=0.1)
    for flip in (1, -1):
        leaf = [
            (0.5, t + cut.depth - 1 + open_by * 0.2, 1),
            (n * 0.62, t + 4),
            (n - 2, t - 5.5, 1),
            (n + 3, t + 1),
            (n + 4.5 + open_by * 0.3, t + long * 0.72, 1),
            (8 + open_by * 0.6, t + cut.depth + long * 0.52, 1),
        ]
        canvas.panel(
            leaf if flip > 0 else flipped(leaf), cloth, cast=0.32, edge=0.1, round_by=2.5, angle=-20 * flip
        )
    canvas.line(mirrored_line([(0, t - 5.5), (n - 2, t - 5.5)]), shaded(cloth.colour, 0.7), 0.5)


def placket(
    canvas: Canvas, cut: Cut, colour: RGB, low: float, button_colour: RGB, count: int, width: float = 5.0
) -> None:
    """The front edge with its stitches and buttons."""
    t = cut.top + cut.depth
    canvas.line([(-width / 2, t - 1), (-width / 2, low)], ink(colour, 0.3), 0.5)
    canvas.line([(width / 2, t - 1), (width / 2, low)], ink(colour, 0.42), 0.7)
    buttons(canvas, 0, t + 6, low - 14, count, button_colour)


def button_colour(look: Look) -> RGB:
    return (240, 236, 226) if brightness(look.scheme.main) < 150 else ink(look.scheme.main, 0.45)


def tie(canvas: Canvas, cut: Cut, colour: RGB) -> None:
    """A knotted tie."""
    y = cut.top + cut.depth - 1
    silk = Cloth(colour, gloss=0.4)
    canvas.panel(
        mirrored([(0, y + 8, 1), (3, y + 8, 1), (6.5, 140, 1), (0, 150, 1)]), silk, cast=0.3, round_by=2
    )
    canvas.panel(mirrored([(0, y, 1), (5, y, 1), (3, y + 9, 1), (0, y + 9)]), silk, cast=0.3, round_by=2)


def bow_tie(canvas: Canvas, y: float, colour: RGB) -> None:
    """A black bow tie."""
    silk = Cloth(colour, gloss=0.5)
    for flip in (1, -1):
        wing = [(0, y - 2), (9, y - 5), (13, y - 5, 1), (13, y + 5, 1), (9, y + 5), (0, y + 2)]
        canvas.panel(wing if flip > 0 else flipped(wing), silk, cast=0.3, round_by=2)
    canvas.panel(mirrored([(0, y - 3, 1), (2.6, y - 3, 1), (2.6, y + 3, 1), (0, y + 3)]), silk, round_by=1.5)
