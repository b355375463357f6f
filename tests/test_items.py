import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.departments import Space
from shared.items import Items, Labels, LabelSets

SPACE = Space("womenswear", "v1")


def wardrobe() -> Items:
    return Items.of(
        SPACE,
        ["coat", "dress", "shirt"],
        np.eye(3),
        (2, 1),
        price=[80.0, None, 20.0],
        sizes=[("S", "M"), None, ("L",)],
        brand=["Ada", "Ada", None],
        category=["coats", None, "shirts"],
        title=["A coat", None, "A shirt"],
        available=[True, None, False],
        predicted=[False, False, True],
    )


def test_a_row_is_found_by_its_id() -> None:
    items = wardrobe()
    assert [items.row(item_id) for item_id in ("coat", "dress", "shirt", "hat")] == [0, 1, 2, None]
    assert len(items) == 3


def test_rows_are_found_by_their_ids() -> None:
    items = Items.of(SPACE, ["a", "b"], np.eye(2), (2,))
    assert items.rows(["b", "x", "a", "b"]) == [1, -1, 0, 1]
    assert items.rows([]) == []
    assert Items.of(SPACE, [], np.zeros((0, 2)), (2,)).rows(["a"]) == [-1]


@given(st.sets(st.text(min_size=1, max_size=5)), st.lists(st.text(max_size=9)))
def test_only_an_id_to_the_letter_is_found(known: set[str], others: list[str]) -> None:
    ids = sorted(item_id for item_id in known if "\0" not in item_id)  # no id has a control character
    items = Items.of(SPACE, ids, np.zeros((len(ids), 1)), (1,))
    expected = [ids.index(item_id) if item_id in ids else -1 for item_id in (*others, *ids)]
    assert items.rows((*others, *ids)) == expected


def test_an_item_is_described_by_the_attributes_it_has() -> None:
    items = wardrobe()
    assert items.describe(0) == {
        "item_id": "coat",
        "brand": "Ada",
        "title": "A coat",
        "category": "coats",
        "price": 80.0,
        "sizes": ["S", "M"],
        "available": True,
    }
    assert items.describe(1) == {"item_id": "dress", "brand": "Ada"}
    assert items.describe(2) == {
        "item_id": "shirt",
        "title": "A shirt",
        "category": "shirts",
        "category_predicted": True,
        "price": 20.0,
        "sizes": ["L"],
        "available": False,
    }


def test_an_item_nobody_spoke_of_counts_as_available() -> None:
    assert wardrobe().available.tolist() == [True, True, False]
    assert wardrobe().availability_told.tolist() == [True, False, True]


def test_a_price_nobody_named_is_not_a_number() -> None:
    assert np.isnan(wardrobe().price).tolist() == [False, True, False]
    assert Items.of(SPACE, ["a"], [[1.0]], (1,), price=np.array([3.0])).price.tolist() == [3.0]


def test_columns_left_out_are_empty() -> None:
    assert Items.of(SPACE, ["a"], [[1.0]], (1,)).describe(0) == {"item_id": "a"}


def test_there_may_be_no_items_at_all() -> None:
    items = Items.of(SPACE, [], np.zeros((0, 3)), (2, 1))
    assert len(items) == 0
    assert items.vectors.shape == (0, 3)
    assert items.category.among(["coats"]).tolist() == []
    assert items.sizes.among(["S"]).tolist() == []


def test_the_vectors_keep_their_space() -> None:
    assert wardrobe().embeddings.space == SPACE
    assert wardrobe().embeddings.rows.dtype == np.float32


@pytest.mark.parametrize("ids", [["b", "a"], ["a", "a"]])
def test_ids_out_of_order_are_refused(ids: list[str]) -> None:
    with pytest.raises(ValueError, match="ascending"):
        Items.of(SPACE, ids, np.eye(2), (2,))


def test_a_short_column_is_refused() -> None:
    with pytest.raises(ValueError, match="brand: expected 2 rows, found 1"):
        Items.of(SPACE, ["a", "b"], np.eye(2), (2,), brand=["Ada"])


def test_labels_answer_which_rows_are_among_the_wanted() -> None:
    labels = Labels.of(["a", None, "b", "a"])
    assert list(labels) == ["a", None, "b", "a"]
    assert labels.among(["a"]).tolist() == [True, False, False, True]
    assert labels.among(["a", "b", "z"]).tolist() == [True, False, True, True]
    assert labels.among([]).tolist() == [False] * 4


def test_label_sets_answer_which_rows_have_any_of_the_wanted() -> None:
    sizes = LabelSets.of([("S", "M"), None, ("L",), ("M",)])
    assert list(sizes) == [("S", "M"), (), ("L",), ("M",)]
    assert sizes[-1] == ("M",)
    assert sizes.among(["M"]).tolist() == [True, False, False, True]
    assert sizes.among(["M", "L"]).tolist() == [True, False, True, True]
    assert sizes.among(["XXL"]).tolist() == [False] * 4
