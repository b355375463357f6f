"""Varied views: near what serving sees, and no two alike."""

# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from shared.pictures import normalise
from training.views import augmented


def test_white_stays_white_or_grows_a_little_darker():
    squares = np.full((4, 224, 224, 3), 255, np.uint8)
    pictures = augmented(squares, 224, torch.Generator().manual_seed(1)).numpy()
    white, darker = normalise(squares), normalise(np.full_like(squares, 228))
    assert (pictures <= white + 1e-5).all()
    assert (pictures >= darker).all()
    assert np.ptp(pictures.reshape(12, -1), axis=1).max() < 1e-5  # evenly so


def test_a_varied_picture_is_near_the_one_that_serving_sees():
    squares = np.full((8, 224, 224, 3), 255, np.uint8)
    squares[:, 60:164, 60:164] = (200, 30, 30)
    pictures = augmented(squares, 224, torch.Generator().manual_seed(2))
    assert pictures.shape == (8, 3, 224, 224)
    centre = pictures[:, :, 100:124, 100:124].mean((2, 3)).numpy()
    wanted = normalise(squares)[:, :, 100:124, 100:124].mean((2, 3))
    assert np.abs(centre - wanted).max() < 0.45  # a tenth brighter or darker
    assert not np.allclose(pictures[0], pictures[1])


def test_a_smaller_side_is_the_same_picture_smaller():
    squares = np.random.default_rng(1).integers(0, 255, (2, 224, 224, 3), np.uint8)
    assert augmented(squares, 160, torch.Generator().manual_seed(2)).shape == (2, 3, 160, 160)
