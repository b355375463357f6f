"""Splits: no family spans two sides, whatever ties its items together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.splits import SHARES, TRAINING, families, split

NONE = np.zeros((0, 2), np.int64)


@st.composite
def stocks(draw):
    """Items with a group or none, and pairs that are near-duplicates."""
    count = draw(st.integers(1, 60))
    groups = draw(st.lists(st.sampled_from(["", *"abcdefghijklmnop"]), min_size=count, max_size=count))
    row = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(row, row), max_size=40))
    return [f"{number:02d}" for number in range(count)], groups, np.array(pairs, np.int64).reshape(-1, 2)


@given(stocks(), st.floats(0, 0.4), st.floats(0, 0.4))
def test_no_group_and_no_pair_of_near_duplicates_spans_two_sides(stock, validation, test):
    item_ids, groups, pairs = stock
    sides = split(families(item_ids, groups, pairs), {"validation": validation, "test": test})
    for group in set(groups) - {""}:
        assert len({side for side, other in zip(sides, groups, strict=True) if other == group}) == 1
    assert all(sides[first] == sides[second] for first, second in pairs)
    assert (sides == "validation").sum() <= validation * len(sides)
    assert (sides == "test").sum() <= test * len(sides) + 1e-6


@given(stocks(), st.randoms(use_true_random=False))
def test_the_order_of_the_items_changes_nothing(stock, random):
    item_ids, groups, pairs = stock
    order = list(range(len(item_ids)))
    random.shuffle(order)
    place = np.argsort(order)
    shuffled = families([item_ids[row] for row in order], [groups[row] for row in order], place[pairs])
    assert (split(shuffled) == split(families(item_ids, groups, pairs))[order]).all()


def test_a_chain_is_one_family():
    # b and c are twins of two groups, d is tied to nobody
    found = families(["a", "b", "c", "e", "d"], ["1", "1", "2", "2", ""], np.array([[1, 2]]))
    assert found.tolist() == ["a", "a", "a", "a", "d"]


def test_items_without_a_group_are_no_group():
    assert families(["a", "b"], ["", ""], NONE).tolist() == ["a", "b"]


def test_the_shares_are_filled():
    sides = split(np.array([f"family {number}" for number in range(1000)]))
    assert {name: (sides == name).mean() for name in SHARES} == SHARES
    assert (sides == TRAINING).mean() == 0.7
