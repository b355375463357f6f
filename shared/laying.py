"""A table as an Arrow IPC file that is never whole in memory: its vectors stay where they lie. pyarrow and
numpy.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from shared.deltas import lay_out, vector_rows


class Laid:
    """A file of ``size`` bytes in parts, of which any bytes can be had: memory, or vectors."""

    def __init__(self, parts: Sequence["memoryview | _Vectors"]) -> None:
        ends = np.cumsum([len(part) for part in parts]).tolist()
        self._parts = list(zip([0, *ends], parts, strict=False))
        self.size = ends[-1]

    def read(self, start: int, size: int) -> bytes:
        """``size`` bytes from ``start`` on, both at least 0; fewer only where the file ends."""
        pieces = []
        for at, part in self._parts:
            left, right = max(start - at, 0), min(start + size - at, len(part))
            if left < right:
                pieces.append(part[left:right])
        return b"".join(pieces)


def laid(table: pa.Table, vectors: pa.ChunkedArray) -> Laid:
    """The file of a table whose columns are one piece each, with ``vectors`` for the values of its column
    ``vector``, zeros under null. However many pieces ``vectors`` lie in, it is the same."""
    sink = _Sink(table["vector"].chunk(0).values.buffers()[1].address, _Vectors(vectors))
    lay_out(table, pa.PythonFile(sink, "w"))
    return Laid(sink.parts)


class _Vectors:
    """Vectors ``(n, width)`` float16 as bytes, which are made where they are asked for."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column, self._row = column, 2 * column.type.list_size

    def __len__(self) -> int:
        return int(len(self._column) * self._row)

    def __getitem__(self, part: slice) -> Any:
        first = part.start // self._row
        column = self._column.slice(first, -(-part.stop // self._row) - first)
        rows = vector_rows(column)
        if column.null_count:
            rows = np.where(column.is_valid().to_numpy()[:, None], rows, np.float16(0))
        skipped = first * self._row
        return rows.reshape(-1).view(np.uint8)[part.start - skipped : part.stop - skipped]


class _Sink:
    """What Arrow writes to: the parts of a file, with vectors in the place of what lies at an address."""

    closed = False

    def __init__(self, address: int, vectors: _Vectors) -> None:
        self.parts: list[memoryview | _Vectors] = []
        self._address, self._vectors, self._size = address, vectors, 0

    def write(self, data: bytes | pa.Buffer) -> None:
        room = isinstance(data, pa.Buffer) and data.address == self._address
        self.parts.append(self._vectors if room else memoryview(data))
        self._size += len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True
