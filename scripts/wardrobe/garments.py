"""Which function draws which category. Imports every garment family."""

from collections.abc import Callable

from scripts.wardrobe.bags import bag
from scripts.wardrobe.boots import boots
from scripts.wardrobe.canvas import Canvas
from scripts.wardrobe.coats import coat
from scripts.wardrobe.dresses import dress
from scripts.wardrobe.hats import hat
from scripts.wardrobe.heels import heels
from scripts.wardrobe.jackets import jacket
from scripts.wardrobe.knits import hoodie, sweater
from scripts.wardrobe.look import Look
from scripts.wardrobe.shirts import blouse, polo, shirt
from scripts.wardrobe.shoes import shoes
from scripts.wardrobe.shorts import leggings, shorts
from scripts.wardrobe.skirts import skirt
from scripts.wardrobe.tailoring import blazer
from scripts.wardrobe.tops import top, tshirt
from scripts.wardrobe.trousers import jeans, trousers

# how far a category is enlarged, and which y of its own comes to the middle of the picture
FRAMES: dict[str, tuple[float, float]] = {
    "t-shirt": (1.16, 109), "top": (1.16, 106), "blouse": (1.14, 106), "shirt": (1.12, 110), "polo": (1.14,
    109),
    "hoodie": (1.06, 104), "sweater": (1.1, 103), "blazer": (1.13, 108), "jacket": (1.12, 98),
    "skirt": (1.1, 110),
    "shorts": (1.24, 100), "dress": (1.0, 110), "hat": (0.98, 106), "bag": (0.98, 110),
    "shoes": (0.97, 112), "boots": (0.97, 112), "coat": (0.97, 112), "jeans": (0.98, 112),
    "trousers": (0.99, 112),
}  # fmt: skip

GARMENTS: dict[str, Callable[[Canvas, Look], None]] = {
    "t-shirt": tshirt, "top": top, "blouse": blouse, "shirt": shirt, "polo": polo, "hoodie": hoodie,
    "sweater": sweater, "blazer": blazer, "jacket": jacket, "coat": coat, "dress": dress, "skirt": skirt,
    "trousers": trousers, "jeans": jeans, "shorts": shorts, "leggings": leggings, "shoes": shoes,
    "boots": boots,
    "heels": heels, "bag": bag, "hat": hat,
}  # fmt: skip
