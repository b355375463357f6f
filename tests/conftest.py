"""What holds for every test: Hypothesis judges answers, not how busy the machine is; no function
inherits the signature of the one before; where STYLEKIN_CI is set, a skip is a failure. Google's emulators
are started by the first test that asks for one, and stopped after the last."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from scripts import emulators
from scripts.emulators import Emulator
from scripts.processes import CannotServe

settings.register_profile("stylekin", deadline=None)
settings.load_profile("stylekin")


@pytest.fixture(autouse=True)
def forget_signature() -> Iterator[None]:
    """functions-framework keeps the last function's signature type in the environment."""
    yield
    os.environ.pop("FUNCTION_SIGNATURE_TYPE", None)


@contextmanager
def _running(kind: Callable[[Path], Emulator], factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    try:
        emulator = kind(factory.mktemp(kind.__name__))
    except CannotServe as error:
        pytest.skip(str(error))
    with emulator:
        yield emulator


@pytest.fixture(scope="session")
def storage_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with _running(emulators.storage, tmp_path_factory) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def firestore_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with _running(emulators.firestore, tmp_path_factory) as emulator:
        yield emulator


def _reached(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    return emulator


@pytest.fixture
def storage_emulator(storage_server: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """fake-gcs-server, to which ``gs://`` leads during one test."""
    return _reached(storage_server, monkeypatch)


@pytest.fixture
def firestore_emulator(firestore_server: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The Firestore emulator, to which ``firestore://`` leads during one test."""
    return _reached(firestore_server, monkeypatch)


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
