"""Ranking against four lines of reference, and on unit vectors whose answer one can see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import ranking
from shared.departments import Space
from shared.errors import SpaceMismatch
from shared.ranking import (
    best_first,
    best_match,
    centroid,
    close_to,
    cosines,
    descending,
    fade,
    push,
    towards,
)
from shared.vectors import Vectors, fuse, unit

SPACE = Space("womenswear", "test")


def mixed(*shares: tuple[float, float, float]) -> Vectors:
    return Vectors(SPACE, unit(np.array(shares, np.float32)))


X, Y, Z = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def test_two_tastes_stay_two_tastes() -> None:
    vectors = mixed(X, Y, (3, 1, 0), (1, 3, 0), Z)
    scores, closest = best_match(vectors, np.arange(5), np.array([0, 1]))
    assert closest.tolist() == [0, 1, 0, 1, 0]  # the last is as far from both; the first one counts
    np.testing.assert_allclose(scores, [1, 1, 3 / 10**0.5, 3 / 10**0.5, 0], atol=1e-6)
    assert descending(scores).tolist() == [0, 1, 2, 3, 4]


def test_scores_only_the_rows_asked_for() -> None:
    scores, closest = best_match(mixed(X, Y, Z), np.array([2, 0]), np.array([0]))
    assert (scores.tolist(), closest.tolist()) == ([0, 1], [0, 0])
    scores, closest = best_match(mixed(X), np.array([], np.intp), np.array([0]))
    assert (scores.shape, closest.shape) == ((0,), (0,))


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 5))
def test_agrees_with_the_reference(seed: int, n: int, k: int) -> None:
    random = np.random.default_rng(seed)
    rows = unit(random.normal(size=(n, 8)).astype(np.float32))
    liked, asked = random.integers(n, size=k), random.permutation(n)[: n // 2 + 1]
    scores, closest = best_match(Vectors(SPACE, rows), asked, liked)
    # the reference
    reference = rows[asked].astype(np.float64) @ rows[liked].astype(np.float64).T
    best = reference.max(axis=1)
    np.testing.assert_allclose(scores, best, atol=2e-6)
    np.testing.assert_allclose(reference[np.arange(len(asked)), closest], best, atol=2e-6)


def test_the_closest_dislike_pushes_a_quarter_of_its_cosine() -> None:
    vectors = mixed(X, Y, (3, 4, 0), (-1, 0, 0), Z)
    amounts, places = push(vectors, np.arange(5), np.array([0, 1]))
    np.testing.assert_allclose(amounts, [0.25, 0.25, 0.2, 0, 0], atol=1e-6)
    assert places[:3].tolist() == [0, 1, 1]
    assert push(vectors, np.arange(2), np.array([], np.intp))[0].tolist() == [0, 0]


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 5))
def test_push_agrees_with_the_reference(seed: int, n: int, k: int) -> None:
    random = np.random.default_rng(seed)
    rows = unit(random.normal(size=(n, 8)).astype(np.float32))
    disliked = random.integers(n, size=k)
    amounts, _ = push(Vectors(SPACE, rows), np.arange(n), disliked)
    # the reference
    reference = 0.25 * np.maximum(0, (rows @ rows[disliked].T).max(axis=1))
    np.testing.assert_allclose(amounts, reference, atol=2e-6)


def test_fades_by_half_each_time() -> None:
    scores, times = np.array([0.8, 0.8, 0.8, 0.8, -0.8, 0]), np.array([0, 1, 2, 3, 1, 1])
    amounts = fade(scores, times)
    np.testing.assert_allclose(amounts, [0, 0.4, 0.6, 0.7, 0.4, 0], atol=1e-9)
    # the reference
    for score, time, amount in zip(scores[:4].tolist(), times.tolist(), amounts.tolist(), strict=False):
        for _ in range(time):
            score /= 2
        assert 0.8 - amount == pytest.approx(score)


def test_slices_join_to_the_same() -> None:
    random = np.random.default_rng(1)
    n = ranking.SLICE + 7
    vectors = Vectors(SPACE, unit(random.normal(size=(n, 4)).astype(np.float32)))
    scores, closest = best_match(vectors, np.arange(n), np.array([5, 9]))
    tail, tail_closest = best_match(vectors, np.arange(n - 20, n), np.array([5, 9]))
    np.testing.assert_allclose(scores[-20:], tail, atol=2e-6)
    assert closest[-20:].tolist() == tail_closest.tolist()
    close = close_to(vectors, np.arange(n), np.array([5]), 0.9)
    assert np.flatnonzero(close).tolist() == np.flatnonzero(vectors.rows @ vectors.rows[5] > 0.9).tolist()


def test_close_is_above_the_threshold_to_any() -> None:
    vectors = mixed(X, Y, (1, 1, 0), (10, 1, 0), Z)
    rows = np.arange(5)
    assert close_to(vectors, rows, np.array([0]), 0.9).tolist() == [True, False, False, True, False]
    assert close_to(vectors, rows, np.array([0, 4]), 0.9).tolist() == [True, False, False, True, True]
    assert close_to(vectors, rows, np.array([], np.intp), 0.9).tolist() == [False] * 5


def test_equal_scores_keep_their_order() -> None:
    assert descending(np.array([0.5, 1, 0.5, 1, -1], np.float32)).tolist() == [1, 3, 0, 2, 4]


@given(st.integers(0, 2**32 - 1), st.integers(0, 3000), st.sampled_from([0, 0.01, 3]))
def test_best_first_agrees_with_sorting_them_all(seed: int, n: int, slack: float) -> None:
    """However far the ceilings are off; and no score is asked for twice, nor more of them than it takes."""
    random = np.random.default_rng(seed)
    scores, asked = np.round(random.normal(size=n), 2), list[int]()

    def exact(places: ranking.Rows) -> ranking.Scores:
        asked.extend(places.tolist())
        return np.asarray(scores[places], np.float64)

    found = best_first(scores + random.random(n) * slack, exact)
    first = next(found, None)
    assert slack > 1 or len(asked) <= ranking.FIRST
    whole = [*([first] if first else []), *found]
    assert [place for place, _ in whole] == descending(scores).tolist()
    assert [score for _, score in whole] == sorted(scores.tolist(), reverse=True)
    assert sorted(asked) == list(range(n))


def test_rounding_makes_order_firm() -> None:
    """Rows that differ by less than float32 can sum keep the catalogue's order."""
    rows = np.array([[1, 0], [0.99999994, 0], [1, 1e-5], [1, 0]], np.float32)
    scores, _ = best_match(Vectors(SPACE, rows), np.arange(4), np.array([0]))
    assert descending(scores).tolist() == [0, 1, 2, 3]


def test_arguments_stay_as_they_were() -> None:
    vectors = mixed(X, Y, Z)
    rows, liked, before = np.array([2, 1]), np.array([0]), vectors.rows.copy()
    best_match(vectors, rows, liked)
    push(vectors, rows, liked)
    centroid(vectors, liked, (3,))
    close_to(vectors, rows, liked, 0.5)
    assert (rows.tolist(), liked.tolist()) == ([2, 1], [0])
    np.testing.assert_array_equal(vectors.rows, before)


def test_two_spaces_have_no_cosine() -> None:
    with pytest.raises(SpaceMismatch, match="expected vectors of one space"):
        cosines(mixed(X), Vectors(Space("menswear", "test"), unit(np.eye(3, dtype=np.float32))))


def test_the_centroid_lies_between_the_likes() -> None:
    vectors = mixed(X, Y, Z, (1, 1, 0), (3, 1, 0))
    centre = centroid(vectors, np.array([0, 1]), (3,))
    assert centre is not None
    np.testing.assert_allclose(centre, [0.5**0.5, 0.5**0.5, 0], atol=1e-6)
    scores = towards(vectors, np.arange(5), centre)
    np.testing.assert_allclose(scores, [0.5**0.5, 0.5**0.5, 0, 1, 4 / 20**0.5], atol=1e-6)


def test_the_parts_of_a_centroid_keep_their_weights() -> None:
    """The first parts agree, the second stand at right angles: each is as long as it was."""
    parts = [np.eye(2, dtype=np.float32)[[0, 0]], np.eye(2, dtype=np.float32)]
    centre = centroid(Vectors(SPACE, fuse(parts, (0.7, 0.3))), np.array([0, 1]), (2, 2))
    assert centre is not None
    np.testing.assert_allclose(centre, [0.7**0.5, 0, 0.15**0.5, 0.15**0.5], atol=1e-6)


def test_likes_that_cancel_out_have_no_centroid() -> None:
    assert centroid(mixed(X, (-1, 0, 0)), np.array([0, 1]), (3,)) is None
    assert centroid(mixed(X, (-1, 0.01, 0)), np.array([0, 1]), (3,)) is None
    assert centroid(mixed(X, (-1, 0.1, 0)), np.array([0, 1]), (3,)) is not None
    parts = [np.eye(2, dtype=np.float32)[[0, 0]], np.array([[0, 1], [0, -1]], np.float32)]
    assert centroid(Vectors(SPACE, fuse(parts, (0.7, 0.3))), np.array([0, 1]), (2, 2)) is None
    weightless = centroid(Vectors(SPACE, fuse(parts, (1, 0))), np.array([0, 1]), (2, 2))
    assert weightless is not None
    assert weightless.tolist() == [1, 0, 0, 0]


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 5))
def test_centroid_agrees_with_the_reference(seed: int, n: int, k: int) -> None:
    random = np.random.default_rng(seed)
    rows = unit(random.normal(size=(n, 8)).astype(np.float32))
    liked = random.integers(n, size=k)
    centre = centroid(Vectors(SPACE, rows), liked, (8,))
    # the reference
    mean = rows[sorted({*liked.tolist()})].astype(np.float64).mean(axis=0)
    assert (centre is None) == (np.linalg.norm(mean) < ranking.CANCELLED)
    if centre is not None:
        scores = towards(Vectors(SPACE, rows), np.arange(n), centre)
        np.testing.assert_allclose(scores, rows @ mean / np.linalg.norm(mean), atol=2e-6)
        again = centroid(Vectors(SPACE, rows), np.tile(liked[::-1], 3), (8,))
        assert again is not None
        assert again.tobytes() == centre.tobytes()


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_one_like_is_its_own_centroid(seed: int, n: int) -> None:
    random = np.random.default_rng(seed)
    rows = fuse([unit(random.normal(size=(n, 3))), unit(random.normal(size=(n, 5)))], (0.7, 0.3))
    vectors, like = Vectors(SPACE, rows), random.integers(n, size=1)
    centre = centroid(vectors, like, (3, 5))
    assert centre is not None
    assert centre.tobytes() == rows[like[0]].tobytes()
    scores, _ = best_match(vectors, np.arange(n), like)
    assert towards(vectors, np.arange(n), centre).tobytes() == scores.tobytes()
