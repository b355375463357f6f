"""Where a list was left off, as one opaque word: what the next page is to be told. msgspec only; pure.

A page is what a long list has beyond the items given already. The cursor keeps what could change that list
between two pages, other than the catalogue and the shopper's tastes: the seed, and what had been shown
before the first page. It holds no item, only 63 bits of each given one's SHA-256.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Annotated

import msgspec

from shared.errors import MalformedRequest
from shared.profile import Profile

FORMAT = 1
GIVEN = 1000  # items after which a list ends
LENGTH = 16_384  # characters of the longest cursor, rounded up

Time = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A list so far. ``request`` is a digest of what it was asked with. ``since`` and ``until`` bound what
    had been shown in the two hours before, in seconds since 1970 UTC. ``given`` has 8 bytes an item."""

    request: Annotated[bytes, msgspec.Meta(min_length=8, max_length=8)]
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    since: Time = 0
    until: Time = 0
    given: Annotated[bytes, msgspec.Meta(max_length=8 * GIVEN)] = b""
    format: Annotated[int, msgspec.Meta(ge=FORMAT, le=FORMAT)] = FORMAT

    def __len__(self) -> int:
        return len(self.given) // 8

    @classmethod
    def first(cls, request: bytes, seed: int, profile: Profile, department: str, now: int) -> "Cursor":
        """Before the first page of a list asked for at ``now``, in seconds since 1970 UTC."""
        times = [*chain.from_iterable(profile.shown_lately(department, now).values())]
        return cls(request, seed, min(times, default=0), max(times, default=0))

    def history(self, profile: Profile, department: str) -> dict[str, int]:
        """Every item that had been shown before the first page, and how often in the two hours before it."""
        given = self._places()
        history = {}
        for shown in profile.shown:
            if shown.department != department:
                continue
            known = given.get(_place(shown.item_id)) if given else None  # None: no page gave it
            at = [then for then in shown.at if self.since <= then <= self.until]
            if known is not None and at and shown.at[-1] == self.until:
                at.pop()  # given by the first page, in the second of the call before it
            if at or (known if known is not None else not shown.at or shown.at[0] <= self.until):
                history[shown.item_id] = len(at)
        return history

    def giver(self) -> Callable[[str], bool]:
        """What says whether an earlier page gave an item."""
        places = self._places()
        return lambda item_id: _place(item_id) in places

    def after(self, item_ids: Iterable[str], history: Iterable[str]) -> "Cursor":
        """After a page that gave these items, some of which are in the history."""
        known = frozenset(history)
        places = ((_place(item_id) | (item_id in known)).to_bytes(8) for item_id in item_ids)
        return msgspec.structs.replace(self, given=self.given + b"".join(places))

    def write(self) -> str:
        """The cursor as a word of letters, digits, - and _."""
        return base64.urlsafe_b64encode(msgspec.msgpack.encode(self)).rstrip(b"=").decode()

    def _places(self) -> dict[int, bool]:
        """The given items' digests, and whether each had been shown before the first page."""
        numbers = (int.from_bytes(self.given[i : i + 8]) for i in range(0, len(self.given), 8))
        return {number & ~1: bool(number & 1) for number in numbers}


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODER = msgspec.msgpack.Decoder(Cursor)


def read_cursor(text: str, request: bytes) -> Cursor:
    """The cursor that ``write`` made, for the request it was made for. Raises MalformedRequest."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = _DECODER.decode(data)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        found = "something else"
        raise MalformedRequest(f"cursor: expected the next of an earlier answer, found {found}") from error
    if len(cursor.given) % 8:
        raise MalformedRequest("cursor: expected the next of an earlier answer, found a part of one")
    if cursor.request != request:
        same = "the request it came with, but for likes, dislikes, limit and facets"
        raise MalformedRequest(f"cursor: expected {same}, found another request")
    return cursor


def _place(item_id: str) -> int:
    """63 bits of an item id's SHA-256, the lowest bit 0."""
    return int.from_bytes(hashlib.sha256(item_id.encode("utf-8", "surrogatepass")).digest()[:8]) & ~1
