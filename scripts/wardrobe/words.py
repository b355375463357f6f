"""Brands, titles, prices, sizes and descriptions. Every brand is made up. Imports random only."""

import random
from dataclasses import dataclass

BRANDS: dict[str, tuple[str, ...]] = {
    "casual": ("Haldane Row", "Little Orchard", "Fennimore", "Sundry & Oak", "Marlow Lane"),
    "street": ("Kerbside 9", "Nullset", "Low Tide Club", "Rivet Theory", "Halftone"),
    "dressy": ("Maison Ondine", "Velour & Vine", "Solène Marchetti", "Gilded Wren", "Evenfall"),
    "smart": ("Aldous & Thread", "Whitcombe Yard", "Norvane", "Percival Blythe", "Studio Halden"),
    "sporty": ("Tempo Nine", "Ardent Lab", "Peakline Move", "Kinetiq", "Stridewell"),
}

# what a style calls a category: adjectives for titles, then the nouns a category goes by
_ADJECTIVES = {
    "casual": ("Easy", "Weekend", "Everyday", "Washed", "Relaxed", "Harbour", "Cottage"),
    "street": ("Oversized", "Boxy", "Downtown", "Heavyweight", "Afterdark", "Loose", "Skyline"),
    "dressy": ("Soirée", "Evening", "Gala", "Draped", "Starlit", "Opera", "Festive"),
    "smart": ("Tailored", "City", "Fine", "Boardroom", "Classic", "Refined", "Fitted"),
    "sporty": ("Training", "Sprint", "Active", "Court", "Trail", "Endurance", "Motion"),
}

_NOUNS: dict[str, tuple[str, ...]] = {
    "t-shirt": ("T-Shirt", "Tee"), "top": ("Top", "Jersey Top"), "blouse": ("Blouse",), "shirt": ("Shirt",),
    "polo": ("Polo Shirt", "Polo"), "hoodie": ("Hoodie", "Hooded Sweatshirt"), "sweater": ("Sweater",
    "Jumper"),
    "blazer": ("Blazer", "Jacket"), "jacket": ("Jacket",), "coat": ("Coat",), "dress": ("Dress",),
    "skirt": ("Skirt",), "trousers": ("Trousers",), "jeans": ("Jeans",), "shorts": ("Shorts",),
    "leggings": ("Leggings",), "shoes": ("Shoes",), "boots": ("Boots",), "heels": ("Heels",), "bag": ("Bag",),
    "hat": ("Hat",),
}  # fmt: skip

_PRICES: dict[str, tuple[int, int]] = {
    "t-shirt": (15, 45), "top": (19, 55), "blouse": (35, 95), "shirt": (35, 95), "polo": (29, 75),
    "hoodie": (45, 95), "sweater": (49, 130), "blazer": (99, 260), "jacket": (79, 240), "coat": (129, 340),
    "dress": (49, 210), "skirt": (35, 110), "trousers": (45, 130), "jeans": (55, 130), "shorts": (25, 65),
    "leggings": (25, 70), "shoes": (59, 170), "boots": (89, 230), "heels": (69, 190), "bag": (39, 240),
    "hat": (19, 60),
}  # fmt: skip

_LEVEL = {"casual": 0.85, "street": 1.0, "dressy": 1.3, "smart": 1.25, "sporty": 0.95}

_CLOTHES = {"womenswear": ("XS", "S", "M", "L", "XL"), "menswear": ("S", "M", "L", "XL", "XXL")}
_SHOES = {
    "womenswear": ("36", "37", "38", "39", "40", "41"),
    "menswear": ("40", "41", "42", "43", "44", "45", "46"),
}

_FEEL = {
    "casual": (
        "Made for slow mornings and long walks.",
        "Soft from the first wear and better with every wash.",
        "The one you reach for without thinking.",
    ),
    "street": (
        "Cut loud and loose, made to be noticed.",
        "Heavy fabric, dropped lines, no apologies.",
        "Built for late trains and bright signs.",
    ),
    "dressy": (
        "For evenings that deserve a little ceremony.",
        "It catches the light when you turn.",
        "A festive piece with a fine hand.",
    ),
    "smart": (
        "Clean lines that hold their shape from desk to dinner.",
        "Neatly finished inside and out.",
        "A quiet classic, precisely cut.",
    ),
    "sporty": (
        "Light, quick to dry and made to move.",
        "Stretches where you do and stays where it should.",
        "Tested on wet mornings and last repetitions.",
    ),
}
_CARE = ("Machine wash cold.", "Wash with similar colours.", "Wipe or brush clean.", "Follow the care label.")


@dataclass(frozen=True)
class Words:
    """What a shop tells of a product."""

    brand: str
    title: str
    price: float
    sizes: tuple[str, ...]
    description: str


def words(department: str, category: str, style: str, rng: random.Random) -> Words:
    """The words for one product; price in the currency's main unit, with two decimals at most."""
    low, high = _PRICES[category]
    price = round((low + (high - low) * rng.random() ** 1.4) * _LEVEL[style]) - rng.choice(
        (0.05, 0.01, 0.5, 0.0)
    )
    title = f"{rng.choice(_ADJECTIVES[style])} {rng.choice(_NOUNS[category])}"
    if category in ("bag", "hat"):
        sizes: tuple[str, ...] = ("One size",)
    else:
        scale = _SHOES[department] if category in ("shoes", "boots", "heels") else _CLOTHES[department]
        start = rng.choice((0, 0, 0, 1))
        sizes = scale[start : len(scale) - rng.choice((0, 0, 1))]
    description = f"{title}. {rng.choice(_FEEL[style])} {rng.choice(_CARE)}"
    return Words(rng.choice(BRANDS[style]), title, round(price, 2), sizes, description)
