"""What became of each table of attributes, for the shop to read: one JSON per file. msgspec only."""

import hashlib
import re

import msgspec

from shared.errors import BlobNotFound, PreconditionFailed
from shared.storage.ports import Blobs

FAULTS_KEPT = 10_000

_PLAIN = re.compile(r"\w[\w .,+@=-]*(?:/\w[\w .,+@=-]*)*")


class Fault(msgspec.Struct, frozen=True):
    """A row that was not taken: the number of its first line, from 1, and why."""

    line: int
    reason: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the table ``file`` at ``clock``.

    ``refused`` says why nothing was taken, None if the table was read. ``taken`` and ``bad`` count rows;
    ``faults`` are the first 10,000 bad ones. ``kept_out`` are the columns that are no attributes.
    """

    file: str
    clock: str
    refused: str | None = None
    encoding: str | None = None
    taken: int = 0
    bad: int = 0
    kept_out: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODER = msgspec.json.Decoder(Report)


def report_name(department: str, file: str) -> str:
    """Where the report on a table lies: under its name, or its SHA-256 where a store could not take that."""
    below = file.removeprefix(f"{department}/")
    plain = _PLAIN.fullmatch(below) and len(below.encode()) <= 200
    digest = hashlib.sha256(file.encode(errors="backslashreplace")).hexdigest()
    return f"{department}/reports/{below if plain else digest}.report.json"


def write_report(blobs: Blobs, department: str, report: Report) -> bool:
    """Keep a report, unless one of a later clock is there. Whether it now stands there."""
    name = report_name(department, report.file)
    data = msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
    while True:
        found, generation = _read(blobs, name)
        if found is not None and found.clock > report.clock:
            return False
        if found == report:
            return True
        try:
            blobs.write(name, data, if_generation=generation)
        except PreconditionFailed:
            continue
        return True


def forget_report(blobs: Blobs, department: str, file: str, clock: str) -> bool:
    """Delete the report on a table that is gone, if it is of ``clock`` or before. Whether there was one."""
    name = report_name(department, file)
    found, generation = _read(blobs, name)
    if found is None or found.clock > clock:
        return False
    try:
        blobs.delete(name, generation)
    except BlobNotFound:
        return False
    return True


def _read(blobs: Blobs, name: str) -> tuple[Report | None, int]:
    try:
        data, blob = blobs.read(name)
    except BlobNotFound:
        return None, 0
    try:
        return _DECODER.decode(data), blob.generation
    except msgspec.MsgspecError:
        return None, blob.generation
