"""A model bundle whose answers can be seen, for tests: networks that average colours, and their card."""

import hashlib
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import msgspec
from PIL import Image

from shared.card import Card, File, Part, write_card
from shared.encoder import PREPROCESSING
from shared.storage.ports import Blobs

NETWORKS = Path(__file__).parent / "golden" / "colour_networks"
STYLES = ("casual", "street", "dressy", "smart", "sporty")
CATEGORIES = ("dress", "trousers", "shoes")  # of red, green and blue pictures
WEIGHTS = {"resnet50": 0.7, "style_cnn": 0.3}
FILES = MappingProxyType({name: (NETWORKS / f"{name}.onnx").read_bytes() for name in WEIGHTS})


def card(department: str = "womenswear", version: str = "colours-1", **changes) -> Card:
    """The card of the networks that average colours."""
    whole = Card(
        format=1,
        department=department,
        version=version,
        parts=tuple(Part(name, f"{name}.onnx", 3, weight) for name, weight in WEIGHTS.items()),
        styles=STYLES,
        categories=CATEGORIES,
        preprocessing=PREPROCESSING,
        duplicate_threshold=0.98,
        category_threshold=0.5,
        files={
            f"{name}.onnx": File(len(data), hashlib.sha256(data).hexdigest()) for name, data in FILES.items()
        },
        training={},
        metrics={},
    )
    return msgspec.structs.replace(whole, **changes)


def publish(blobs: Blobs, card: Card) -> None:
    """Write a bundle where functions look for it; the manifest is not touched."""
    folder = f"models/{card.department}/{card.version}"
    for name, data in FILES.items():
        blobs.write(f"{folder}/{name}.onnx", data)
    blobs.write(f"{folder}/card.json", write_card(card))


def painted(colour: str, format: str = "JPEG", size: tuple[int, int] = (64, 64)) -> bytes:
    """A picture of one colour."""
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, format)
    return buffer.getvalue()
