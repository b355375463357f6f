"""What is said of pip-audit's answers: a flaw, none, or that nothing is known."""

import pytest

from scripts.audit import SAFE, UNKNOWN, UNSAFE, verdict

GOOD = {"name": "numpy", "version": "2.4.6", "vulns": []}
BAD = {"name": "flask", "version": "0.5", "vulns": [{"id": "PYSEC-2018-66", "fix_versions": ["0.12.3"]}]}
UNMENDED = {"name": "jinja2", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}
SKIPPED = {"name": "anyio", "skip_reason": "Dependency not found on PyPI and could not be audited"}


@pytest.mark.parametrize(
    ("packages", "status", "says"),
    [
        ([GOOD], SAFE, "1 packages, none with a known flaw"),
        ([GOOD, BAD], UNSAFE, "flask 0.5: PYSEC-2018-66, mended in 0.12.3"),
        ([UNMENDED, SKIPPED], UNSAFE, "jinja2 1: PYSEC-1, mended in no version"),
        ([GOOD, SKIPPED], UNKNOWN, "not audited: the service knows nothing of 1 of 2 packages"),
        ([], UNKNOWN, "not audited: the service knows nothing of 0 of 0 packages"),
    ],
)
def test_a_list_that_was_not_all_asked_for_is_not_safe(packages, status, says):
    assert verdict(packages) == (status, [says])
