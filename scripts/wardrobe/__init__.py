"""Demo items: cut-out garments drawn from one seed. Imports Pillow, numpy and the standard library only."""

from scripts.wardrobe.items import WardrobeItem, draw

__all__ = ["WardrobeItem", "draw"]
