"""The wardrobe as a stream of items: `draw`. Imports every garment family."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image

from scripts.wardrobe.canvas import Canvas
from scripts.wardrobe.garments import FRAMES, GARMENTS
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import schemes
from scripts.wardrobe.styles import PLAN, STYLES
from scripts.wardrobe.words import Words, words


@dataclass(frozen=True)
class WardrobeItem:
    """One drawn item. `style` is the truth a network is to find from the picture."""

    item_id: str
    department: str
    category: str
    style: str
    group_id: str
    brand: str
    title: str
    price: float
    currency: str
    sizes: tuple[str, ...]
    description: str
    colour: str
    available: bool
    image: Image.Image = field(repr=False, compare=False)

    def picture(self) -> bytes:
        """The picture as a file: JPEG, quality 90; the same bytes every time."""
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=90, subsampling=0)
        return out.getvalue()


def draw(department: str, count: int, seed: int = 7) -> Iterator[WardrobeItem]:
    """The first `count` items of a department's endless wardrobe, one by one as they are asked for.

    Item k is the same whatever `count` is. Raises KeyError for an unknown department.
    """
    drawn = 0
    product = 0
    while drawn < count:
        for item in _variants(department, product, seed, count - drawn):
            yield item
            drawn += 1
        product += 1


def cell(department: str, product: int, seed: int) -> tuple[str, str]:
    """The category and style of a product: styles in turn, and each style's categories dealt like cards."""
    style = STYLES[product % len(STYLES)]
    deck = list(PLAN[department][style])
    turn = product // len(STYLES)
    random.Random(f"{seed}/{department}/{style}/{turn // len(deck)}").shuffle(deck)
    return deck[turn % len(deck)], style


def _variants(department: str, product: int, seed: int, most: int) -> Iterator[WardrobeItem]:
    key = f"{seed}/{department}/{product}"
    rng = random.Random(key)
    category, style = cell(department, product, seed)
    count = rng.choice((2, 3, 3, 4)) if rng.random() < 0.34 else 1
    group = f"{department[0].upper()}{product:04d}"
    told: Words = words(department, category, style, rng)
    for scheme in schemes(style, department, count, rng)[:most]:
        look = Look(department, category, style, scheme, key)
        canvas = Canvas(random.Random(f"{key}/pose"), *FRAMES.get(category, (1.0, 112.0)))
        GARMENTS[category](canvas, look)
        yield WardrobeItem(
            item_id=f"{group}-{scheme.name}",
            department=department,
            category=category,
            style=style,
            group_id=group,
            brand=told.brand,
            title=f"{told.title}, {scheme.name}{' wash' if category == 'jeans' else ''}",
            price=told.price,
            currency="EUR",
            sizes=told.sizes,
            description=told.description,
            colour=scheme.name,
            available=random.Random(f"{key}/{scheme.name}/stock").random() > 0.06,
            image=canvas.finished(),
        )
