"""An object as a file that is fetched in pieces, of which one is held. Standard library only.

What is to be written may be such a file, too: ``Content`` is bytes, or a file that is read from its
beginning, as often as it takes.
"""

from collections.abc import Callable
from io import SEEK_END, RawIOBase
from typing import Any

from shared.errors import StoreUnavailable

PIECE = 8 << 20  # bytes

Content = bytes | memoryview | RawIOBase


class Pieces(RawIOBase):
    """The object ``name`` of ``size`` bytes as a file without a buffer, to be read and sought.

    ``fetch`` gives the bytes from a place on, as many as are asked for. What it raises goes to the reader, as
    does StoreUnavailable where it gives fewer; the place in the file is then what it was, so that a read may
    be tried again.
    """

    def __init__(
        self, name: str, size: int, fetch: Callable[[int, int], bytes | memoryview], piece: int = PIECE
    ) -> None:
        self._name, self._size, self._fetch, self._most = name, size, fetch, piece
        self._at, self._start, self._piece = 0, 0, memoryview(b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        if not self._start <= self._at < self._start + len(self._piece):
            self._piece = self._fetched()
            self._start = self._at
        place = self._at - self._start
        part = self._piece[place : place + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _fetched(self) -> memoryview:
        wanted = min(self._most, self._size - self._at)
        if wanted <= 0:
            return memoryview(b"")
        self._piece = memoryview(b"")  # else two of them were held
        found = memoryview(self._fetch(self._at, wanted))
        if len(found) != wanted:
            raise StoreUnavailable(
                f"{self._name}: expected {wanted} bytes from {self._at} on, found {len(found)}"
            )
        return found


def as_file(name: str, data: Content) -> tuple[RawIOBase, int]:
    """What is to be written under a name, at its beginning, and how many bytes it has."""
    if isinstance(data, RawIOBase):
        size = data.seek(0, SEEK_END)
        data.seek(0)
        return data, size
    whole = memoryview(data).cast("B")
    return Pieces(name, len(whole), lambda start, size: whole[start : start + size]), len(whole)


def is_same(data: Content, found: bytes | memoryview) -> bool:
    """Whether what was to be written is what was found."""
    file, size = as_file("", data)
    at = 0
    while piece := file.read(PIECE):
        if found[at : at + len(piece)] != piece:
            return False
        at += len(piece)
    return at == size == len(found)
