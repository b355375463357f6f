"""The gate: what is better passes, what is worse does not, and what can not be told apart passes."""

import msgspec
import numpy as np
import pytest

from tests.bundles import FILES, card
from tests.training.test_evidence import pictures
from training.gate import Verdict, judged
from training.metrics import Interval

NETWORKS = (FILES["resnet50"], FILES["style_cnn"])
LIVE = (card(duplicate_threshold=0.9999), NETWORKS)
SQUARES = pictures(["casual", "street", "dressy"] * 12)


def verdict(retrieval: tuple[float, float, float], duplicates: tuple[float, float, float]) -> Verdict:
    return Verdict(10, Interval(*retrieval), Interval(*duplicates))


def test_a_bundle_is_no_worse_than_itself():
    found = judged(LIVE, (card(version="colours-2", duplicate_threshold=0.9999), NETWORKS), SQUARES)
    assert found.reasons == []
    assert found.retrieval.value == found.duplicates.value == 0
    assert found.as_card()["pictures"] == 36


def test_a_bundle_that_hides_no_duplicates_is_refused():
    shown = pictures(["casual", "street", "dressy"] * 12)
    shown.squares[::3] = shown.squares[0]  # twelve items with one picture
    found = judged(LIVE, (card(version="colours-2", duplicate_threshold=1.0), NETWORKS), shown)
    assert found.duplicates.low > 0
    assert found.reasons[0].startswith("expected no more near-duplicates in lists, found +")


def test_without_styles_there_is_nothing_to_judge_by():
    unlabelled = pictures(["casual"] * 12, [""] * 12)
    assert "expected pictures with styles to judge by" in judged(LIVE, LIVE, unlabelled).reasons[0]


@pytest.mark.parametrize(
    ("retrieval", "duplicates", "reasons"),
    [
        ((-0.1, -0.2, -0.05), (0, 0, 0), 1),
        ((-0.1, -0.2, 0.01), (0, 0, 0), 0),
        ((0.1, 0.05, 0.2), (0.5, 0.1, 0.9), 1),
        ((0.1, 0.05, 0.2), (0.5, -0.1, 0.9), 0),
        ((-0.1, -0.2, -0.05), (0.5, 0.1, 0.9), 2),
        ((np.nan, np.nan, np.nan), (0, 0, 0), 1),
    ],
)
def test_only_what_the_interval_leaves_no_doubt_of_counts(retrieval, duplicates, reasons):
    assert len(verdict(retrieval, duplicates).reasons) == reasons


def test_a_verdict_is_json():
    told = verdict((-0.1, -0.2, -0.05), (0, 0, 0)).as_card()
    assert msgspec.json.decode(msgspec.json.encode(told)) == told
