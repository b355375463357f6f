"""A stopwatch for the log: how long each stage of one piece of work took. Standard library only."""

import time
from collections.abc import Callable


class Stages:
    """The stages of one request or event, for one thread. A stage lasts until the next one begins.

    ``clock`` gives seconds; the stopwatch starts when it is made.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._made = self._began = clock()
        self._running: str | None = None
        self._seconds: dict[str, float] = {}

    def begin(self, name: str) -> None:
        """End the stage that runs, and begin another; one that is begun again goes on."""
        now = self._clock()
        if self._running is not None:
            self._seconds[self._running] += now - self._began
        self._seconds.setdefault(name, 0.0)
        self._running, self._began = name, now

    def milliseconds(self) -> dict[str, object]:
        """``ms``, since the stopwatch was made, and ``stages``, of each stage in the order they first began.

        Times are rounded to a tenth. What passed before the first stage is in ``ms`` alone.
        """
        now = self._clock()
        seconds = dict(self._seconds)
        if self._running is not None:
            seconds[self._running] += now - self._began
        stages = {name: round(spent * 1000, 1) for name, spent in seconds.items()}
        return {"ms": round((now - self._made) * 1000, 1), "stages": stages}
