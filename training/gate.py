"""May a bundle take the live one's place? Both are asked about the same pictures.

Not if its neighbours of the same style are fewer, or if its lists repeat themselves more: where the 95 %
interval of the difference, item by item, leaves out that they are not. Imports numpy and onnxruntime.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.card import Card
from training import metrics
from training.data import Pictures, labels
from training.evidence import lists
from training.metrics import Interval
from training.scores import answers
from training.twins import twins

Bundle = tuple[Card, tuple[bytes, bytes]]  # the networks in the order of the card's parts


@dataclass(frozen=True)
class Verdict:
    """How the new bundle stands to the live one: what it has minus what the live one has.

    ``retrieval`` is P@10 by style, ``duplicates`` near-duplicates in a list of twelve.
    """

    pictures: int
    retrieval: Interval
    duplicates: Interval

    @property
    def reasons(self) -> list[str]:
        """Why it may not; nothing if it may."""
        found = []
        if np.isnan(self.retrieval.value):
            found.append("expected pictures with styles to judge by, found none with ten neighbours")
        elif self.retrieval.high < 0:
            found.append(f"expected neighbours as good as the live model's, found {told(self.retrieval)}")
        if self.duplicates.low > 0:
            found.append(f"expected no more near-duplicates in lists, found {told(self.duplicates)}")
        return found

    def as_card(self) -> dict[str, Any]:
        """As the card of the promoted bundle says it."""
        return {
            "pictures": self.pictures,
            "precision_at_10_minus_live": self.retrieval.told(),
            "duplicates_at_12_minus_live": self.duplicates.told(),
            "against": self.reasons,
        }


def told(difference: Interval) -> str:
    """A difference in words."""
    return f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"


def judged(live: Bundle, new: Bundle, pictures: Pictures) -> Verdict:
    """Compare two bundles on pictures that neither learned from."""
    styles = labels(pictures.styles, sorted(set(pictures.styles) - {""}))
    pairs = twins(pictures.squares)
    found: list[Sequence[np.ndarray]] = []
    for card, networks in (live, new):
        weights = (card.weights[0], card.weights[1])
        rows = answers(*networks, weights, pictures, np.arange(len(pictures))).fused
        nearest = metrics.neighbours(rows, pictures.groups, styles)
        ten = metrics.retrieval(nearest, styles, pictures.groups)["precision_at_10"]
        found.append((ten, metrics.repeated(lists(rows, card.duplicate_threshold), pairs)))
    ten, repeats = (after - before for before, after in zip(*found, strict=True))
    return Verdict(len(pictures), metrics.mean(ten, pictures.groups), metrics.mean(repeats, pictures.groups))
