"""Colours and the schemes each style wears them in. Palettes of different styles overlap.

A scheme's first colour is the garment's; the second is for patterns and trims, the accent for small things.
Standard library only.
"""

import math
import random
from dataclasses import dataclass

RGB = tuple[int, int, int]

COLOURS: dict[str, RGB] = {
    "white": (244, 243, 239),
    "ivory": (240, 232, 214),
    "oatmeal": (216, 201, 178),
    "stone": (190, 180, 163),
    "grey": (150, 152, 156),
    "charcoal": (70, 73, 80),
    "black": (38, 37, 41),
    "navy": (40, 52, 86),
    "midnight": (34, 38, 66),
    "denim": (84, 116, 156),
    "sky": (160, 193, 221),
    "cobalt": (52, 84, 162),
    "teal": (38, 121, 128),
    "mint": (164, 209, 190),
    "sage": (154, 168, 140),
    "olive": (112, 114, 72),
    "forest": (46, 84, 66),
    "emerald": (30, 102, 82),
    "mustard": (205, 160, 62),
    "butter": (240, 219, 152),
    "camel": (186, 145, 97),
    "tan": (166, 120, 80),
    "chocolate": (92, 64, 51),
    "rust": (178, 92, 56),
    "terracotta": (196, 119, 92),
    "coral": (226, 126, 110),
    "red": (190, 48, 52),
    "burgundy": (112, 36, 52),
    "plum": (98, 52, 92),
    "lilac": (186, 168, 210),
    "violet": (112, 84, 168),
    "blush": (232, 194, 186),
    "rose": (204, 134, 142),
    "fuchsia": (184, 64, 118),
    "orange": (214, 112, 58),
    "lime": (186, 200, 96),
    "champagne": (222, 200, 166),
    "gold": (196, 158, 84),
    "silver": (196, 200, 206),
    "khaki": (152, 138, 104),
    "slate": (92, 106, 124),
    "aqua": (92, 180, 190),
}

MAIN: dict[str, dict[str, tuple[str, ...]]] = {
    "casual": {
        "both": (
            "white",
            "navy",
            "grey",
            "denim",
            "oatmeal",
            "olive",
            "rust",
            "sage",
            "mustard",
            "sky",
            "charcoal",
            "teal",
            "burgundy",
            "black",
        ),
        "womenswear": ("blush", "terracotta", "lilac", "coral", "rose", "butter"),
        "menswear": ("khaki", "forest", "slate", "camel"),
    },
    "street": {
        "both": (
            "black",
            "white",
            "charcoal",
            "grey",
            "olive",
            "violet",
            "orange",
            "cobalt",
            "lime",
            "khaki",
            "oatmeal",
            "red",
            "navy",
            "forest",
            "sage",
        ),
        "womenswear": ("lilac", "fuchsia", "mint", "blush"),
        "menswear": ("rust", "slate", "mustard", "stone"),
    },
    "dressy": {
        "both": (
            "black",
            "burgundy",
            "emerald",
            "midnight",
            "ivory",
            "plum",
            "champagne",
            "navy",
            "teal",
            "charcoal",
            "forest",
            "white",
        ),
        "womenswear": ("blush", "rose", "red", "fuchsia", "lilac", "sky", "coral", "silver"),
        "menswear": ("chocolate", "slate", "violet", "rust", "silver", "sage"),
    },
    "smart": {
        "both": (
            "navy",
            "charcoal",
            "grey",
            "white",
            "sky",
            "camel",
            "stone",
            "black",
            "burgundy",
            "forest",
            "slate",
            "ivory",
            "olive",
        ),
        "womenswear": ("blush", "oatmeal", "plum", "teal", "rose"),
        "menswear": ("tan", "chocolate", "lilac", "denim", "rust"),
    },
    "sporty": {
        "both": (
            "black",
            "navy",
            "white",
            "grey",
            "cobalt",
            "teal",
            "red",
            "charcoal",
            "orange",
            "lime",
            "slate",
            "aqua",
            "burgundy",
            "forest",
        ),
        "womenswear": ("coral", "mint", "lilac", "fuchsia", "plum", "sage"),
        "menswear": ("olive", "sky", "mustard", "stone"),
    },
}

SECOND: dict[str, tuple[str, ...]] = {
    "casual": ("white", "navy", "oatmeal", "denim", "rust", "ivory", "charcoal"),
    "street": ("white", "black", "orange", "lime", "red", "oatmeal", "violet"),
    "dressy": ("black", "ivory", "gold", "blush", "burgundy", "champagne", "midnight"),
    "smart": ("white", "navy", "charcoal", "camel", "sky", "burgundy", "stone"),
    "sporty": ("white", "black", "coral", "lime", "navy", "aqua", "silver"),
}


@dataclass(frozen=True)
class Scheme:
    """The colours of one variant; `name` is the main colour's, fit for an item id."""

    name: str
    main: RGB
    second: RGB
    accent: RGB


def shaded(colour: RGB, by: float) -> RGB:
    """Darker for `by` under 1, lighter (towards white) for `by` over 1, up to 2."""
    if by <= 1:
        return (round(colour[0] * by), round(colour[1] * by), round(colour[2] * by))
    return blend(colour, (255, 255, 255), by - 1)


def blend(a: RGB, b: RGB, share: float) -> RGB:
    """A share `share` (0 to 1) of `b` mixed into `a`."""
    r, g, c = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return (r, g, c)


def brightness(colour: RGB) -> float:
    """Perceived brightness, 0 to 255."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def ink(colour: RGB, strength: float = 0.5) -> RGB:
    """A shade of the same colour that can be seen on it: darker on light cloth, lighter on dark."""
    return shaded(colour, 1 - strength) if brightness(colour) > 70 else shaded(colour, 1 + strength * 0.6)


def contrast(a: RGB, b: RGB) -> float:
    """How far apart two colours look, 0 to about 441."""
    return math.dist(a, b)


def schemes(style: str, department: str, count: int, rng: random.Random) -> list[Scheme]:
    """`count` schemes of different main colours for one product."""
    names = [*MAIN[style]["both"], *MAIN[style][department]]
    out = []
    for name in rng.sample(names, count):
        main = _varied(COLOURS[name], rng)
        others = [COLOURS[n] for n in SECOND[style] if contrast(COLOURS[n], main) > 90]
        second, accent = rng.sample(others, 2)
        out.append(Scheme(name, main, second, accent))
    return out


def _varied(colour: RGB, rng: random.Random) -> RGB:
    lighter = rng.randint(-7, 7)
    r, g, b = (min(246, max(26, c + lighter + rng.randint(-5, 5))) for c in colour)
    return (r, g, b)
