"""A model bundle on disk: two ONNX files and the card that says what they are. No torch.

<folder>/<department>/<version>/{resnet50.onnx, style_cnn.onnx, card.json}
"""

import hashlib
from pathlib import Path
from typing import Any

from shared.card import FORMAT, Card, File, Part, write_card
from shared.encoder import PREPROCESSING

RESNET_FILE = "resnet50.onnx"
CNN_FILE = "style_cnn.onnx"
WEIGHTS = (0.7, 0.3)  # of ResNet-50 and of the custom CNN in a recommendation


def card_of(
    department: str,
    version: str,
    files: dict[str, bytes],
    widths: tuple[int, int],
    styles: tuple[str, ...],
    categories: tuple[str, ...],
    *,
    duplicate_threshold: float,
    category_threshold: float,
    training: dict[str, Any],
    metrics: dict[str, Any],
) -> Card:
    """The card of a bundle whose files are ``RESNET_FILE`` and ``CNN_FILE`` of ``files``."""
    return Card(
        format=FORMAT,
        department=department,
        version=version,
        parts=(
            Part(name="resnet50", file=RESNET_FILE, width=widths[0], weight=WEIGHTS[0]),
            Part(name="style_cnn", file=CNN_FILE, width=widths[1], weight=WEIGHTS[1]),
        ),
        styles=styles,
        categories=categories,
        preprocessing=PREPROCESSING,
        duplicate_threshold=duplicate_threshold,
        category_threshold=category_threshold,
        files={
            name: File(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
            for name, data in sorted(files.items())
        },
        training=training,
        metrics=metrics,
    )


def write_bundle(folder: Path, card: Card, files: dict[str, bytes]) -> Path:
    """Write a bundle and return its folder. The card goes last, so that a bundle with a card is whole."""
    bundle = folder / card.department / card.version
    bundle.mkdir(parents=True, exist_ok=True)
    for name in card.files:
        (bundle / name).write_bytes(files[name])
    (bundle / "card.json").write_bytes(write_card(card))
    return bundle
