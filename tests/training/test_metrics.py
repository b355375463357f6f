"""The metrics of the reports, against scikit-learn and against plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.baselines import chance, colour_histogram
from training.data import NO_LABEL
from training.metrics import (
    Interval,
    calibration_error,
    confusion,
    coverage,
    interval,
    macro_f1,
    mean,
    neighbours,
    reliability,
    repeated,
    retrieval,
    right,
    unlikeness,
)

CLASSES = 4
RANDOM = np.random.default_rng(5)
TRUTH = RANDOM.integers(0, CLASSES, 200)
LOGITS = RANDOM.normal(size=(200, CLASSES)) + 1.5 * np.eye(CLASSES)[TRUTH]
PROBABILITIES = np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True)
ALONE = np.arange(200).astype(str)


@pytest.fixture
def sklearn():
    pytest.importorskip("sklearn", reason="metrics are checked against scikit-learn, of the training group")
    import sklearn.calibration
    import sklearn.metrics

    return sklearn


def random_space(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit embeddings, classes (one item has none) and groups, for queries whose answers are looked up."""
    random = np.random.default_rng(seed)
    embeddings = random.normal(size=(n, 5))
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    truth = random.integers(0, 3, n)
    truth[0] = NO_LABEL
    return embeddings, truth, random.integers(0, n // 2, n).astype(str)


# classification


def test_top_1_macro_f1_and_confusion_are_those_of_scikit_learn(sklearn):
    told = PROBABILITIES.argmax(1)
    assert mean(right(PROBABILITIES, TRUTH), ALONE).value == pytest.approx(
        sklearn.metrics.accuracy_score(TRUTH, told)
    )
    assert macro_f1(TRUTH, told, CLASSES, ALONE).value == pytest.approx(
        sklearn.metrics.f1_score(TRUTH, told, average="macro")
    )
    assert np.array_equal(confusion(TRUTH, told, CLASSES), sklearn.metrics.confusion_matrix(TRUTH, told))


def test_a_class_that_does_not_occur_does_not_count(sklearn):
    truth, told = np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1])
    assert macro_f1(truth, told, CLASSES, ALONE[:4]).value == pytest.approx(
        sklearn.metrics.f1_score(truth, told, labels=[0, 1], average="macro")
    )


def test_what_nobody_labelled_does_not_count():
    truth = np.array([0, NO_LABEL, 1])
    told = np.eye(3)[[0, 0, 0]]
    assert right(told, truth)[[0, 2]].tolist() == [1, 0]
    assert np.isnan(right(told, truth)[1])
    assert confusion(truth, told.argmax(1), 3).sum() == 2
    assert macro_f1(truth, told.argmax(1), 3, ALONE[:3]).value == pytest.approx((2 / 3 + 0) / 2)


def test_the_calibration_error_is_that_of_scikit_learns_curve(sklearn):
    bins = reliability(PROBABILITIES, TRUTH, bins=10)
    sure, correct = PROBABILITIES.max(1), PROBABILITIES.argmax(1) == TRUTH
    true, predicted = sklearn.calibration.calibration_curve(correct, sure, n_bins=10, strategy="uniform")
    assert [each["right"] for each in bins] == pytest.approx(true.tolist())
    assert [each["sure"] for each in bins] == pytest.approx(predicted.tolist())
    counts = np.histogram(sure, np.linspace(0, 1, 11))[0]
    wanted = (np.abs(true - predicted) * counts[counts > 0]).sum() / counts.sum()
    assert calibration_error(bins) == pytest.approx(wanted)


def test_a_network_that_is_as_sure_as_it_is_right_has_no_calibration_error():
    sure = np.array([[0.75, 0.25]] * 8)
    assert calibration_error(reliability(sure, np.array([0] * 6 + [1] * 2))) == pytest.approx(0)
    assert calibration_error(reliability(sure, np.array([1] * 8))) == pytest.approx(0.75)


# retrieval


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_retrieval_is_what_a_plain_loop_finds(seed):
    embeddings, truth, groups = random_space(40, seed)
    found = retrieval(neighbours(embeddings, groups, truth), truth, groups)
    for row in range(1, 40):
        others = [each for each in range(1, 40) if groups[each] != groups[row]]
        ordered = sorted(others, key=lambda each: -embeddings[row] @ embeddings[each])[:10]
        hits = [truth[each] == truth[row] for each in ordered]
        relevant = sum(truth[each] == truth[row] for each in others)
        average = sum(sum(hits[: rank + 1]) / (rank + 1) for rank in range(10) if hits[rank])
        assert found["precision_at_1"][row] == hits[0] == found["recall_at_1"][row]
        assert found["precision_at_10"][row] == pytest.approx(sum(hits) / 10)
        assert found["map_at_10"][row] == pytest.approx(average / max(1, min(10, relevant)))
    assert all(np.isnan(values[0]) for values in found.values())


def test_average_precision_to_the_end_of_the_list_is_that_of_scikit_learn(sklearn):
    embeddings, truth, _ = random_space(30, 1)
    truth[0] = 0
    groups = np.arange(30).astype(str)
    found = retrieval(neighbours(embeddings, groups, truth, depth=29), truth, groups)["map_at_10"]
    for row in range(30):
        others = np.delete(np.arange(30), row)
        wanted = sklearn.metrics.average_precision_score(
            truth[others] == truth[row], embeddings[others] @ embeddings[row]
        )
        assert found[row] == pytest.approx(wanted)


def test_neighbours_are_the_nearest_of_other_groups_in_order():
    embeddings = np.array([[1, 0], [0.9, 0.436], [0.8, 0.6], [0, 1]])
    found = neighbours(embeddings, np.array(["a", "a", "b", "c"]), np.zeros(4, np.int64), depth=3)
    assert found.tolist() == [[2, 3, -1], [2, 3, -1], [1, 0, 3], [2, 1, 0]]


def test_too_few_neighbours_are_no_precision_at_10():
    embeddings, groups = np.eye(4), np.arange(4).astype(str)
    truth = np.zeros(4, np.int64)
    found = retrieval(neighbours(embeddings, groups, truth), truth, groups)
    assert found["precision_at_1"].tolist() == [1] * 4
    assert np.isnan(found["precision_at_10"]).all()


# lists


def test_unlikeness_coverage_and_repeats_of_lists_one_can_see():
    embeddings = np.array([[1.0, 0], [1, 0], [0, 1], [-1, 0]])
    lists = [[1, 2], [2, 3], [0, 1], []]
    assert unlikeness(lists, embeddings)[:3].tolist() == [1, 1, 0]
    assert np.isnan(unlikeness(lists, embeddings)[3])
    assert coverage(lists, 8) == 0.5
    # 0 and 1 are twins: 1 repeats the query 0; in the list of 2, 1 repeats 0
    assert repeated(lists, np.array([[0, 1]])).tolist() == [1, 0, 1, 0]


# intervals


def test_an_interval_is_that_of_the_normal_theory_where_groups_are_single_items():
    values = np.random.default_rng(2).normal(10, 2, 400)
    found = mean(values, np.arange(400).astype(str))
    error = values.std(ddof=1) / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.05)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.05)


def test_items_of_one_group_are_one_witness():
    values = np.repeat(np.random.default_rng(2).normal(10, 2, 40), 10)
    together = mean(values, np.repeat(np.arange(40), 10).astype(str))
    apart = mean(values, np.arange(400).astype(str))
    assert together.high - together.low > 2.5 * (apart.high - apart.low)


def test_intervals_are_repeated_and_told_in_four_decimals():
    values = np.arange(10.0)
    assert mean(values, ALONE[:10]) == mean(values, ALONE[:10])
    assert Interval(1 / 3, np.nan, 1).told() == {"value": 0.3333, "low": None, "high": 1.0}
    nothing = mean(np.full(3, np.nan), ALONE[:3]).told()
    assert nothing == {"value": None, "low": None, "high": None}


def test_a_statistic_sees_how_often_each_item_was_drawn():
    seen = []

    def statistic(times):
        seen.append(times)
        return times.sum(1)

    interval(np.array(["a", "a", "b"]), statistic, draws=50)
    assert seen[0].tolist() == [[1, 1, 1]]
    assert (seen[1][:, 0] == seen[1][:, 1]).all()
    assert (seen[1][:, 1:].sum(1) == 2).all()


# baselines


def test_a_colour_histogram_knows_colours_and_no_shapes():
    red, blue, half = (np.zeros((224, 224, 3), np.uint8) for _ in range(3))
    red[..., 0], blue[..., 2] = 250, 250
    half[:112, :, 0], half[112:, :, 2] = 250, 250
    rows = colour_histogram(np.stack([red, blue, half, half[::-1]]))
    assert (rows @ rows.T)[2] == pytest.approx([0.5**0.5, 0.5**0.5, 1, 1], abs=1e-6)
    assert rows[0] @ rows[1] == 0


def test_chance_is_the_same_every_time_and_points_anywhere():
    rows = chance(500)
    assert np.array_equal(rows, chance(500))
    assert abs((rows @ rows.T)[np.triu_indices(500, 1)].mean()) < 0.01
