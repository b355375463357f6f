"""Request bodies: JSON in, a checked struct out, or an error that says what was expected and what was found.

Imports msgspec only.
"""

import json
import math
import re
import threading
import typing
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from shared.errors import MalformedRequest

T = TypeVar("T", bound=msgspec.Struct)

_WORDS = {
    "array": "an array",
    "bool": "true or false",
    "float": "a number",
    "int": "an integer",
    "null": "null",
    "object": "an object",
    "str": "a string",
}


def _number(text: str) -> float:
    """A number as JSON means it: 12.0 is the integer 12. Raises ValueError for one too large for a float."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("Number out of range")
    return int(value) if value.is_integer() and abs(value) < 2**63 else value


_known: set[type] = set()
_learning = threading.Lock()
_json = msgspec.json.Decoder(float_hook=_number)


def read(data: bytes, kind: type[T]) -> T:
    """The body as ``kind``. Raises MalformedRequest."""
    try:
        value = _json.decode(data)
    except RecursionError as error:
        raise MalformedRequest("expected JSON, found brackets nested too deeply to read") from error
    except UnicodeDecodeError as error:
        raise MalformedRequest("expected JSON in UTF-8, found bytes that are not UTF-8") from error
    except msgspec.MsgspecError as error:
        raise MalformedRequest(f"expected JSON, found {_start(data)}: {error}") from error
    try:
        return msgspec.convert(value, _learned(kind))
    except msgspec.ValidationError as error:
        raise MalformedRequest(_explain(str(error), value, kind)) from error


def _learned(kind: type[T]) -> type[T]:
    """The type, once one thread alone used it: msgspec 0.22 crashes when two do so at once the first time."""
    if kind not in _known:
        with _learning:
            msgspec.json.Decoder(kind)
            _known.add(kind)
    return kind


def one_of(field: str, value: str, accepted: tuple[str, ...]) -> None:
    """Raises MalformedRequest unless ``value`` is one of the accepted words."""
    if value not in accepted:
        raise MalformedRequest(f"{field}: expected {' or '.join(map(shown, accepted))}, found {shown(value)}")


def item_ids(field: str, values: tuple[str, ...]) -> None:
    """Raises MalformedRequest unless each value can be an item id: see ``shared.facts``."""
    for place, value in enumerate(values):
        if re.search(r"[/\x00-\x1f\x7f-\x9f]", value):
            expected = "an item id without slashes and control characters"
            raise MalformedRequest(f"{field}[{place}]: expected {expected}, found {shown(value)}")


def shown(value: object) -> str:
    """A JSON value as it may stand in a message: short, in ASCII, on one line."""
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, dict):
        return f"an object of {len(value)}"
    if isinstance(value, str) and len(value) > 60:
        return f"a string of {len(value)} characters"
    text = json.dumps(value)
    return text if len(text) <= 400 else f"{text[:60]}…"


def _start(data: bytes) -> str:
    if not data:
        return "an empty body"
    return f"a body of {len(data)} bytes"


def _explain(message: str, value: object, kind: type[msgspec.Struct]) -> str:
    """msgspec's message with the field in front and what was found at the end."""
    told, _, path = message.partition(" - at `$")
    steps = re.findall(r"\w+", path)
    where = path.removesuffix("`").removeprefix(".") or "body"
    if unknown := re.match(r"Object contains unknown field `(.*)`\Z", told, re.DOTALL):
        return f"{where}: expected only {', '.join(_fields(kind, steps))}, found {shown(unknown[1])}"
    if missing := re.match(r"Object missing required field `(.*)`\Z", told):
        return f"{where}: expected the field {missing[1]}, found none"
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else typing.cast(Any, value)[step]
    expected = re.sub(r", got .*", "", told, flags=re.DOTALL).removeprefix("Expected ")
    expected = re.sub(r"`(.*?)`", lambda types: _worded(types[1]), expected)
    return f"{where}: expected {expected}, found {shown(value)}"


def _worded(types: str) -> str:
    return " or ".join(_WORDS.get(word, word) for word in types.split(" | "))


def _fields(kind: type[msgspec.Struct], steps: list[str]) -> list[str]:
    """Names of the fields that the object at a path takes."""
    for step in steps:
        if step.isdigit():  # a place in an array
            continue
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
        kind = next(o for o in _within(fields[step]) if isinstance(o, type) and issubclass(o, msgspec.Struct))
    return [field.encode_name for field in msgspec.structs.fields(kind)]


def _within(kind: Any) -> Iterator[Any]:
    """A type, and those it is made of."""
    yield kind
    for inner in typing.get_args(kind):
        yield from _within(inner)
