"""Every pattern by its name. Imports weaves and prints."""

import random
from collections.abc import Callable

from PIL import Image

from scripts.wardrobe import prints, weaves
from scripts.wardrobe.palettes import Scheme

Pattern = Callable[[Scheme, random.Random], Image.Image]

PATTERNS: dict[str, Pattern] = {
    f.__name__: f
    for f in (
        weaves.breton, weaves.rugby, weaves.pinstripe, weaves.banker, weaves.gingham, weaves.tartan,
        weaves.windowpane, weaves.houndstooth, weaves.herringbone, weaves.checkerboard, prints.dots,
        prints.floral, prints.leopard, prints.camouflage, prints.tie_dye, prints.shards, prints.fade,
        prints.lace,
    )
}  # fmt: skip
