"""Surprises: styles found where they are, slots and draws as likely as they say."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.exploration import CLUSTERS, clusters, draw, slots, unseen
from shared.vectors import unit

NOTHING = np.array([], np.intp)


def test_finds_the_styles_that_are_there() -> None:
    random = np.random.default_rng(0)
    style = random.integers(5, size=200)
    labels = clusters(unit(np.eye(8)[style] + random.normal(scale=0.02, size=(200, 8))))
    for label in set(labels.tolist()):  # no cluster mixes two styles
        assert len(set(style[labels == label].tolist())) == 1
    assert labels.max() < CLUSTERS


def test_a_cluster_per_distinct_item_at_most() -> None:
    rows = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2]]
    labels = clusters(rows)
    assert labels[:3].tolist() == labels[3:].tolist()
    assert len(set(labels.tolist())) == 3
    assert clusters(rows[:1]).tolist() == [0]
    assert clusters(rows[:0]).tolist() == []


def test_the_same_vectors_give_the_same_clusters() -> None:
    rows = unit(np.random.default_rng(3).normal(size=(5000, 6)))
    before = rows.copy()
    assert clusters(rows).tolist() == clusters(rows).tolist()
    np.testing.assert_array_equal(rows, before)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.77, 1])
def test_the_share_of_slots_is_right_on_average(share: float) -> None:
    random = np.random.default_rng(4)
    drawn = [slots(12, share, random) for _ in range(2000)]
    counts = [len(places) for places in drawn]
    assert max(counts) - min(counts) <= 1
    assert abs(np.mean(counts) - 12 * share) < 0.05
    places = Counter(place for some in drawn for place in some.tolist())
    assert all(abs(places[place] / 2000 - share) < 0.05 for place in range(12))
    assert all(sorted(set(some.tolist())) == some.tolist() for some in drawn)


def test_no_slots_in_an_empty_list() -> None:
    assert slots(0, 1, np.random.default_rng(0)).tolist() == []


def test_unseen_styles_are_neither_liked_nor_shown() -> None:
    labels = np.array([0, 0, 1, 1, 2, 2, 3])
    assert unseen(labels, np.array([0]), np.array([2])).tolist() == [2, 3]
    assert unseen(labels, NOTHING, NOTHING).tolist() == [0, 1, 2, 3]
    # once all were seen: those shown least, never those liked
    assert unseen(labels, np.array([0]), np.array([2, 3, 4, 6])).tolist() == [2, 3]
    assert unseen(labels, np.array([0, 2, 4, 6]), NOTHING).tolist() == []
    assert unseen(NOTHING, NOTHING, NOTHING).tolist() == []


def test_draws_each_style_before_any_comes_again() -> None:
    labels = np.array([0, 0, 0, 1, 1, 2])
    drawn = list(draw(labels, np.arange(6), np.array([0, 1, 2]), np.random.default_rng(5)))
    assert sorted(surprise.row for surprise in drawn) == [0, 1, 2, 3, 4, 5]
    assert all(labels[surprise.row] == surprise.cluster for surprise in drawn)
    order = [surprise.cluster for surprise in drawn]
    assert (set(order[:3]), set(order[3:5]), order[5]) == ({0, 1, 2}, {0, 1}, 0)


def test_draws_only_what_is_eligible() -> None:
    labels = np.array([0, 0, 1, 2])
    random = np.random.default_rng(6)
    assert {s.row for s in draw(labels, np.array([1, 3]), np.array([0, 1]), random)} == {1}
    assert list(draw(labels, np.arange(4), NOTHING, random)) == []


def test_draws_are_as_likely_as_they_say() -> None:
    labels = np.array([0, 0, 0, 1])
    told: dict[int, float] = {}
    seen: Counter[int] = Counter()
    for seed in range(4000):
        first = next(draw(labels, np.arange(4), np.array([0, 1]), np.random.default_rng(seed)))
        told[first.row] = first.probability
        seen[first.row] += 1
    assert told == pytest.approx({0: 1 / 6, 1: 1 / 6, 2: 1 / 6, 3: 1 / 2})
    for row, probability in told.items():
        assert abs(seen[row] / 4000 - probability) < 0.03


@given(st.integers(0, 2**63 - 1), st.integers(0, 20))
def test_one_seed_one_outcome(seed: int, n: int) -> None:
    labels = np.arange(n) % 4
    outcomes = []
    for _ in range(2):
        random = np.random.default_rng(seed)
        outcomes.append((slots(n, 0.5, random).tolist(), list(draw(labels, np.arange(n), labels, random))))
    assert outcomes[0] == outcomes[1]
    assert sum(surprise.probability for surprise in outcomes[0][1][:1]) <= 1
