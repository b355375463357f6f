"""The teacher: frozen, the same every time, and its features as targets."""

# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("efficientnet_lite_pytorch", reason="the teacher's package is of the training group")

from training import teacher
from training.data import Listed, decoded, wardrobe
from training.teacher import Lesson


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    items = wardrobe("womenswear", 3, 5)
    again = Listed("again", items[0].style, items[0].category, "again", items[0].data)
    return decoded("few", [*items, again], tmp_path_factory.mktemp("cache"))


def test_features_are_of_the_picture_alone_and_kept(pictures, tmp_path):
    found = teacher.features(pictures, tmp_path)
    assert found.shape == (4, teacher.WIDTH)
    assert np.isfinite(found).all()
    assert np.allclose(found[0], found[3], atol=0.05)
    assert not np.allclose(found[0], found[1], atol=0.05)
    (kept,) = tmp_path.iterdir()
    assert np.array_equal(np.load(kept), teacher.features(pictures, tmp_path))


def test_the_teacher_does_not_learn():
    assert not any(each.requires_grad for each in teacher.load().parameters())


def test_targets_are_the_strongest_directions_around_the_mean():
    known = np.zeros((6, 4), np.float32)
    known[:, 0] = 5  # the same for all: tells nothing
    known[:, 1] = [-3, 3, -3, 3, 0, 0]
    known[:, 2] = [0, 0, 0, 0, -1, 1]
    lesson = Lesson.of(known, 2)
    targets = lesson.targets(known)
    assert np.allclose(np.abs(targets), [[1, 0]] * 4 + [[0, 1]] * 2, atol=1e-6)
    assert np.allclose(targets[0], -targets[1], atol=1e-6)


def test_a_lesson_learns_from_training_rows_only():
    random = np.random.default_rng(1)
    known = random.normal(size=(20, 8)).astype(np.float32)
    other = known.copy()
    other[15:] += 100
    rows = np.arange(15)
    assert np.allclose(teacher.lesson(known, rows, 4)[:15], teacher.lesson(other, rows, 4)[:15], atol=1e-6)
