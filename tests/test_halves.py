"""Stored vectors become the floats they stand for, wherever they lie."""

import numpy as np
import pytest

from shared.halves import BLOCK, Halves, weighted
from shared.vectors import fuse


def test_each_part_has_the_length_of_its_weight() -> None:
    rows = np.random.default_rng(1).standard_normal((BLOCK + 3, 5)).astype(np.float16)
    found = weighted(rows, (3, 2), (0.7, 0.3))
    assert np.linalg.norm(found[:, :3], axis=1) == pytest.approx(0.7**0.5, abs=1e-6)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-6)
    parts = [rows[:, :3].astype(np.float32), rows[:, 3:].astype(np.float32)]
    assert found == pytest.approx(fuse(parts, (0.7, 0.3)), abs=1e-6)


def test_a_part_of_zeros_stays_zeros() -> None:
    assert weighted(np.zeros((1, 3), np.float16), (2, 1), (0.5, 0.5)).tolist() == [[0, 0, 0]]


def test_every_finite_half_becomes_the_float_that_numpy_makes_of_it() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)][:, None]
    lengths = np.abs(halves.astype(np.float64))
    signs = np.sign(halves.astype(np.float32))
    assert lengths[lengths > 0].min() < 1e-7  # those below the least exponent too
    np.testing.assert_allclose(weighted(halves, (1,), (1,)), signs, atol=1e-6)
    wide = weighted(np.concatenate([halves, np.ones_like(halves)], axis=1), (2,), (1,))
    expected = halves.astype(np.float64) / np.hypot(halves.astype(np.float64), 1)
    np.testing.assert_allclose(wide[:, :1], expected, rtol=1e-6)


def test_rows_are_the_same_wherever_they_lie() -> None:
    random = np.random.default_rng(2)
    stored = random.standard_normal((40, 5)).astype(np.float16)
    places = np.flatnonzero(random.random(40) < 0.7)
    whole = weighted(stored[places], (3, 2), (0.7, 0.3))
    for cuts in ([], [7], [1, 2, 3, 20, 39]):
        rows = Halves(np.split(stored, cuts), places, (3, 2), (0.7, 0.3))
        assert (len(rows), rows.shape) == (len(places), whole.shape)
        assert np.asarray(rows).tobytes() == whole.tobytes()
        some = random.permutation(len(places))[:9]
        assert rows[some].tobytes() == whole[some].tobytes()
        assert rows[2:5].tobytes() == whole[2:5].tobytes()
        assert rows[-1].tobytes() == whole[-1].tobytes()
        assert rows[some[:0]].shape == (0, 5)


def test_there_may_be_no_rows_at_all() -> None:
    rows = Halves([], np.zeros(0, np.intp), (3, 2), (0.7, 0.3))
    assert rows[:].shape == (0, 5)


def test_rows_are_known_again_where_they_lie() -> None:
    stored, more = np.ones((6, 3), np.float16), np.ones((2, 3), np.float16)
    one = Halves([stored], np.array([0, 2, 3, 5]), (3,), (1,))
    # cut, with another row between the pieces: 0 1 2 | new | 3 4 5 | new
    pieces = [stored[:3], more[:1], stored[3:], more[1:]]
    other = Halves(pieces, np.array([0, 1, 2, 3, 4, 6, 7]), (3,), (1,))
    assert other.within(one).tolist() == [0, -1, 1, -1, 2, 3, -1]
    assert one.within(other).tolist() == [0, 2, 4, 5]
    assert one.within(Halves([stored], np.array([0, 2]), (2, 1), (0.5, 0.5))).tolist() == [-1] * 4
    assert one.within(Halves([], np.zeros(0, np.intp), (3,), (1,))).tolist() == [-1] * 4
    assert Halves([], np.zeros(0, np.intp), (3,), (1,)).within(one).tolist() == []
