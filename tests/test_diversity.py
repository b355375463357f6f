"""One item per group, and farthest points, against short references."""

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.diversity import Cap, Shelf, farthest, one_per_group, relevant_and_unlike
from shared.ranking import Rows, Scores
from shared.vectors import Floats, unit

THRESHOLD = 0.9


def angles(*degrees: float) -> Floats:
    turns = np.radians(np.array(degrees))
    return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)


def codes(*values: int) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def rows(*values: int) -> NDArray[np.intp]:
    return np.array(values, np.intp)


NONE = codes(*[-1] * 50)


def kept(
    vectors: Floats,
    groups: NDArray[np.int32],
    ordered: Rows,
    limit: int,
    threshold: float,
    taken: Iterable[int] = (),
    caps: Sequence[Cap] = (),
) -> Rows:
    """The first ``limit`` of one per group, on a shelf where the ``taken`` rows stand."""
    shelf = Shelf(vectors, groups, threshold, caps, 1)
    for row in taken:
        shelf.add(row)
    return np.array([*islice(one_per_group(shelf, ordered), limit)], np.intp)


def varied(
    vectors: Floats,
    pool: Rows,
    scores: Scores,
    limit: int,
    diversity: float,
    caps: Sequence[Cap] = (),
    threshold: float = 2.0,
    groups: NDArray[np.int32] | None = None,
) -> Rows:
    groups = np.full(len(vectors), -1, np.int32) if groups is None else groups
    shelf = Shelf(vectors, groups, threshold, caps)
    return np.array([*islice(relevant_and_unlike(shelf, pool, scores, diversity), limit)], np.intp)


def spread(
    vectors: Floats,
    groups: NDArray[np.int32],
    pool: Rows,
    first: int,
    limit: int,
    threshold: float,
    caps: Sequence[Cap] = (),
    strata: NDArray[np.int32] | None = None,
) -> tuple[Rows, Floats]:
    strata = np.zeros(len(vectors), np.int32) if strata is None else strata
    found = [*islice(farthest(Shelf(vectors, groups, threshold, caps), pool, first, strata), limit)]
    return np.array([row for row, _ in found], np.intp), np.array([c for _, c in found], np.float32)


def test_keeps_one_of_each_group_in_order() -> None:
    vectors = np.eye(5, dtype=np.float32)
    chosen = kept(vectors, codes(7, 8, 7, -1, -1), rows(2, 3, 0, 4, 1), 5, THRESHOLD)
    assert chosen.tolist() == [2, 3, 4, 1]


def test_does_not_chain() -> None:
    """0 and 40 degrees are 20 away from 20 degrees, and not near each other: both may stand."""
    vectors = angles(0, 20, 40)
    assert kept(vectors, NONE, rows(0, 1, 2), 3, THRESHOLD).tolist() == [0, 2]
    assert kept(vectors, NONE, rows(1, 0, 2), 3, THRESHOLD).tolist() == [1]


def test_looks_past_duplicates_until_the_list_is_full() -> None:
    vectors = angles(*[0] * 30, 90, 180)
    assert kept(vectors, NONE, np.arange(32), 3, THRESHOLD).tolist() == [0, 30, 31]
    assert kept(vectors, NONE, np.arange(32), 2, THRESHOLD).tolist() == [0, 30]
    assert kept(vectors, NONE, np.arange(32), 0, THRESHOLD).tolist() == []


def test_what_is_taken_counts() -> None:
    vectors = angles(0, 90, 180, 270, 5)
    groups = codes(1, 2, 1, 3, -1)
    assert kept(vectors, groups, rows(4, 2, 1, 3), 4, THRESHOLD, rows(0)).tolist() == [1, 3]


def test_caps_hold_back_one_too_many_of_a_label() -> None:
    vectors, brands = np.eye(6, dtype=np.float32), codes(0, 0, 0, 1, -1, -1)
    for most, expected in ((1, [0, 3, 4, 5]), (2, [0, 1, 3, 4, 5]), (9, [0, 1, 2, 3, 4, 5])):
        caps = ((brands, most),)
        assert kept(vectors, NONE, np.arange(6), 6, THRESHOLD, (), caps).tolist() == expected
        chosen = varied(vectors, np.arange(6), np.arange(6, 0, -1.0), 6, 0.5, caps)
        assert chosen.tolist() == expected
        chosen, _ = spread(vectors, NONE[:6], np.arange(6), 0, 6, THRESHOLD, caps)
        assert chosen.tolist() == expected


def test_caps_count_what_is_taken() -> None:
    vectors, caps = np.eye(4, dtype=np.float32), ((codes(0, 0, 0, 1), 2),)
    assert kept(vectors, NONE, rows(1, 2, 3), 3, THRESHOLD, rows(0), caps).tolist() == [1, 3]
    shelf = Shelf(vectors, NONE, THRESHOLD, caps)
    shelf.add(0)
    assert [*relevant_and_unlike(shelf, rows(1, 2, 3), np.array([0.9, 0.5, 0.1]), 0.5)] == [1, 3]


random_case = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 12))


@given(random_case)
def test_one_per_group_agrees_with_the_reference(case: tuple[int, int, int]) -> None:
    seed, n, limit = case
    random = np.random.default_rng(seed)
    vectors, groups = unit(random.normal(size=(n, 3))), random.integers(-1, 6, n).astype(np.int32)
    ordered = random.permutation(n)
    # the reference
    near = (vectors @ vectors.T > 0.8) | ((groups[:, None] == groups) & (groups >= 0))
    expected: list[int] = []
    for row in ordered.tolist():
        expected += [row] * (not near[row, expected].any())
    assert kept(vectors, groups, ordered, limit, 0.8).tolist() == expected[:limit]


@given(random_case, st.floats(0.5, 0.99))
def test_a_cluster_is_no_wider_than_twice_the_threshold(case: tuple[int, int, int], threshold: float) -> None:
    """Leader clustering: who is left out lies near a leader that came before, so no chain can form."""
    seed, n, _ = case
    random = np.random.default_rng(seed)
    vectors, ordered = unit(random.normal(size=(n, 2))), random.permutation(n)
    leaders = kept(vectors, np.full(n, -1, np.int32), ordered, n, threshold).tolist()
    cosine = vectors @ vectors.T
    place = {row: turn for turn, row in enumerate(ordered.tolist())}
    members: dict[int, list[int]] = {leader: [leader] for leader in leaders}
    for row in set(range(n)) - set(leaders):
        before = [leader for leader in leaders if place[leader] < place[row]]
        nearest = max(before, key=lambda leader: cosine[row, leader])
        assert cosine[row, nearest] > threshold - 1e-6
        members[nearest].append(row)
    for cluster in members.values():
        angle = np.arccos(np.clip(cosine[np.ix_(cluster, cluster)], -1, 1))
        assert angle.max() <= 2 * np.arccos(threshold) + 1e-3  # float32: a cosine of 1 - 1e-7 is 0.0004
    assert not (cosine[np.ix_(leaders, leaders)] - 2 * np.eye(len(leaders)) > threshold + 1e-6).any()


def test_weighs_relevance_against_likeness() -> None:
    vectors, scores = angles(0, 10, 90), np.array([1, 0.9, 0.2])
    for diversity, expected in ((0, [0, 1]), (0.3, [0, 1]), (0.5, [0, 2]), (1, [0, 2])):
        chosen = varied(vectors, np.arange(3), scores, 2, diversity)
        assert chosen.tolist() == expected, diversity
    assert varied(vectors, np.arange(0), scores[:0], 2, 0.5).tolist() == []
    assert varied(vectors, rows(2, 1), scores[1:], 9, 0.5).tolist() == [2, 1]


@given(random_case, st.floats(0, 1))
def test_marginal_relevance_agrees_with_the_reference(case: tuple[int, int, int], share: float) -> None:
    seed, n, limit = case
    random = np.random.default_rng(seed)
    vectors, scores = unit(random.normal(size=(n, 3))), np.sort(random.random(n))[::-1]
    pool = random.permutation(n)
    chosen = varied(vectors, pool, scores, limit, share)
    # the reference
    cosine = np.round(vectors @ vectors.T, 6)
    worth = {row: (1 - share) * score for row, score in zip(pool.tolist(), scores.tolist(), strict=True)}
    left, before = pool.tolist(), [int(pool[0])]
    while len(before) < min(limit, n):
        left.remove(before[-1])
        best = {row: worth[row] - share * cosine[row, before].max() for row in left}
        before.append(int(chosen[len(before)]))  # one of the best: which of two that tie hangs on rounding
        assert best[before[-1]] >= max(best.values()) - 5e-6
    assert chosen.tolist() == before
    assert varied(vectors, pool, scores, limit, 0).tolist() == pool[:limit].tolist()


@given(random_case, st.integers(1, 3), st.integers(1, 3))
def test_caps_agree_with_the_reference(case: tuple[int, int, int], a: int, b: int) -> None:
    seed, n, limit = case
    random = np.random.default_rng(seed)
    vectors, scores = unit(random.normal(size=(n, 3))), np.sort(random.random(n))[::-1]
    brands, kinds = random.integers(-1, 4, (2, n)).astype(np.int32)
    none, caps = np.full(n, -1, np.int32), ((brands, a), (kinds, b))
    ordered = random.permutation(n)
    # the reference
    expected: list[int] = []
    for row in ordered.tolist():
        full = [c[row] >= 0 and (c[expected] == c[row]).sum() >= most for c, most in caps]
        expected += [row] * (not any(full))
    assert kept(vectors, none, ordered, limit, 2.0, (), caps).tolist() == expected[:limit]
    plain = varied(vectors, ordered, scores, limit, 0, caps)
    assert plain.tolist() == expected[:limit]
    for chosen in (
        varied(vectors, ordered, scores, limit, 0.7, caps),
        spread(vectors, none, ordered, 0, limit, 2.0, caps)[0],
    ):
        for codes_of, most in caps:
            assert np.bincount(codes_of[chosen] + 1, minlength=2)[1:].max() <= most


def test_goes_to_the_spread() -> None:
    vectors = angles(0, 10, 90, 180, 170)
    chosen, nearest = spread(vectors, NONE[:5], np.arange(5), 0, 3, THRESHOLD)
    assert chosen.tolist() == [0, 3, 2]
    np.testing.assert_allclose(nearest, [-1, -1, 0], atol=1e-6)


def test_begins_where_it_is_told_and_among_the_rows_only() -> None:
    vectors = angles(0, 90, 180, 270)
    chosen, _ = spread(vectors, NONE[:4], rows(1, 2, 3), 1, 2, THRESHOLD)
    assert chosen.tolist() == [2, 1]  # 90 and 270 degrees are as far; the first one counts


def test_leaves_out_near_duplicates_and_is_no_shorter_than_that() -> None:
    vectors = angles(0, 1, 2, 90, 91, 180)
    chosen, _ = spread(vectors, codes(-1, -1, -1, 4, -1, 4), np.arange(6), 0, 6, THRESHOLD)
    assert chosen.tolist() == [0, 5, 4]  # 90 degrees is in the group of 180, which came first


@given(random_case)
def test_farthest_agrees_with_the_reference(case: tuple[int, int, int]) -> None:
    seed, n, limit = case
    random = np.random.default_rng(seed)
    vectors, none = unit(random.normal(size=(n, 3))), np.full(n, -1, np.int32)
    first = int(random.integers(n))
    chosen, nearest = spread(vectors, none, np.arange(n), first, limit, 2.0)
    # the reference
    cosine = np.round(vectors @ vectors.T, 6)
    expected = [first]
    while len(expected) < min(limit, n):
        left = [row for row in range(n) if row not in expected]
        expected.append(min(left, key=lambda row: (cosine[row, expected].max(), row)))
    np.testing.assert_allclose(
        [cosine[row, chosen[:place]].max(initial=-1) for place, row in enumerate(chosen)], nearest, atol=2e-6
    )
    assert chosen.tolist() == expected


@given(random_case)
def test_a_page_is_full_or_everything_else_is_a_near_duplicate(case: tuple[int, int, int]) -> None:
    seed, n, limit = case
    random = np.random.default_rng(seed)
    vectors, groups = unit(random.normal(size=(n, 2))), random.integers(-1, 9, n).astype(np.int32)
    near = (vectors @ vectors.T > 0.8) | ((groups[:, None] == groups) & (groups >= 0))
    np.fill_diagonal(near, False)
    for chosen in (
        kept(vectors, groups, np.arange(n), limit, 0.8),
        spread(vectors, groups, np.arange(n), 0, limit, 0.8)[0],
    ):
        left = np.setdiff1d(np.arange(n), chosen)
        assert not near[np.ix_(chosen, chosen)].any()
        assert len(chosen) == limit or near[np.ix_(left, chosen)].any(axis=1).all()


def test_a_diverse_list_takes_the_best_of_near_duplicates() -> None:
    """90 and 91 degrees are near-duplicates: 91 is farther from 0, and 90 has the better score."""
    vectors, scores = angles(0, 90, 91), np.array([0.9, 0.5, 0.49])
    assert varied(vectors, np.arange(3), scores, 3, 1, (), THRESHOLD).tolist() == [0, 1]
    vectors = angles(0, 90, 150)  # now it is their group that says so
    assert varied(vectors, np.arange(3), scores, 3, 1, (), THRESHOLD, codes(-1, 7, 7)).tolist() == [0, 1]


def test_a_diverse_list_keeps_away_from_what_stands_on_the_shelf() -> None:
    shelf = Shelf(angles(0, 40, 90, 180), NONE, THRESHOLD)
    shelf.add(3)
    scores = np.array([0.9, 0.8, 0.7])
    assert [*islice(relevant_and_unlike(shelf, rows(2, 1, 0), scores, 1), 1)] == [0]
    assert shelf.rows == [3, 0]


def test_goes_round_the_strata() -> None:
    """0 to 2 are coats, 3 and 4 hats, 5 has no category: each has its turn before any comes again."""
    vectors = angles(0, 120, 240, 60, 180, 300)
    strata = codes(0, 0, 0, 1, 1, -1)
    chosen, _ = spread(vectors, NONE, np.arange(6), 0, 6, THRESHOLD, (), strata)
    turns = strata[chosen].tolist()
    assert (set(turns[:3]), set(turns[3:5]), turns[5]) == ({0, 1, -1}, {0, 1}, 0)


@given(random_case, st.floats(0, 1), st.booleans())
def test_a_long_list_begins_with_the_short_one(
    case: tuple[int, int, int], share: float, grouped: bool
) -> None:
    seed, n, limit = case
    random = np.random.default_rng(seed)
    vectors, scores = unit(random.normal(size=(n, 3))), np.sort(random.random(n))[::-1]
    groups = random.integers(-1, 6, n).astype(np.int32) if grouped else np.full(n, -1, np.int32)
    pool, first = random.permutation(n), int(random.integers(n))
    for draw in (
        lambda length: kept(vectors, groups, pool, length, 0.8),
        lambda length: varied(vectors, pool, scores, length, share, (), 0.8, groups),
        lambda length: spread(vectors, groups, pool, first, length, 0.8, (), groups)[0],
    ):
        assert draw(n)[:limit].tolist() == draw(limit).tolist()
