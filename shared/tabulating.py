"""The use-case of a table of attributes: its good rows put into the log, its bad ones into a report.

May import the log, tables and reports. A table is read row by row; what is held of it is one part of its
rows, however large it is. Its parts count from when all of it was read (``shared.log.counting``): so it is
taken in whole or not at all.
"""

from collections.abc import Mapping
from typing import BinaryIO

from shared import tables
from shared.deltas import delta_name
from shared.errors import TableRefused
from shared.facts import Attributes, Fact, Source, clock
from shared.log import append
from shared.reports import FAULTS_KEPT, Fault, Report, write_report
from shared.storage.ports import Blobs

PART_ROWS = 5_000  # items of one delta of a large table,
PART_SIZE = 8_000_000  # and characters


def tabulate(blobs: Blobs, department: str, file: str, generation: int, content: BinaryIO) -> Report:
    """Take in the table ``file``. One without a header is refused, which the report then says.

    ``content`` is read twice, first for how it is written, and closed. Whatever it raises is raised, with
    nothing taken in.

    Large ones become several deltas. A part's number stands where other clocks have the metageneration, so
    that of two rows of one item the later one counts, whichever parts they are in.
    """
    try:
        table = tables.open_table(content)
    except TableRefused as error:
        return refuse(blobs, department, file, generation, error)
    part, size, taken, bad = 0, 0, 0, 0
    rows: dict[str, tables.Fields] = {}
    faults: list[Fault] = []
    for row in table.rows:
        if isinstance(row, tables.Fault):
            bad += 1
            if bad <= FAULTS_KEPT:
                faults.append(Fault(int(row.where), row.reason))
            continue
        taken, size = taken + 1, size + row.size
        rows[row.item_id] = row.fields
        if len(rows) == PART_ROWS or size >= PART_SIZE:
            part, size = part + 1, 0
            _append(blobs, department, clock(generation, part, file), rows)
            rows.clear()
    if part and rows:
        _append(blobs, department, clock(generation, part + 1, file), rows)
        rows.clear()
    report = Report(
        file=file,
        clock=clock(generation, 0, file),
        encoding=table.encoding,
        taken=taken,
        bad=bad,
        kept_out=table.kept_out,
        faults=tuple(faults),
    )
    _finish(blobs, department, report, rows)
    return report


def refuse(blobs: Blobs, department: str, file: str, generation: int, error: TableRefused) -> Report:
    """Record that nothing of a table can be taken in."""
    report = Report(file=file, clock=clock(generation, 0, file), refused=str(error))
    _finish(blobs, department, report, {})
    return report


def _finish(blobs: Blobs, department: str, report: Report, rows: Mapping[str, tables.Fields]) -> None:
    """Say what became of a table, and then that it was read, also if it was refused: reconciliation asks
    again for a table that no fact tells of."""
    write_report(blobs, department, report)
    _append(blobs, department, report.clock, rows, Source(report.file, report.clock))


def _append(blobs: Blobs, department: str, at: str, rows: Mapping[str, tables.Fields], *facts: Fact) -> None:
    told = [Attributes(item_id, at, fields) for item_id, fields in rows.items() if fields]
    append(blobs, department, delta_name(at, "table"), [*facts, *told])
