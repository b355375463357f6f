"""Surprises: styles found where they are, slots and draws as likely as they say."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.exploration import CLUSTERS, Labels, Styles, clusters, draw, far, slots
from shared.vectors import Floats, unit

NOTHING = np.array([], np.intp)
NEVER = np.zeros(20, np.intp)


def labels_of(rows: Floats) -> Labels:
    return clusters(rows).labels


def test_finds_the_styles_that_are_there() -> None:
    random = np.random.default_rng(0)
    style = random.integers(5, size=200)
    labels = labels_of(unit(np.eye(8)[style] + random.normal(scale=0.02, size=(200, 8))))
    for label in set(labels.tolist()):  # no cluster mixes two styles
        assert len(set(style[labels == label].tolist())) == 1
    assert labels.max() < CLUSTERS


def test_a_cluster_per_distinct_item_at_most() -> None:
    rows = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2]]
    labels = labels_of(rows)
    assert labels[:3].tolist() == labels[3:].tolist()
    assert len(set(labels.tolist())) == 3
    assert labels_of(rows[:1]).tolist() == [0]
    assert labels_of(rows[:0]).tolist() == []


def test_the_same_vectors_give_the_same_clusters() -> None:
    rows = unit(np.random.default_rng(3).normal(size=(5000, 6)))
    before = rows.copy()
    assert labels_of(rows).tolist() == labels_of(rows).tolist()
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


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.integers(0, 30), st.integers(0, 30))
def test_slots_of_a_long_list_begin_with_those_of_a_short_one(
    seed: int, share: float, short: int, more: int
) -> None:
    long = slots(short + more, share, np.random.default_rng(seed))
    assert long[long < short].tolist() == slots(short, share, np.random.default_rng(seed)).tolist()


def test_no_slots_in_an_empty_list() -> None:
    assert slots(0, 1, np.random.default_rng(0)).tolist() == []


def test_far_styles_hold_nothing_known_and_lie_far_from_the_likes() -> None:
    """Six styles stand at 0, 30, 60, 90, 150 and 180 degrees, two items each."""
    turns = np.radians([0, 30, 60, 90, 150, 180])
    centres = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    styles, rows = Styles(np.arange(12) // 2, centres), np.arange(12)
    assert far(styles, rows, centres[:1], np.array([0])).tolist() == [3, 4, 5]  # of five, three
    assert far(styles, rows, centres[:1], np.array([0, 11])).tolist() == [3, 4]  # 180 degrees is disliked
    assert far(styles, rows, centres[[0, 4]], np.array([0, 8])).tolist() == [2, 3]  # the closest like counts
    assert far(styles, rows[:6], centres[:1], np.array([0])).tolist() == [2]  # the others have no candidates
    assert far(styles, rows, centres[:1], rows).tolist() == []
    assert far(styles, NOTHING, centres[:1], NOTHING).tolist() == []


def test_draws_every_item_of_the_eligible_styles_once() -> None:
    labels = np.array([0, 0, 0, 1, 1, 2])
    drawn = list(draw(labels, np.arange(6), np.array([0, 1]), NEVER[:6], np.random.default_rng(5)))
    assert sorted(surprise.row for surprise in drawn) == [0, 1, 2, 3, 4]
    assert all(labels[surprise.row] == surprise.cluster for surprise in drawn)


def test_draws_only_what_is_eligible() -> None:
    labels = np.array([0, 0, 1, 2])
    random = np.random.default_rng(6)
    assert {s.row for s in draw(labels, np.array([1, 3]), np.array([0, 1]), NEVER[:4], random)} == {1}
    assert list(draw(labels, np.arange(4), NOTHING, NEVER[:4], random)) == []


@pytest.mark.parametrize(
    ("exposure", "expected"),
    [
        ([0, 0, 0, 0], {0: 1 / 6, 1: 1 / 6, 2: 1 / 6, 3: 1 / 2}),
        # the first style was seen three times, so it has a weight of 1 / 4 against 1; within it 1/3 : 1/2 : 1
        ([2, 1, 0, 0], {0: 0.2 * 2 / 11, 1: 0.2 * 3 / 11, 2: 0.2 * 6 / 11, 3: 0.8}),
    ],
)
def test_draws_are_as_likely_as_they_say_and_what_is_new_is_likelier(
    exposure: list[int], expected: dict[int, float]
) -> None:
    labels, seen_before = np.array([0, 0, 0, 1]), np.array(exposure)
    told: dict[int, float] = {}
    seen: Counter[int] = Counter()
    for seed in range(4000):
        random = np.random.default_rng(seed)
        first = next(draw(labels, np.arange(4), np.array([0, 1]), seen_before, random))
        told[first.row] = first.probability
        seen[first.row] += 1
    assert told == pytest.approx(expected)
    for row, probability in told.items():
        assert abs(seen[row] / 4000 - probability) < 0.03


def test_a_style_just_drawn_is_less_likely_to_come_next() -> None:
    """Two styles of two items, never seen: after one draw the other style has 1 against 1 / 2."""
    labels = np.array([0, 0, 1, 1])
    for seed in range(50):
        random = np.random.default_rng(seed)
        first, second, *_ = draw(labels, np.arange(4), np.array([0, 1]), NEVER[:4], random)
        assert first.probability == pytest.approx(1 / 4)
        assert second.probability == pytest.approx(1 / 3)


@given(st.integers(0, 2**63 - 1), st.integers(0, 20))
def test_one_seed_one_outcome(seed: int, n: int) -> None:
    labels = np.arange(n) % 4
    outcomes = []
    for _ in range(2):
        random = np.random.default_rng(seed)
        drawn = list(draw(labels, np.arange(n), np.unique(labels), NEVER[:n], random))
        outcomes.append((slots(n, 0.5, random).tolist(), drawn))
    assert outcomes[0] == outcomes[1]
    assert sum(surprise.probability for surprise in outcomes[0][1][:1]) <= 1


@given(st.integers(0, 2**32 - 1), st.integers(0, 40))
def test_draws_are_those_of_pools_laid_out_beforehand(seed: int, n: int) -> None:
    """Said once more, with every cluster's rows sought before the first draw."""
    random = np.random.default_rng(seed)
    labels, exposure = random.integers(5, size=40), random.integers(3, size=40)
    rows, eligible = np.sort(random.choice(40, n, replace=False)), np.sort(random.choice(6, 3, replace=False))
    found = [*draw(labels, rows, eligible, exposure, np.random.default_rng(seed))]
    again, expected = np.random.default_rng(seed), []
    pools = {int(c): rows[labels[rows] == c].tolist() for c in eligible if (labels[rows] == c).any()}
    seen = {c: int(exposure[labels == c].sum()) for c in pools}
    while pools:
        turn = sorted(pools)
        chances = np.array([1 / (1 + seen[c]) for c in turn])
        which = int(again.choice(len(turn), p=chances / chances.sum()))
        pool = pools[turn[which]]
        chance = 1 / (1 + exposure[pool])
        place = int(again.choice(len(pool), p=chance / chance.sum()))
        expected.append((pool.pop(place), turn[which]))
        seen[turn[which]] += 1
        pools = {c: left for c, left in pools.items() if left}
    assert [(surprise.row, surprise.cluster) for surprise in found] == expected
