"""The model card: what a bundle's two networks are, expect and promise. msgspec only."""

from typing import Annotated, Any

import msgspec

from shared.errors import ModelDamaged

FORMAT = 1

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(gt=0)]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the bundle: its size and its SHA-256 in lower-case hex."""

    bytes: Count
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One network: its file, the width of its embedding, and its weight in the recommendation."""

    name: str
    file: str
    width: Count
    weight: Share


class Preprocessing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``shared.pictures`` did to the training pictures: side in pixels, mean and deviation of RGB."""

    size: Count
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bundle's card.json.

    ``parts`` are in the order in which they stand in an embedding; their weights sum to 1. Two items
    whose cosine is above ``duplicate_threshold`` are near-duplicates. A predicted category below
    ``category_threshold`` is not told. ``training`` and ``metrics`` are for people.
    """

    format: Annotated[int, msgspec.Meta(ge=FORMAT, le=FORMAT)]
    department: str
    version: str
    parts: tuple[Part, ...]
    styles: tuple[str, ...]
    categories: tuple[str, ...]
    preprocessing: Preprocessing
    duplicate_threshold: Annotated[float, msgspec.Meta(gt=0, le=1)]
    category_threshold: Share
    files: dict[str, File]
    training: dict[str, Any]
    metrics: dict[str, Any]

    @property
    def widths(self) -> tuple[int, ...]:
        """Width of each part, in order."""
        return tuple(part.width for part in self.parts)

    @property
    def weights(self) -> tuple[float, ...]:
        """Weight of each part, in order; they sum to 1."""
        return tuple(part.weight for part in self.parts)

    @property
    def width(self) -> int:
        """Width of the whole embedding."""
        return sum(self.widths)


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODER = msgspec.json.Decoder(Card)


def read_card(data: bytes | memoryview, source: str) -> Card:
    """Parse and check a card.json; ``source`` names it in errors. Raises ModelDamaged."""
    try:
        card = _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise ModelDamaged(f"{source}: expected a model card of format {FORMAT}, found: {error}") from error
    if abs(sum(card.weights) - 1) > 1e-9:
        raise ModelDamaged(f"{source}: expected weights that sum to 1, found {card.weights}")
    if missing := [part.file for part in card.parts if part.file not in card.files]:
        raise ModelDamaged(f"{source}: expected a sha256 for each file, found none for {missing}")
    return card


def write_card(card: Card) -> bytes:
    """The card as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"
