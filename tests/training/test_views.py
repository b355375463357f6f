"""Varied views: of their originals, different from them, and the same for a seed."""

# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.data import decoded, wardrobe
from training.views import varied, views


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return decoded("few", wardrobe("menswear", 4, 5), tmp_path_factory.mktemp("cache"))


def test_views_keep_the_labels_and_groups_of_their_originals(pictures):
    found = varied(pictures, np.array([1, 3]), 2, seed=1)
    assert list(found.item_ids) == [pictures.item_ids[row] for row in (1, 3, 1, 3)]
    for column in ("styles", "categories", "groups"):
        assert np.array_equal(getattr(found, column), getattr(pictures, column)[[1, 3, 1, 3]])
    assert found.squares.shape == (4, 224, 224, 3)
    assert found.source != pictures.source


def test_every_view_is_another_picture(pictures):
    found = varied(pictures, np.array([0]), 3, seed=1)
    every = [pictures.squares[0], *found.squares]
    assert len({picture.tobytes() for picture in every}) == 4


def test_a_seed_gives_the_same_views(pictures):
    first, again, other = (varied(pictures, np.array([0, 1]), 1, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.squares, again.squares)
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_views_of_white_are_an_even_grey_or_white():
    white = np.full((6, 224, 224, 3), 255, np.uint8)
    found = views(white, torch.Generator().manual_seed(1)).reshape(6, -1)
    assert (np.ptp(found, axis=1) <= 1).all()
    assert found.min() >= 0.75 * 255 - 1
