import numpy as np

from shared.catalogue import Catalogue, fold
from shared.items import Items
from tests.facts import EMPTY, card, picture, priced


def items(*facts: object) -> Items:
    """The visible items, also through the bytes of a snapshot."""
    catalogue = fold(EMPTY, facts)  # type: ignore[arg-type]
    one, other = catalogue.visible(card()), Catalogue.from_buffer(catalogue.to_bytes()).visible(card())
    assert [one.describe(row) for row in range(len(one))] == [
        other.describe(row) for row in range(len(other))
    ]
    assert np.array_equal(one.vectors, other.vectors)
    return one


def test_the_shops_category_wins_over_the_predicted_one() -> None:
    found = items(
        picture("a", 1, category="coats", probability=0.9),
        priced("a", 1, category="parkas"),
        picture("b", 1, category="coats", probability=0.5),
        picture("c", 1, category="coats", probability=0.49),
        picture("d", 1, category=None, probability=0.9),
    )
    assert list(found.category) == ["parkas", "coats", None, None]
    assert found.predicted.tolist() == [False, True, False, False]
    assert found.category.among(["coats"]).tolist() == [False, True, False, False]


def test_every_attribute_arrives() -> None:
    fields = {
        "brand": "Ada",
        "title": "Größe \U0001f9e5",
        "price": 12.5,
        "currency": "EUR",
        "sizes": ("S", "M"),
        "category": "coats",
        "description": "warm",
        "group_id": "g1",
        "available": False,
        "url": "https://example.com",
    }
    found = items(picture("a", 1), priced("a", 1, **fields), picture("b", 1, category=None))
    assert found.describe(0) == {"item_id": "a"} | fields | {"sizes": ["S", "M"]}
    assert found.describe(1) == {"item_id": "b"}
    assert found.available.tolist() == [False, True]
    assert np.isnan(found.price).tolist() == [False, True]


def test_sizes_stay_with_their_item() -> None:
    found = items(
        *(picture(item_id, 1) for item_id in "abce"),
        priced("b", 1, sizes=("S", "M")),
        priced("c", 1, sizes=()),
        priced("d", 1, sizes=("L",)),
        priced("e", 1, sizes=("M",)),
    )
    assert list(found.sizes) == [(), ("S", "M"), (), ("M",)]
    assert found.sizes.among(["M"]).tolist() == [False, True, False, True]


def test_nothing_visible_is_no_error() -> None:
    assert len(items()) == 0
    assert len(items(priced("a", 1, price=1.0, sizes=("S",)))) == 0
