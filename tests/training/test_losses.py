"""Losses against their definitions, written out."""

# ruff: noqa: E402
import math

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.data import NO_LABEL
from training.losses import TEMPERATURE, contrastive, cross_entropy, mixed


def units(count: int, width: int = 4) -> torch.Tensor:
    rows = torch.randn(count, width, generator=torch.Generator().manual_seed(count))
    return torch.nn.functional.normalize(rows, dim=1)


def test_the_contrastive_loss_is_equation_2_of_its_paper():
    embeddings, classes = units(7), torch.tensor([0, 0, 1, 1, 1, 2, NO_LABEL])
    wanted = []
    for anchor in range(6):
        same = [i for i in range(6) if i != anchor and classes[i] == classes[anchor]]
        others = [i for i in range(6) if i != anchor]
        if not same:
            continue  # the only one of class 2
        near = {i: math.exp(float(embeddings[anchor] @ embeddings[i]) / TEMPERATURE) for i in others}
        wanted.append(-sum(math.log(near[i] / sum(near.values())) for i in same) / len(same))
    found = float(contrastive(embeddings, classes))
    assert found == pytest.approx(sum(wanted) / len(wanted), rel=1e-4)


def test_pictures_without_labels_have_nothing_to_contrast():
    embeddings = units(3).requires_grad_()
    loss = contrastive(embeddings, torch.full((3,), NO_LABEL))
    loss.backward()
    assert float(loss.detach()) == 0
    assert torch.isfinite(embeddings.grad).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy_is_the_mean_of_the_labelled(smoothing):
    logits, classes = torch.randn(5, 3), torch.tensor([0, NO_LABEL, 2, 1, NO_LABEL])
    known = classes != NO_LABEL
    wanted = torch.nn.functional.cross_entropy(logits[known], classes[known], label_smoothing=smoothing)
    assert torch.allclose(cross_entropy(logits, classes, smoothing), wanted)
    assert float(cross_entropy(logits, torch.full((5,), NO_LABEL), smoothing)) == 0


def test_a_blend_is_between_its_two_pictures():
    pictures = torch.rand(4, 3, 2, 2)
    assert torch.equal(mixed(pictures, 1.0), pictures)
    assert torch.allclose(mixed(pictures, 0.25)[1], 0.25 * pictures[1] + 0.75 * pictures[0])
