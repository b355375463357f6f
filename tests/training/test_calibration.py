"""Temperatures: what made a head too sure is found again, and which class is likeliest stays."""

# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.calibration import calibrate, temperature
from training.data import NO_LABEL, decoded, wardrobe
from training.metrics import calibration_error, reliability
from training.models import StyleResNet


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


def test_a_network_takes_the_temperature_on_and_keeps_its_choices(tmp_path):
    torch.manual_seed(1)
    network = StyleResNet(5, 3, 64).eval()
    pictures = decoded("few", wardrobe("menswear", 6, 5), tmp_path)
    truth, rows = np.array([0, 1, 2, 0, 1, NO_LABEL]), np.arange(6)
    from shared.pictures import normalise

    with torch.inference_mode():
        before = network(torch.from_numpy(normalise(pictures.squares))).category
        calibrate(network, pictures, truth, rows)
        after = network(torch.from_numpy(normalise(pictures.squares))).category
    assert float(network.temperature) != 1.0
    assert torch.allclose(after * network.temperature, before, atol=1e-5)
    assert torch.equal(after.argmax(1), before.argmax(1))
