"""The table of the page on reliability, from findings."""

from tests.faults.store import FAULTS
from tests.faults.table import PAGE, PROMISES, Findings, findings, table
from tests.faults.trial import FULL, Found

ERRORS = Found("errors", 1234, 1000, 999, 320, 319, 4321, 1, 2, 3, 40, 5, 6, 7, 8.9)
SLOW = Found("slow reads", 50, 1000, 1000, 320, 320, 99, 0, 0, 0, 40, 5, 6, 7, 8.9)


def test_a_row_per_fault():
    lines = table(Findings(7, 300.0, FULL, (SLOW, ERRORS))).splitlines()
    assert lines[0].startswith("16 writers of 1,000 items, 2 compactors, 8 readers, 8 clients of 40 likes")
    assert lines[-2] == (
        f"| errors | 1,234 | {PROMISES['errors']} | 1,000, 999 | 320, 319 | 4,321, 1 | 2 | 3 | 40, 5 |"
    )
    assert lines[-1].startswith("| slow reads | 50 |")


def test_the_page_has_the_committed_findings():
    page = PAGE.read()
    assert PAGE.filled(page, table(findings())) == page


def test_the_committed_findings_are_of_every_fault_at_full_scale():
    committed = findings()
    assert committed.scale == FULL
    assert {found.fault for found in committed.found} == set(FAULTS) == set(PROMISES)
