"""Sizes of a whole catalogue, against one item at a time; see test_filters.py for filtering by them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.departments import DEPARTMENTS, Space
from shared.items import Items
from shared.offered import offered
from shared.sizes import kind_of, names

LABELS = [
    "S",
    "small",
    "38",
    "EU38",
    "uk 10",
    "32/34",
    "W32",
    "W32 L34",
    "w32 l34",
    "S/M",
    "s/m ",
    "One size",
]
shelves = st.lists(
    st.tuples(
        st.sampled_from([None, "dress", "Boots", "boots", "jeans", "hat"]),
        st.none() | st.lists(st.sampled_from(LABELS), max_size=4),
    ),
    max_size=10,
)


def catalogue(department: str, shelf: list[tuple[str | None, list[str] | None]]) -> Items:
    ids = [f"{number:03d}" for number in range(len(shelf))]
    categories, sizes = [row[0] for row in shelf], [row[1] for row in shelf]
    return Items.of(
        Space(department, "v1"), ids, np.ones((len(ids), 1)), (1,), category=categories, sizes=sizes
    )


@given(st.sampled_from(DEPARTMENTS), shelves, st.lists(st.sampled_from(LABELS), max_size=2))
def test_agrees_with_one_item_at_a_time(
    department: str, shelf: list[tuple[str | None, list[str] | None]], wanted: list[str]
) -> None:
    sizes = offered(catalogue(department, shelf))

    def fits(row: tuple[str | None, list[str] | None], wanted: list[str]) -> bool:
        kind = kind_of(row[0])
        known = {name for label in row[1] or [] for name in names(label, department, kind)}
        return any(names(label, department, kind)[0] in known for label in wanted)

    assert sizes.among(wanted).tolist() == [fits(row, wanted) for row in shelf]
    mask = np.arange(len(shelf)) % 3 != 1
    counts = sizes.counts(mask)
    assert len(dict(counts)) == len(counts)
    for size, count in counts:
        assert count == sum(fits(row, [size]) for row, kept in zip(shelf, mask, strict=True) if kept) > 0
    told = [label for row, kept in zip(shelf, mask, strict=True) if kept for label in row[1] or []]
    assert bool(counts) == bool(told)
    assert all(sizes.among([label]).any() for label in told)


def test_a_catalogue_is_read_once() -> None:
    items = catalogue("womenswear", [("dress", ["S"])])
    assert offered(items) is offered(items)


def test_sizes_are_counted_under_their_names() -> None:
    shelf = [
        ("dress", ["38", "UK 10"]),
        ("Dresses", ["EU38", "S/M"]),
        ("boots", ["38"]),
        (None, ["38"]),
        ("jeans", ["32/34", "32"]),
        ("dress", ["s/m", "medium"]),
    ]
    items = catalogue("menswear", shelf)
    everything = np.ones(len(items), np.bool_)
    assert offered(items).counts(everything) == [
        ("M", 1),
        ("W32", 1),
        ("W32 L34", 1),
        ("EU 38", 2),  # a dress and the boots
        ("UK 10", 1),
        ("38", 3),  # on boots it is EU 38
        ("S/M", 2),
    ]
    assert offered(items).counts(~everything) == []
