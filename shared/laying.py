"""A table as an Arrow IPC file that is never whole in memory: its vectors stay where they lie. pyarrow and
numpy.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from shared.deltas import lay_out, vector_rows


class Laid:
    """A file of ``size`` bytes: a head, vectors ``(n, width)`` float16, zeros under null, and a tail.

    However many pieces the vectors lie in, it is the same.
    """

    def __init__(self, head: bytes, vectors: pa.ChunkedArray, tail: bytes) -> None:
        self._head, self._vectors, self._tail = head, vectors, tail
        self._row = 2 * vectors.type.list_size
        self._between = len(vectors) * self._row
        self.size = len(head) + self._between + len(tail)

    def read(self, start: int, size: int) -> bytes:
        """``size`` bytes from ``start`` on, both at least 0; fewer only where the file ends."""
        first = len(self._head)
        left, right = (min(max(at - first, 0), self._between) for at in (start, start + size))
        last = first + self._between
        behind = slice(max(start - last, 0), max(start + size - last, 0))
        return b"".join((self._head[start : start + size], self._rows(left, right), self._tail[behind]))

    def _rows(self, start: int, stop: int) -> Any:
        """Some bytes of the vectors."""
        first = start // self._row
        column = self._vectors.slice(first, -(-stop // self._row) - first)
        rows = vector_rows(column)
        if column.null_count:
            rows = np.where(column.is_valid().to_numpy()[:, None], rows, np.float16(0))
        skipped = first * self._row
        return rows.reshape(-1).view(np.uint8)[start - skipped : stop - skipped]


def laid(table: pa.Table, vectors: pa.ChunkedArray) -> Laid:
    """The file of a table whose columns are one piece each, with ``vectors`` for the values of its column
    ``vector``."""
    sink = _Sink(table["vector"].chunk(0).values.buffers()[1])
    lay_out(table, pa.PythonFile(sink, "w"))
    return Laid(b"".join(sink.head), vectors, b"".join(sink.tail))


class _Sink:
    """What Arrow writes to: keeps what comes before and after one buffer, which is a column's values."""

    closed = False

    def __init__(self, left_out: pa.Buffer) -> None:
        self.head: list[Any] = []
        self.tail: list[Any] = []
        self._left_out, self._kept, self._size = left_out, self.head, 0

    def write(self, data: bytes | pa.Buffer) -> None:
        self._size += len(data)
        if isinstance(data, pa.Buffer) and data.address == self._left_out.address:
            self._kept = self.tail
        else:
            self._kept.append(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True
