"""Which function draws which category. Imports every garment family."""

from collections.abc import Callable

from scripts.wardrobe.accessories import bag, hat
from scripts.wardrobe.canvas import Canvas
from scripts.wardrobe.dresses import dress, skirt
from scripts.wardrobe.footwear import boots, heels, shoes
from scripts.wardrobe.legs import jeans, leggings, shorts, trousers
from scripts.wardrobe.look import Look
from scripts.wardrobe.outer import blazer, coat, jacket
from scripts.wardrobe.shirts import blouse, polo, shirt
from scripts.wardrobe.tops import hoodie, sweater, top, tshirt

GARMENTS: dict[str, Callable[[Canvas, Look], None]] = {
    "t-shirt": tshirt, "top": top, "blouse": blouse, "shirt": shirt, "polo": polo, "hoodie": hoodie,
    "sweater": sweater, "blazer": blazer, "jacket": jacket, "coat": coat, "dress": dress, "skirt": skirt,
    "trousers": trousers, "jeans": jeans, "shorts": shorts, "leggings": leggings, "shoes": shoes, "boots": boots,
    "heels": heels, "bag": bag, "hat": hat,
}  # fmt: skip
