"""The five styles, the categories of each department, and which style wears which category. No imports.

`PLAN[department][style]` lists as many categories for every style, so that styles are balanced; a category
in which a style is more at home may stand twice.
"""

STYLES = ("casual", "street", "dressy", "smart", "sporty")

CATEGORIES: dict[str, tuple[str, ...]] = {
    "womenswear": (
        "t-shirt", "top", "blouse", "shirt", "hoodie", "sweater", "blazer", "jacket", "coat", "dress",
        "skirt",
        "trousers", "jeans", "shorts", "leggings", "shoes", "boots", "heels", "bag", "hat",
    ),
    "menswear": (
        "t-shirt", "shirt", "polo", "hoodie", "sweater", "blazer", "jacket", "coat", "trousers", "jeans",
        "shorts", "shoes", "boots", "bag", "hat",
    ),
}  # fmt: skip

PLAN: dict[str, dict[str, tuple[str, ...]]] = {
    "womenswear": {
        "casual": (
            "t-shirt", "top", "blouse", "shirt", "sweater", "jacket", "coat", "dress", "skirt", "trousers",
            "jeans", "shorts", "leggings", "shoes", "boots", "bag", "hat",
        ),
        "street": (
            "t-shirt", "top", "shirt", "hoodie", "hoodie", "sweater", "jacket", "dress", "skirt", "trousers",
            "jeans", "shorts", "leggings", "shoes", "boots", "bag", "hat",
        ),
        "dressy": (
            "top", "blouse", "blouse", "sweater", "blazer", "jacket", "coat", "dress", "dress", "skirt",
            "trousers", "shorts", "shoes", "boots", "heels", "heels", "bag",
        ),
        "smart": (
            "top", "blouse", "shirt", "sweater", "blazer", "blazer", "coat", "dress", "skirt", "trousers",
            "jeans", "shorts", "shoes", "boots", "heels", "bag", "hat",
        ),
        "sporty": (
            "t-shirt", "t-shirt", "top", "hoodie", "hoodie", "sweater", "jacket", "coat", "dress", "skirt",
            "trousers", "shorts", "leggings", "leggings", "shoes", "bag", "hat",
        ),
    },
    "menswear": {
        "casual": (
            "t-shirt", "shirt", "polo", "hoodie", "sweater", "jacket", "coat", "trousers", "jeans", "jeans",
            "shorts", "shoes", "boots", "bag", "hat",
        ),
        "street": (
            "t-shirt", "t-shirt", "shirt", "hoodie", "hoodie", "sweater", "jacket", "coat", "trousers",
            "jeans",
            "shorts", "shoes", "boots", "bag", "hat",
        ),
        "dressy": (
            "shirt", "shirt", "polo", "sweater", "sweater", "blazer", "blazer", "coat", "trousers",
            "trousers",
            "shoes", "shoes", "boots", "bag", "hat",
        ),
        "smart": (
            "shirt", "polo", "polo", "sweater", "blazer", "blazer", "coat", "coat", "trousers", "jeans",
            "shorts",
            "shoes", "boots", "bag", "hat",
        ),
        "sporty": (
            "t-shirt", "t-shirt", "polo", "hoodie", "hoodie", "sweater", "jacket", "jacket", "trousers",
            "trousers", "shorts", "shorts", "shoes", "bag", "hat",
        ),
    },
}  # fmt: skip
