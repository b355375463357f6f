"""A shop at work under every fault, small; ``make faults`` is the full scale. And two faults that nothing
survives, one without patience: a trial that sees no loss there would see none anywhere."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.faults.store import FAULTS
from tests.faults.trial import SMALL, Found, Scale, Trial

SEED = 7
NOBODY_COMPACTS = msgspec.structs.replace(SMALL, compactors=0)


def tried(path: Path, fault: str, patient: bool = True, scale: Scale = SMALL) -> Found:
    return Trial(path / "shop", fault, scale, SEED, patient).run()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_survived(fault: str, tmp_path: Path) -> None:
    found = tried(tmp_path, fault)
    assert found.amiss == ()
    assert found.injected > 0
    assert found.uploaded == found.visible == SMALL.items
    assert found.liked == found.kept > 0
    assert (found.server_errors, found.vanished, found.orphans) == (0, 0, 0)
    assert found.calls > 0
    assert found.compactions > 0


def seen(path: Path, fault: str, what: str, **options: Any) -> Found:
    """A trial that sees ``what``. Whether a caller meets a fault is a matter of chance, most of all on a busy
    machine, so one of five trials is enough."""
    for number in range(5):
        found = tried(path / str(number), fault, **options)
        if getattr(found, what):
            break
    return found


def test_forgotten_writes_are_seen(tmp_path: Path) -> None:
    found = seen(tmp_path, "forgotten writes", "amiss")
    assert found.visible < found.uploaded == SMALL.items
    assert any(each.startswith("lost: item-") for each in found.amiss)


def test_items_that_vanish_are_seen(tmp_path: Path) -> None:
    found = seen(tmp_path, "holes in listings", "vanished", scale=NOBODY_COMPACTS)
    assert found.vanished > 0
    assert found.visible == found.uploaded


def test_without_patience_callers_meet_the_errors(tmp_path: Path) -> None:
    found = seen(tmp_path, "errors", "server_errors", patient=False, scale=NOBODY_COMPACTS)
    assert found.server_errors > 0
    assert found.events_again > 0
    assert found.visible == found.uploaded


def test_orphans_are_seen(tmp_path: Path) -> None:
    """A snapshot and a delta that nobody needs, put there by hand."""
    trial = Trial(tmp_path / "shop", "slow reads", msgspec.structs.replace(SMALL, items=0, likes=0), SEED)
    trial.earlier = []
    trial._open()
    assert trial._orphans() != []  # the deltas are folded, and their grace period is not over
    trial._close()
    assert trial._orphans() == []
    nobodys = "womenswear/snapshots/0000000009-0123456789abcdef.arrow"
    trial.place.bucket("catalogue").write(nobodys, b"")
    assert trial._orphans() == [nobodys]
