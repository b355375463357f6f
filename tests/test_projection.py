"""The map of style: what differs most lies furthest apart, and the same vectors give the same map."""

import numpy as np
import pytest

from shared.projection import SAMPLE, lay


def test_the_plane_is_that_of_the_two_largest_differences() -> None:
    random = np.random.default_rng(1)
    spread = random.normal(size=(200, 5)) * np.array([1.0, 9.0, 0.1, 4.0, 0.5])
    vectors = spread.astype(np.float32)
    plane = lay(vectors)
    centred = vectors - vectors.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    for axis, component in zip(plane.axes, components, strict=False):
        assert abs(float(axis @ component)) == pytest.approx(1, abs=1e-4)
    assert plane.axes @ plane.axes.T == pytest.approx(np.eye(2), abs=1e-4)
    places = plane.places(vectors)
    assert np.abs(places).max() == pytest.approx(1, abs=1e-4)
    assert np.array_equal(places, lay(vectors).places(vectors))


def test_a_large_department_is_laid_through_a_sample() -> None:
    random = np.random.default_rng(2)
    vectors = random.normal(size=(5 * SAMPLE, 6)).astype(np.float32)
    places = lay(vectors).places(100 * vectors)
    assert places.shape == (5 * SAMPLE, 2)
    assert np.abs(places).max() == 1, "what lies outside stands at the edge"


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_items_lie_on_a_point_or_a_line(count: int) -> None:
    vectors = np.eye(4, dtype=np.float32)[:count]
    places = lay(vectors).places(vectors)
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    if count == 1:
        assert places.tolist() == [[0, 0]]
    if count == 2:
        assert sorted(places[:, 0].round(4).tolist()) == [-1, 1]
        assert places[:, 1].tolist() == [0, 0]
