"""The figures of a card, on embeddings whose right answers can be seen."""

import math

import numpy as np
import pytest

from training.data import NO_LABEL
from training.scores import (
    accuracy,
    category_threshold,
    chance,
    commonest,
    precision,
    precisions,
)

AXES = np.eye(4, dtype=np.float32)


def groups(*names) -> np.ndarray:
    return np.array(names)


def test_accuracy_counts_only_what_is_labelled():
    assert accuracy(AXES, np.array([0, 1, 0, NO_LABEL])) == pytest.approx(2 / 3)
    assert math.isnan(accuracy(AXES, np.full(4, NO_LABEL)))


def test_precision_of_neighbours_in_two_directions():
    embeddings = np.repeat(AXES[:2], 3, axis=0)
    truth = np.array([0, 0, 0, 1, 1, 1])
    own = np.arange(6).astype(str)
    assert precision(embeddings, truth, own, k=2) == 1
    assert precision(embeddings, truth, own, k=4) == pytest.approx(2 / 4)
    assert precision(embeddings, truth[::-1], own, k=2) == 1
    assert precision(embeddings, np.array([0, 1, 0, 1, 0, 1]), own, k=2) == pytest.approx(
        (0.5 + 0 + 0.5) * 2 / 6
    )


def test_precision_leaves_out_a_rows_own_group():
    embeddings = np.repeat(AXES[:2], 2, axis=0)
    truth = np.array([0, 0, 1, 1])
    pairs = groups("a", "a", "b", "b")  # the only neighbours of the right style are of the same product
    assert precision(embeddings, truth, pairs, k=1) == 0
    assert precision(embeddings, truth, np.arange(4).astype(str), k=1) == 1


def test_precision_needs_enough_neighbours():
    assert math.isnan(precision(AXES, np.zeros(4, np.int64), np.arange(4).astype(str), k=10))


def test_precision_does_not_change_its_arguments():
    embeddings = AXES.copy()
    precision(embeddings, np.zeros(4, np.int64), np.arange(4).astype(str), k=1)
    assert np.array_equal(embeddings, AXES)


def test_precision_agrees_with_four_plain_lines():
    random = np.random.default_rng(1)
    embeddings = random.normal(size=(40, 6)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    truth, names = random.integers(0, 3, 40), random.integers(0, 15, 40).astype(str)
    shares = []
    for row in range(40):
        others = [each for each in range(40) if names[each] != names[row]]
        nearest = sorted(others, key=lambda each: -embeddings[row] @ embeddings[each])[:10]
        shares.append(np.mean([truth[each] == truth[row] for each in nearest]))
    assert precision(embeddings, truth, names) == pytest.approx(np.mean(shares))


def test_chance_is_that_of_two_draws_of_one_class():
    assert chance(np.array([0, 0, 1, 1, NO_LABEL])) == pytest.approx(0.5)
    assert chance(np.array([0, 0, 0, 1])) == pytest.approx(0.625)


def test_the_commonest_class_is_what_a_guess_gets():
    assert commonest(np.array([0, 0, 0, 1, NO_LABEL])) == 0.75


def test_the_category_threshold_is_the_least_that_is_right_often_enough():
    sure, unsure = [0.9, 0.1], [0.58, 0.42]
    probabilities = np.array([sure] * 8 + [unsure] * 8, np.float32)
    truth = np.array([0] * 8 + [0, 1] * 4)
    assert category_threshold(probabilities, truth, 0.7) == 0.3
    assert category_threshold(probabilities, truth, 0.9) == 0.6
    assert category_threshold(probabilities, 1 - truth, 0.9) == 0.95


def test_precisions_leave_out_the_own_group_and_what_nobody_labelled():
    space = np.array([[1, 0], [0.99, 0.14], [0.98, 0.2], [0.9, 0.44], [0, 1]], np.float32)
    truth, groups = np.array([0, 0, NO_LABEL, 1, 0]), np.array(["a", "a", "b", "b", "c"])
    found = precisions(space, truth, groups, np.array([0, 2, 4]), np.arange(5), k=2)
    assert found[0] == 0.5  # the third has no label and the second is its own: the fourth and the fifth
    assert np.isnan(found[1])
    assert found[2] == 0.5  # the fourth, then the second
