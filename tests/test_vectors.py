"""Unit vectors: fused parts weigh as they should, and spaces do not mix."""

import numpy as np
import pytest

from shared.departments import Space
from shared.errors import SpaceMismatch
from shared.ranking import cosines
from shared.vectors import Vectors, fuse, unit

HERE = Space("womenswear", "v1")


def random_rows(seed: int, width: int, count: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


def test_unit_scales_rows_to_length_one_and_leaves_its_argument_alone() -> None:
    rows = np.array([[3, 4], [0, 2]], np.float32)
    assert unit(rows).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, 1]]
    assert rows.tolist() == [[3, 4], [0, 2]]


def test_a_zero_row_stays_zero() -> None:
    assert unit(np.zeros((1, 3))).tolist() == [[0, 0, 0]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_unit_is_float32_whatever_it_gets(dtype: type) -> None:
    found = unit(np.ones((2, 8), dtype))
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-6)


@pytest.mark.parametrize("weights", [(0.7, 0.3), (1.0, 0.0), (0.5, 0.5)])
def test_one_dot_product_is_the_weighted_sum_of_the_parts_cosines(weights: tuple[float, float]) -> None:
    r, c = random_rows(0, 512), random_rows(1, 256)
    fused = fuse([r, c], weights)
    assert fused.shape == (5, 768)
    assert np.linalg.norm(fused, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
    expected = weights[0] * unit(r) @ unit(r).T + weights[1] * unit(c) @ unit(c).T
    assert fused @ fused.T == pytest.approx(expected, abs=1e-6)


def test_every_part_needs_its_weight() -> None:
    with pytest.raises(ValueError, match="shorter"):
        fuse([random_rows(0, 4), random_rows(1, 4)], (1.0,))


def test_cosines_of_every_pair() -> None:
    a = Vectors(HERE, unit(np.array([[1, 0], [0, 1]])))
    b = Vectors(HERE, unit(np.array([[1, 0], [1, 1], [-1, 0]])))
    half = 0.5**0.5
    assert cosines(a, b) == pytest.approx(np.array([[1, half, -1], [0, half, 0]]), abs=1e-6)


@pytest.mark.parametrize("other", [Space("menswear", "v1"), Space("womenswear", "v2")], ids=str)
def test_vectors_of_two_spaces_are_never_compared(other: Space) -> None:
    rows = unit(np.eye(2))
    with pytest.raises(SpaceMismatch, match=r"expected vectors of one space.*womenswear.*v1") as caught:
        cosines(Vectors(HERE, rows), Vectors(other, rows))
    assert isinstance(caught.value, TypeError)
