"""The bounds of a scan hold whatever the vectors, and are as close as eight bits can be."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue import Catalogue, fold
from shared.codes import ALONE, FEW, LARGEST, SCANNED, Bounds, Codes, _products, codes
from shared.departments import Space
from shared.facts import Fact
from shared.halves import Halves
from shared.items import Items
from shared.vectors import Floats, unit
from tests.facts import EMPTY, card, facts


def scanned(rows: Floats, *groups: Floats) -> list[Bounds]:
    found = Codes.of(rows).bounds(*groups)
    return [bounds for bounds in found if bounds is not None]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 60),
    st.integers(1, 9),
    st.integers(1, 4),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([1e-3, 1, 40]),
)
def test_a_cosine_lies_within_its_bounds(
    seed: int, n: int, width: int, k: int, peaks: int, length: float
) -> None:
    """Of rows of any length, also of such as have one direction much stronger than all others."""
    random = np.random.default_rng(seed)
    rows = (random.normal(size=(n, width)) ** (2 * peaks + 1)).astype(np.float32)
    rows = unit(rows) * np.float32(length)
    rows[random.random(n) < 0.1] = 0
    liked, disliked = rows[random.integers(n, size=k)], unit(random.normal(size=(1, width)))
    for group, bounds in zip((liked, disliked), scanned(rows, liked, disliked), strict=True):
        exact = (rows.astype(np.float64) @ group.astype(np.float64).T).max(axis=1)
        assert (bounds.floors <= exact).all()
        assert (exact <= bounds.ceilings).all()


def test_the_bounds_of_wide_rows_are_close() -> None:
    rows = unit(np.random.default_rng(1).normal(size=(200, 768)).astype(np.float32))
    (bounds,) = scanned(rows, rows[:3])
    exact = (rows @ rows[:3].T).max(axis=1)
    assert np.abs(bounds.cosines - exact).max() < 0.002
    # each number is off by a step's twelfth root at most on average, in rows and in likes
    step = np.abs(rows).max() / LARGEST
    assert bounds.errors.max() < 2.1 * step * (768 / 12) ** 0.5


@pytest.mark.parametrize("paired", [0, 9])
@pytest.mark.parametrize(("width", "extreme"), [(6, False), (768, False), (768, True)])
def test_products_are_whole_numbers_however_they_are_made(paired: int, width: int, extreme: bool) -> None:
    random = np.random.default_rng(3)
    rows, others = (random.integers(-127, 128, (n, width)) for n in (40, 9))
    if extreme:
        rows, others = 127 * np.sign(rows), np.full_like(others, -127)
    found = _products(others.astype(np.int8), paired)(rows.astype(np.int8))
    assert found.tolist() == (rows @ others.T).tolist()


def test_parts_and_slices_join_to_the_same() -> None:
    n = ALONE + SCANNED + 77
    rows = unit(np.random.default_rng(2).normal(size=(n, 6)).astype(np.float32))
    whole, few = Codes.of(rows), Codes.of(rows[-100:])
    assert whole.codes[-100:].tolist() == few.codes.tolist()
    (one,), (other,) = scanned(rows, rows[:2]), scanned(rows[-100:], rows[:2])
    np.testing.assert_allclose(one.cosines[-100:], other.cosines)
    assert one.cosines[:2] == pytest.approx(1, abs=0.01)


def test_the_nearest_is_the_closest_but_for_rounding() -> None:
    random = np.random.default_rng(4)
    rows = unit(random.normal(size=(ALONE + 5, 32)).astype(np.float32))
    centres = unit(random.normal(size=(7, 32)).astype(np.float32))
    exact, places = rows @ centres.T, Codes.of(rows).nearest(centres)
    found = exact[np.arange(len(rows)), places]
    assert (places == exact.argmax(axis=1)).mean() > 0.98
    assert (exact.max(axis=1) - found).max() < 0.02
    assert Codes.of(rows[:0]).nearest(centres).tolist() == []
    assert Codes.of(rows).nearest(centres[[0, 0]]).tolist() == [0] * len(rows)


def test_nothing_to_compare_has_no_bounds() -> None:
    rows = np.eye(3, dtype=np.float32)
    assert Codes.of(rows).bounds(rows[:0]) == [None]
    none, some = Codes.of(rows).bounds(rows[:0], rows[:1])
    assert none is None
    assert some is not None
    assert some.cosines.tolist() == pytest.approx([1, 0, 0], abs=1e-6)
    (nothing,) = scanned(rows[:0], rows[:1])
    assert nothing.ceilings.shape == (0,)


def test_codes_are_made_once_and_take_a_quarter_of_float32() -> None:
    rows = unit(np.random.default_rng(3).normal(size=(50, 768)).astype(np.float32))
    items = Items.of(Space("womenswear", "test"), [f"{i:02d}" for i in range(50)], rows, (768,))
    found = codes(items)
    assert found is codes(items)
    assert found.codes.nbytes == rows.nbytes / 4
    assert found.steps.nbytes + found.errors.nbytes < rows.nbytes / 300


@given(st.lists(facts(), max_size=12), st.lists(st.lists(facts(), max_size=4), max_size=4), st.booleans())
def test_codes_that_are_taken_over_are_those_made_anew(
    first: list[Fact], changes: list[list[Fact]], stored: bool
) -> None:
    catalogue = fold(EMPTY, first)
    if stored:
        catalogue = Catalogue.from_buffer(catalogue.to_bytes())
    before = catalogue.visible(card())
    codes(before)
    for some in changes:
        catalogue = fold(catalogue, some)
        items = catalogue.visible(card())
        found, expected = codes(items, before), Codes.of(items.vectors)
        assert found.codes.tolist() == expected.codes.tolist()
        assert found.steps.tolist() == expected.steps.tolist()
        assert found.errors.tolist() == expected.errors.tolist()
        assert found.longest >= expected.longest
        before = items


def test_only_new_rows_are_encoded() -> None:
    rows = np.random.default_rng(5).normal(size=(FEW + 9, 4)).astype(np.float16)
    one, more = Halves([rows], np.arange(len(rows)), (4,), (1,)), rows[:3].copy()
    known = dataclasses.replace(Codes.of(one), steps=np.full(len(rows), 7, np.float32))  # to be told by
    other = Halves([rows[:5], more, rows[5:]], np.arange(len(rows) + 3), (4,), (1,))
    found = known.moved(other.within(one), other)
    assert (found.steps == 7).tolist() == [True] * 5 + [False] * 3 + [True] * (len(rows) - 5)
    assert found.codes.tolist() == Codes.of(other).codes.tolist()
