"""What a garment function is told: category, style, colours and a die.

Imports palettes, patterns and cloth.
"""

import random
from dataclasses import dataclass

from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.palettes import Scheme
from scripts.wardrobe.patterns import PATTERNS

# per kind of garment and style: (pattern or "", surface, gloss); picked evenly, so repeats weigh more
Choice = tuple[str, str, float]
FABRICS: dict[str, dict[str, tuple[Choice, ...]]] = {
    "jersey": {
        "casual": (("", "melange", 0), ("", "plain", 0), ("breton", "plain", 0), ("breton", "plain", 0),
                   ("", "waffle", 0), ("dots", "plain", 0)),
        "street": (("", "plain", 0), ("", "plain", 0), ("tie_dye", "plain", 0), ("camouflage", "plain", 0),
                   ("checkerboard", "plain", 0), ("fade", "plain", 0)),
        "dressy": (("", "plain", 0.55), ("lace", "plain", 0.1), ("", "sequin", 0.7),
                   ("floral", "plain", 0.2)),
        "smart": (("", "plain", 0.08), ("", "rib", 0), ("breton", "plain", 0)),
        "sporty": (("", "mesh", 0.25), ("", "plain", 0.35), ("shards", "plain", 0.25), ("", "mesh", 0.2)),
    },
    "shirting": {
        "casual": (("gingham", "plain", 0), ("tartan", "fleece", 0), ("", "linen", 0), ("", "denim", 0),
                   ("tartan", "fleece", 0)),
        "street": (("tartan", "plain", 0), ("checkerboard", "plain", 0), ("camouflage", "plain", 0),
                   ("tie_dye", "plain", 0), ("", "denim", 0)),
        "dressy": (("", "plain", 0.6), ("floral", "plain", 0.3), ("floral", "plain", 0.3),
                   ("", "plain", 0.75),
                   ("leopard", "plain", 0.3), ("lace", "plain", 0.1), ("dots", "plain", 0.3)),
        "smart": (("", "plain", 0.05), ("banker", "plain", 0.05), ("pinstripe", "plain", 0.05),
                  ("", "plain", 0.05), ("windowpane", "plain", 0)),
        "sporty": (("", "mesh", 0.25), ("shards", "plain", 0.25), ("", "plain", 0.3)),
    },
    "knit": {
        "casual": (("", "cable", 0), ("", "knit", 0), ("breton", "knit", 0), ("", "fleece", 0),
                   ("", "cable", 0)),
        "street": (("", "melange", 0), ("checkerboard", "knit", 0), ("rugby", "knit", 0),
                   ("fade", "knit", 0)),
        "dressy": (("", "sequin", 0.6), ("", "velvet", 0.3), ("lace", "knit", 0.1), ("", "rib", 0.35)),
        "smart": (("", "rib", 0), ("", "plain", 0.05), ("", "plain", 0.05)),
        "sporty": (("", "plain", 0.2), ("", "fleece", 0), ("shards", "plain", 0.15)),
    },
    "tailored": {
        "casual": (("", "corduroy", 0), ("", "linen", 0)),
        "street": (("", "plain", 0.1), ("tartan", "plain", 0)),
        "dressy": (("", "velvet", 0.3), ("", "plain", 0.6), ("", "velvet", 0.35), ("", "sequin", 0.6),
                   ("floral", "plain", 0.3)),
        "smart": (("", "plain", 0.03), ("pinstripe", "plain", 0), ("windowpane", "plain", 0),
                  ("houndstooth", "plain", 0), ("herringbone", "tweed", 0), ("", "tweed", 0)),
        "sporty": (("", "plain", 0.3),),
    },
    "outer": {
        "casual": (("", "denim", 0), ("", "corduroy", 0), ("", "linen", 0), ("tartan", "fleece", 0)),
        "street": (("", "leather", 0.7), ("camouflage", "plain", 0.05), ("", "plain", 0.45),
                   ("", "leather", 0.7)),
        "dressy": (("", "velvet", 0.3), ("", "plain", 0.6), ("", "fleece", 0.1), ("leopard", "fleece", 0)),
        "smart": (("", "tweed", 0), ("", "plain", 0.03), ("herringbone", "plain", 0),
                  ("houndstooth", "plain", 0)),
        "sporty": (("", "plain", 0.4), ("", "fleece", 0.0), ("shards", "plain", 0.3), ("", "plain", 0.5)),
    },
    "drape": {
        "casual": (("gingham", "plain", 0), ("", "linen", 0), ("breton", "plain", 0), ("", "denim", 0),
                   ("", "corduroy", 0), ("dots", "plain", 0)),
        "street": (("", "leather", 0.6), ("tartan", "plain", 0), ("camouflage", "plain", 0),
                   ("tie_dye", "plain", 0),
                   ("checkerboard", "plain", 0)),
        "dressy": (("", "plain", 0.6), ("floral", "plain", 0.3), ("floral", "plain", 0.25),
                   ("", "sequin", 0.6),
                   ("lace", "plain", 0.1), ("", "velvet", 0.3), ("dots", "plain", 0.3)),
        "smart": (("", "plain", 0.03), ("pinstripe", "plain", 0), ("houndstooth", "plain", 0),
                  ("", "tweed", 0),
                  ("windowpane", "plain", 0)),
        "sporty": (("", "mesh", 0.2), ("", "plain", 0.35), ("shards", "plain", 0.2)),
    },
    "legs": {
        "casual": (("", "linen", 0), ("", "plain", 0), ("", "corduroy", 0), ("", "linen", 0)),
        "street": (("camouflage", "plain", 0), ("", "plain", 0.1), ("tartan", "plain", 0),
                   ("", "leather", 0.55),
                   ("", "melange", 0)),
        "dressy": (("", "plain", 0.6), ("", "velvet", 0.3), ("", "sequin", 0.5), ("floral", "plain", 0.3)),
        "smart": (("", "plain", 0.03), ("pinstripe", "plain", 0), ("windowpane", "plain", 0),
                  ("houndstooth", "plain", 0), ("", "tweed", 0)),
        "sporty": (("", "plain", 0.3), ("", "melange", 0), ("shards", "plain", 0.3), ("", "plain", 0.4)),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One variant of one product. Variants of a product share everything but the scheme."""

    department: str
    category: str
    style: str
    scheme: Scheme
    key: str

    @property
    def women(self) -> bool:
        """Whether it is cut for womenswear."""
        return self.department == "womenswear"

    def die(self, what: str = "shape") -> random.Random:
        """Random numbers that are the same for every variant of the product."""
        return random.Random(f"{self.key}/{what}")

    def fabric(self, kind: str) -> Cloth:
        """The main cloth for a kind of garment: pattern, surface and gloss as the style wears them."""
        die = self.die("fabric")
        pattern, surface, gloss = die.choice(FABRICS[kind][self.style])
        printed = PATTERNS[pattern](self.scheme, die) if pattern else None
        return Cloth(self.scheme.main, printed, surface, gloss)
