"""Two writers, two compactors and two readers, interleaved at every store operation: a catalogue never
misses a fact that was acknowledged before its reading began."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.catalogue import Catalogue, fold
from shared.compacting import compact
from shared.facts import Attributes, Fact, Picture, Removed
from shared.log import GRACE, append, delta_name
from shared.reader import Reader
from shared.reconciling import microseconds
from tests.facts import DEPARTMENT, image, picture, priced, publish, removed
from tests.stage import Actor, Stepped
from tests.storage.memory import Memory

START = datetime(2026, 1, 1, tzinfo=UTC)
ACTORS = ("writer", "other writer", "compactor", "other compactor", "reader", "newcomer")
ITEMS = "abc"


def fact_of(number: int) -> Fact:
    """The fact of one source event; events of one number are the same event delivered again."""
    item_id, generation = ITEMS[number % 3], number + 1
    match number % 4:
        case 0 | 1:
            return picture(item_id, generation, number)
        case 2:
            return priced(item_id, generation, price=number)
        case _:
            return removed(item_id, generation, at=microseconds(START) + number)


def name_of(fact: Fact) -> str:
    kinds: dict[type, str] = {Picture: "picture", Attributes: "attributes", Removed: "removed"}
    model = fact.model if isinstance(fact, Picture) else None
    return delta_name(fact.clock, kinds[type(fact)], model)


class Play:
    """One department's bucket, a clock that all share, and who does what on it."""

    def __init__(self, events: Iterator[int]) -> None:
        self.seconds = 0.0
        self.bucket = Memory(lambda: START + timedelta(seconds=self.seconds))
        publish(self.bucket)
        self.images = Memory(lambda: START)
        for item_id in ITEMS:
            self.images.write(image(item_id), b"a picture")
        self.acknowledged: list[Fact] = []
        self.reads = 0
        self.actors = {name: Actor() for name in ACTORS}
        self.blobs = {name: Stepped(self.bucket, actor) for name, actor in self.actors.items()}
        self.reader = self._reader("reader")
        self._events = events

    def move(self, name: str) -> None:
        actor = self.actors[name]
        if not actor.idle:
            actor.move()
        elif name.endswith("compactor"):
            now = START + timedelta(seconds=self.seconds)
            actor.start(lambda: compact(self.images, self.blobs[name], DEPARTMENT, now))
        elif name == "reader":
            actor.start(lambda: self._read(self.reader))
        elif name == "newcomer":
            actor.start(lambda: self._read(self._reader(name)))
        elif (number := next(self._events, None)) is not None:
            actor.start(lambda: self._write(name, fact_of(number)))

    def finish(self, name: str) -> None:
        """Let an actor play its job to the end, or a whole one if it has none."""
        self.move(name)
        while not self.actors[name].idle:
            self.move(name)

    def _reader(self, name: str) -> Reader:
        return Reader(self.blobs[name], DEPARTMENT, max_age=0, clock=lambda: self.seconds)

    def _write(self, name: str, fact: Fact) -> None:
        append(self.blobs[name], DEPARTMENT, name_of(fact), [fact])
        self.acknowledged.append(fact)

    def _read(self, reader: Reader) -> None:
        before = list(self.acknowledged)
        assert holds(reader.catalogue(), before)
        self.reads += 1


def holds(catalogue: Catalogue, facts: list[Fact]) -> bool:
    """A join that changes nothing: everything the facts say is in the catalogue."""
    return fold(catalogue, facts) is catalogue


@contextmanager
def playing(events: list[int]) -> Iterator[Play]:
    play = Play(iter(events))
    try:
        yield play
    finally:
        for actor in play.actors.values():
            actor.kill()


moves = st.tuples(st.sampled_from(ACTORS), st.integers(1, 12))
passing = st.tuples(st.just("wait"), st.sampled_from([1, int(GRACE / 2), int(GRACE) + 1]))
whole = st.tuples(st.just("finish"), st.sampled_from(ACTORS))
killing = st.tuples(st.just("kill"), st.sampled_from(ACTORS))


Script = list[tuple[str, int | str]]


def play_out(events: list[int], script: Script) -> None:
    with playing(events) as play:
        for verb, what in script:
            if verb == "wait":
                play.seconds += what
            elif verb == "kill":
                play.actors[what].kill()
            elif verb == "finish":
                play.finish(what)
            else:
                for _ in range(what):
                    play.move(verb)
        for name in ("compactor", "other compactor", "reader", "newcomer") * 2:
            play.finish(name)
            play.seconds += GRACE + 1
        assert play.reads >= 4
        assert [name for name in play.bucket.objects if "/deltas/" in name] == []


@settings(deadline=None, max_examples=150)
@given(
    events=st.lists(st.integers(0, 15), min_size=12, max_size=12),
    script=st.lists(st.one_of(moves, moves, whole, whole, passing, killing), min_size=25, max_size=40),
)
def test_no_acknowledged_fact_is_ever_missed(events: list[int], script: Script) -> None:
    play_out(events, script)


def test_a_reader_that_looked_within_the_grace_period_needs_no_snapshot() -> None:
    play_out(
        [1, 2],
        [
            ("finish", "reader"),
            ("finish", "writer"),
            ("finish", "compactor"),
            ("finish", "reader"),
            ("finish", "writer"),
            ("finish", "compactor"),
            ("wait", GRACE / 2 - 1),
            ("finish", "reader"),
        ],
    )


def test_a_fact_folded_while_the_reader_caught_up_is_not_lost_when_its_delta_goes() -> None:
    """The reader lists nothing, then sees the manifest of a snapshot it need not load: it lacks the fact
    that was appended and folded in between, and must not rely on that manifest later."""
    play_out(
        [1],
        [
            ("finish", "reader"),
            ("reader", 2),  # it has listed, and not read the manifest
            ("finish", "writer"),
            ("finish", "compactor"),
            ("finish", "reader"),
            ("wait", GRACE + 1),
            ("finish", "compactor"),
            ("finish", "reader"),
        ],
    )


def test_a_fact_appended_behind_a_slow_listing_is_not_lost_when_its_delta_goes() -> None:
    play_out(
        [10, 2],
        [
            ("finish", "writer"),
            ("finish", "reader"),
            ("reader", 2),  # the listing is past where the next fact will stand
            ("finish", "writer"),
            ("wait", GRACE / 2 + 1),
            ("finish", "reader"),
            ("finish", "compactor"),
            ("wait", GRACE / 2 - 1),
            ("finish", "compactor"),
            ("finish", "reader"),
        ],
    )


def test_the_slower_of_two_compactors_stops() -> None:
    play_out(
        [1, 2],
        [
            ("finish", "writer"),
            ("compactor", 4),  # it has listed one delta and read the manifest
            ("finish", "writer"),
            ("finish", "other compactor"),
            ("wait", GRACE + 1),
            ("finish", "other compactor"),
            ("finish", "compactor"),
            ("finish", "newcomer"),
        ],
    )
