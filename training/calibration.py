"""How sure the category head should be: one temperature, from pictures it never saw. Imports numpy."""

import numpy as np
from numpy.typing import NDArray

from training.data import NO_LABEL

TRIED = np.geomspace(0.25, 4, 97)


def temperature(probabilities: NDArray[np.floating], truth: NDArray[np.int64]) -> float:
    """What to divide logits by so that ``probabilities`` ``(n, classes)`` say how often they are right.

    Temperature scaling (Guo et al. 2017, arXiv 1706.04599): of 0.25..4 the one with the least negative
    log-likelihood of the true classes; 1 where nothing is labelled. Which class is likeliest stays the same.
    """
    known = truth != NO_LABEL
    if not known.any():
        return 1.0
    logits = np.log(np.maximum(probabilities[known].astype(np.float64), 1e-12))
    right = truth[known]

    def cost(divisor: float) -> float:
        scaled = logits / divisor
        scaled -= scaled.max(1, keepdims=True)
        log_total = np.log(np.exp(scaled).sum(1))
        return float((log_total - scaled[np.arange(len(right)), right]).mean())

    return float(min(TRIED, key=cost))
