"""How a CSV file is written, told from its bytes alone: encoding, separator, records. Standard library only.

UTF-8 with or without a byte order mark, UTF-16 with one, and else Windows-1252, which has all of Latin-1's
letters. A file with letters in UTF-8 is in UTF-8, whatever else is wrong with it: other bytes cost their row
and do not turn its letters into others. Nothing longer than a line is ever held.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

SEPARATORS = (",", ";", "\t")
MAX_LINE = 1 << 20  # characters
PIECE = 1 << 20  # bytes

_LETTERS = re.compile(r"[\x80-\ud7ff\ue000-\U0010ffff]")
_STRAYS = re.compile(r"[\udc80-\udcff]")


def encoding_of(file: BinaryIO) -> str:
    """The name of Python's codec for the whole file: ``utf-8-sig``, ``utf-16`` or ``cp1252``."""
    file.seek(0)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    letters = strays = False
    while piece := file.read(PIECE):
        text = decoder.decode(piece)
        if not text.isascii():
            letters = letters or _LETTERS.search(text) is not None
            strays = strays or _STRAYS.search(text) is not None
        if letters and strays:
            break
    strays = strays or bool(decoder.decode(b"", final=True))
    return "cp1252" if strays and not letters else "utf-8-sig"


def separator_of(line: str, column: str) -> str:
    """The separator that makes ``column`` one of a header's columns; a comma if none does."""
    for separator in SEPARATORS:
        try:
            (columns,) = csv.reader([line], delimiter=separator)
        except (csv.Error, ValueError):
            continue
        if column in (name.strip().lower() for name in columns):
            return separator
    return SEPARATORS[0]


def records(file: BinaryIO, encoding: str, column: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the number of its first line, from 1; what is wrong in the place of one that is none.

    Bytes that the encoding does not have come as lone surrogates. The separator is the header's.
    """
    file.seek(0)
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    with TextIOWrapper(file, encoding, errors=errors, newline="") as text:
        first = text.readline(MAX_LINE)
        lines = _Lines(text, first)
        reader = csv.reader(lines, delimiter=separator_of(first, column), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, str(error)
                continue
            if lines.cut:
                lines.cut = False
                yield line, f"a line of more than {MAX_LINE} characters"
            elif cells:
                yield line, cells


class _Lines:
    """The lines of a text; one that is too long is an empty one, and ``cut`` tells."""

    def __init__(self, text: TextIOWrapper, first: str) -> None:
        self._text, self._first = text, first
        self.cut = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line, self._first = self._first or self._text.readline(MAX_LINE), ""
        if not line:
            raise StopIteration
        if not _goes_on(line):
            return line
        self.cut = True
        while _goes_on(self._text.readline(MAX_LINE)):
            pass
        return "\n"


def _goes_on(line: str) -> bool:
    return len(line) == MAX_LINE and line[-1] not in "\r\n"
