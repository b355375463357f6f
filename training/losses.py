"""What training makes small: errors of style, category, and of what the teacher would say. Imports torch."""

import torch
from torch import Tensor
from torch.nn import functional as F

from training.data import NO_LABEL

STYLE_LOSSES = ("normalised", "softmax", "contrastive")
TEMPERATURE = 0.1  # of the contrastive loss


def cross_entropy(logits: Tensor, classes: Tensor, smoothing: float) -> Tensor:
    """Mean over the labelled pictures; 0 where none is."""
    total = F.cross_entropy(
        logits, classes, ignore_index=NO_LABEL, label_smoothing=smoothing, reduction="sum"
    )
    return total / (classes != NO_LABEL).sum().clamp(min=1)


def contrastive(embeddings: Tensor, classes: Tensor) -> Tensor:
    """Supervised contrastive loss of unit ``embeddings`` ``(n, width)``, in a batch's own pictures.

    Khosla et al. 2020 (arXiv 2004.11362), equation 2: for each labelled picture the mean, over those of its
    class, of minus the logarithm of their share of all others. Pictures alone in their class do not count.
    """
    known = classes != NO_LABEL
    near = embeddings @ embeddings.T / TEMPERATURE  # (n, n)
    itself = torch.eye(len(classes), dtype=torch.bool, device=classes.device)
    others = known[None, :] & ~itself
    same = others & known[:, None] & (classes[:, None] == classes[None, :])
    share = near - near.masked_fill(~others, -1e4).logsumexp(1, keepdim=True)  # logarithms
    counted = same.sum(1)
    each = -(share * same).sum(1) / counted.clamp(min=1)
    return each.sum() / (counted > 0).sum().clamp(min=1)


def likeness(seen: Tensor, target: Tensor) -> Tensor:
    """One minus the mean cosine between what is seen and what the teacher says, ``(n, width)`` each."""
    return 1 - F.cosine_similarity(seen, target).mean()


def mixed(pictures: Tensor, share: float) -> Tensor:
    """Each picture of a batch blended with its neighbour: ``share`` 0..1 of its own.

    Mixup (arXiv 1710.09412) without labels: few photographs give a teacher much to say.
    """
    return share * pictures + (1 - share) * pictures.roll(1, 0)
