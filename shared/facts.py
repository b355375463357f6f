"""What a source event said, as facts that can be folded in any order. numpy only.

A fact belongs to an item and carries a clock: the source object's generation, metageneration and
name, written so that clocks compare as strings. ``shared.deltas`` writes and reads facts as bytes.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.errors import NameRefused

Value = str | float | bool | tuple[str, ...] | None

#: Every attribute a source may name, in the order in which they are stored.
FIELDS = (
    "brand",
    "title",
    "price",
    "currency",
    "sizes",
    "category",
    "description",
    "group_id",
    "available",
    "url",
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_CLOCK = re.compile(r"(\d{20})\.(\d{10})\.(.+)", re.DOTALL)


def clock(generation: int, metageneration: int, source: str) -> str:
    """When a source said something: ``source`` is the object's name in IMAGES.

    Compared as strings, clocks are in the order of (generation, metageneration, source).
    """
    if not (0 <= generation < 10**20 and 0 <= metageneration < 10**10 and source):
        raise ValueError(
            f"expected a generation, a metageneration and a name, found "
            f"{generation}, {metageneration}, {source!r}"
        )
    return f"{generation:020d}.{metageneration:010d}.{source}"


def parse_clock(clock: str) -> tuple[int, int, str]:
    """``(generation, metageneration, source)`` of a clock. Raises ValueError for anything else."""
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise ValueError(f"expected a clock, found {clock!r}")
    return int(match[1]), int(match[2]), match[3]


def generation_of(clock: str) -> int:
    """The generation of a clock."""
    return int(clock[:20])


def check_item_id(item_id: str) -> str:
    """The item id itself. Raises NameRefused unless 1 to 200 characters, printable, without a slash."""
    if not 1 <= len(item_id) <= 200:
        raise NameRefused(
            f"expected an item id of 1 to 200 characters, found {len(item_id)}: {item_id[:40]!r}…"
        )
    if "/" in item_id or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in item_id):
        raise NameRefused(f"expected an item id without '/' and control characters, found {item_id!r}")
    return item_id


def composed(text: str) -> str:
    """A text trimmed and in Unicode's composed form (NFC), as item ids are.

    One id may be written in several ways that look the same; file systems and spreadsheets choose
    differently, and a row of a table must find its picture.
    """
    return unicodedata.normalize("NFC", text.strip())


def as_item_id(text: str) -> str:
    """The item id that a text stands for. Raises NameRefused."""
    return check_item_id(composed(text))


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture was embedded: ``vector`` ``(width,)`` float16 of the space of ``model``.

    The clock's metageneration is 0, since a picture's bytes do not change with its metadata.
    ``category_probability`` in [0, 1] is the network's certainty of ``category``.
    """

    item_id: str
    clock: str
    model: str
    vector: NDArray[np.float16]
    category: str | None
    category_probability: float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)

    @property
    def content(self) -> tuple[str, str, str, bytes, str, float]:
        """Everything the fact says, comparable: of two with one clock the greater wins."""
        probability = float(self.category_probability)
        vector = np.asarray(self.vector, "<f2").tobytes()
        return self.item_id, self.clock, self.model, vector, self.category or "", probability


@dataclass(frozen=True)
class Attributes:
    """A table or a picture's metadata named some ``fields``; None clears one, the others stay."""

    item_id: str
    clock: str
    fields: Mapping[str, Value]

    def __hash__(self) -> int:
        return hash((self.item_id, self.clock, tuple(sorted(self.fields))))


@dataclass(frozen=True)
class Removed:
    """An item's picture is gone. ``at``: microseconds since 1970 UTC at which that was noticed."""

    item_id: str
    clock: str
    at: int


@dataclass(frozen=True)
class Source:
    """The table ``name`` was read, at this clock."""

    name: str
    clock: str


Fact = Picture | Attributes | Removed | Source


def check_fact(fact: Fact) -> Fact:
    """The fact itself. Raises ValueError (NameRefused for an item id) if it can not be stored."""
    parse_clock(fact.clock)
    fact.clock.encode()
    if isinstance(fact, Source):
        if parse_clock(fact.clock)[2] != fact.name:
            raise ValueError(f"expected a clock of {fact.name!r}, found {fact.clock!r}")
        return fact
    check_item_id(fact.item_id)
    if isinstance(fact, Picture):
        _check_picture(fact)
    elif isinstance(fact, Attributes):
        for name, value in fact.fields.items():
            _check_field(name, value)
    elif not 0 <= fact.at < 2**63:
        raise ValueError(f"expected microseconds since 1970, found {fact.at}")
    return fact


def _check_picture(fact: Picture) -> None:
    vector = fact.vector
    if vector.dtype != np.float16 or vector.ndim != 1 or not len(vector) or not np.isfinite(vector).all():
        raise ValueError(
            f"{fact.item_id}: expected a row of finite float16, found {vector.dtype} {vector.shape}"
        )
    if not fact.model or not 0 <= fact.category_probability <= 1:
        raise ValueError(
            f"{fact.item_id}: expected a model version and a probability in [0, 1], "
            f"found {fact.model!r} and {fact.category_probability}"
        )


def _check_field(name: str, value: Any) -> None:
    if name not in FIELDS:
        raise ValueError(f"expected one of {', '.join(FIELDS)}, found {name!r}")
    if value is None:
        return
    if name == "price":
        right = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    elif name == "available":
        right = isinstance(value, bool)
    elif name == "sizes":
        right = isinstance(value, tuple | list) and all(_is_text(size) for size in value)
    else:
        right = _is_text(value)
    if not right:
        raise ValueError(f"{name}: expected {_KINDS.get(name, 'a text')}, found {value!r}")


_KINDS = {"price": "a finite number", "available": "a bool", "sizes": "a list of texts"}


def stored(name: str, value: Value) -> Value:
    """A field's value as it is kept: prices are floats without a negative zero, sizes a tuple."""
    if value is None:
        return None
    if name == "price" and isinstance(value, int | float):
        return float(value) + 0.0
    return tuple(value) if name == "sizes" and isinstance(value, tuple | list) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and _SURROGATE.search(value) is None
