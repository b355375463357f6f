"""Temperatures: what made a head too sure is found again, and which class is likeliest stays."""

import numpy as np
import pytest

from training.calibration import temperature
from training.data import NO_LABEL
from training.metrics import calibration_error, reliability


def softmax(logits):
    scaled = np.exp(logits - logits.max(1, keepdims=True))
    return scaled / scaled.sum(1, keepdims=True)


@pytest.mark.parametrize("too_sure", [0.5, 1.0, 2.5])
def test_the_temperature_that_was_taken_away_is_found(too_sure):
    random = np.random.default_rng(3)
    logits = random.normal(size=(4000, 6)) * 2
    truth = np.array([random.choice(6, p=row) for row in softmax(logits)])
    told = softmax(logits * too_sure)
    found = temperature(told, truth)
    assert found == pytest.approx(too_sure, rel=0.1)
    before, after = (
        calibration_error(reliability(each, truth)) for each in (told, softmax(np.log(told) / found))
    )
    assert after < 0.03
    assert after <= before + 0.01


def test_without_labels_nothing_changes():
    assert temperature(np.full((3, 2), 0.5), np.full(3, NO_LABEL)) == 1.0
