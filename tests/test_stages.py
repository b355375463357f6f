"""A stopwatch whose clock the test holds."""

from shared.stages import Stages


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_stage_lasts_until_the_next_begins() -> None:
    clock = Clock()
    stages = Stages(clock)
    clock.now += 0.5  # before any stage
    for name, seconds in (("read", 0.002), ("fold", 0.03), ("read", 0.004), ("write", 0.00126)):
        stages.begin(name)
        clock.now += seconds
    expected = {"ms": 537.3, "stages": {"read": 6.0, "fold": 30.0, "write": 1.3}}
    assert stages.milliseconds() == expected
    assert list(stages.milliseconds()["stages"]) == ["read", "fold", "write"]  # type: ignore[call-overload]


def test_looking_does_not_stop_it() -> None:
    clock = Clock()
    stages = Stages(clock)
    assert stages.milliseconds() == {"ms": 0.0, "stages": {}}
    stages.begin("rank")
    for expected in (1000.0, 2000.0):
        clock.now += 1
        assert stages.milliseconds() == {"ms": expected, "stages": {"rank": expected}}


def test_two_pieces_of_work_share_nothing() -> None:
    first, second = Stages(), Stages()
    first.begin("rank")
    assert second.milliseconds()["stages"] == {}
