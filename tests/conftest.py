"""What holds for every test: Hypothesis judges answers, not how busy the machine is; no function
inherits the signature of the one before; and where STYLEKIN_CI is set, a skip is a failure."""

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

settings.register_profile("stylekin", deadline=None)
settings.load_profile("stylekin")


@pytest.fixture(autouse=True)
def forget_signature() -> Iterator[None]:
    """functions-framework keeps the last function's signature type in the environment."""
    yield
    os.environ.pop("FUNCTION_SIGNATURE_TYPE", None)


def unskipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that gives its reason."""
    if os.environ.get("STYLEKIN_CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    unskipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    unskipped(report)
    return report
