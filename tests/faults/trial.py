"""One trial: a shop at work under one fault, and afterwards what was promised against what is there."""

import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

import msgspec

from shared import registering
from shared.compacting import compact
from shared.embedding import take_in
from shared.encoder import Encoders
from shared.events import StorageEvent
from shared.log import GRACE, list_deltas, swap_manifest
from shared.manifest import Manifest, snapshot_id
from shared.reader import Reader
from shared.storage.sqlite import Sqlite
from tests.bundles import card, painted, publish
from tests.faults.actors import DEPARTMENT, Job, Place, colour, key, work
from tests.faults.store import Clock

RATE = 300.0  # the grace period of ten minutes is two seconds
EARLIER = 80  # items that are there before anything goes wrong
TOLD = 5


class Scale(msgspec.Struct, frozen=True):
    """How many of each there are; ``likes`` are those of each client.

    Each role has so many ``processes``, which share its threads and its work. ``kills`` is how often one is
    killed, where that is the fault; ``seconds`` is how long a trial lasts at least.
    """

    writers: int
    items: int
    compactors: int
    readers: int
    clients: int
    likes: int
    processes: int
    kills: int
    seconds: float


FULL = Scale(16, 1000, 2, 8, 8, 40, processes=2, kills=60, seconds=10.0)
SMALL = Scale(8, 48, 2, 2, 2, 10, processes=1, kills=6, seconds=3.0)


class Found(msgspec.Struct, frozen=True):
    """What one trial came to. Of what must not be, the first few are told in ``amiss``."""

    fault: str
    injected: int
    uploaded: int  # acknowledged
    visible: int  # of those
    liked: int  # acknowledged
    kept: int  # of those
    calls: int  # of readers
    server_errors: int  # of readers and clients
    vanished: int
    orphans: int
    compactions: int
    overtaken: int
    compactions_again: int
    events_again: int
    seconds: float
    amiss: tuple[str, ...] = ()


@dataclass
class _Worker:
    """A process and what it has left to do."""

    job: Job
    process: SpawnProcess
    channel: Connection
    at_work: bool = False  # it has told of something since it was started
    left: set[tuple[int, str]] = field(default_factory=set)


class Trial:
    """A shop in the folder ``root`` under one fault."""

    def __init__(self, root: Path, fault: str, scale: Scale, seed: int, patient: bool = True) -> None:
        for name in ("named", "ghosts"):
            (root / name).mkdir(parents=True)
        self.scale, self.dice = scale, random.Random(f"{seed} {fault}")
        self.place = Place(root, fault, Clock(time.time(), RATE), f"{seed} {fault}", patient)
        self.uploaded: list[str] = []
        self.liked: list[tuple[int, str]] = []
        self.amiss: dict[str, list[str]] = {"vanished": [], "refused": []}
        self.counts: Counter[str] = Counter()
        self.injected = 0
        self.workers: list[_Worker] = []
        self._context = multiprocessing.get_context("spawn")

    def run(self, progress: Callable[[int], object] = lambda done: None) -> Found:
        """Open the shop, let all work until everything is acknowledged, and look. ``progress`` is told how
        much was acknowledged."""
        began = time.monotonic()
        self._open()
        try:
            self._start()
            self._work(progress)
            self._stop()
        finally:
            for worker in self.workers:
                worker.process.kill()
                worker.process.join()
        self._close()
        return self._look(time.monotonic() - began)

    def _open(self) -> None:
        catalogue = self.place.bucket("catalogue")
        publish(catalogue, card(DEPARTMENT))
        swap_manifest(catalogue, Manifest(DEPARTMENT, model=card().version), 0)
        self.earlier = [f"earlier-{number:04d}" for number in range(EARLIER)]
        self._take_in(self.earlier)
        compact(self.place.bucket("images"), catalogue, DEPARTMENT, self.place.clock.now())

    def _take_in(self, item_ids: list[str]) -> None:
        """Upload and embed without faults."""
        images, catalogue = self.place.bucket("images"), self.place.bucket("catalogue")
        reader, encoders = Reader(catalogue, DEPARTMENT, 0, self.place.clock.seconds), Encoders(catalogue)
        for item_id in item_ids:
            blob = images.write(f"{DEPARTMENT}/{item_id}.jpg", painted(colour(item_id)))
            event = StorageEvent(
                "finalized", "images", blob.name, blob.generation, 1, blob.size, blob.created
            )
            outcome = take_in(event, images, catalogue, lambda _: reader, encoders, event.time)
            assert outcome.result == "embedded"

    def _start(self) -> None:
        scale, parts = self.scale, self.scale.processes
        uploads = [(0, f"item-{number:04d}") for number in range(scale.items)]
        likes = [  # two clients act for one shopper
            (shopper, item_id)
            for shopper in range(scale.clients // 2)
            for item_id in self.dice.sample(self.earlier, 2 * scale.likes)
        ]
        self.dice.shuffle(likes)
        for part in range(parts):
            self._begin(Job("writers", scale.writers // parts, tuple(uploads[part::parts])))
            self._begin(Job("clients", scale.clients // parts, tuple(likes[part::parts])))
            self._begin(Job("readers", scale.readers // parts))
            self._begin(Job("compactors", scale.compactors // parts))

    def _begin(self, job: Job) -> None:
        worker = _Worker(job, *self._process(job, f"{len(self.workers)} 0"), left=set(job.work))
        self.workers.append(worker)

    def _process(self, job: Job, name: str) -> tuple[SpawnProcess, Connection]:
        ours, theirs = self._context.Pipe()
        place = replace(self.place, seed=f"{self.place.seed} {name}")
        job = replace(job, acknowledged=(*self.earlier, *self.uploaded))
        process = self._context.Process(target=work, args=(place, job, theirs), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _work(self, progress: Callable[[int], object]) -> None:
        killing = self.place.fault == "killed processes"
        began, kills = time.monotonic(), 0
        next_kill = began + 1
        deadline = began + 60 + self.scale.items
        while True:
            now = time.monotonic()
            self._hear(0.05)
            progress(len(self.uploaded) + len(self.liked))
            done = not any(worker.left for worker in self.workers) and self.counts["calls"] > 0
            done &= self.counts["compactions"] > 0 or not self.scale.compactors
            if done and now - began > self.scale.seconds and (kills == self.scale.kills or not killing):
                return
            assert now < deadline, f"not all was acknowledged: {[len(w.left) for w in self.workers]} left"
            at_work = [worker for worker in self.workers if worker.at_work]
            if killing and kills < self.scale.kills and at_work and now > next_kill:
                next_kill = now + self.dice.uniform(0.2, 1.5)
                kills += 1
                self._kill(self.dice.choice(at_work), kills)

    def _kill(self, worker: _Worker, number: int) -> None:
        """Kill a process at once, and start it again with what it had not told to be done."""
        worker.process.kill()
        worker.process.join()
        while worker.channel in wait([worker.channel], 0) and self._hear_one(worker):
            pass
        self.injected += 1
        job = replace(worker.job, work=tuple(sorted(worker.left)))
        worker.process, worker.channel = self._process(job, f"killed {number}")
        worker.at_work = False

    def _hear(self, seconds: float) -> None:
        for channel in wait([worker.channel for worker in self.workers], seconds):
            worker = next(worker for worker in self.workers if worker.channel is channel)
            if not self._hear_one(worker):
                worker.process.join()
                raise AssertionError(
                    f"a process of {worker.job.role} ended by itself, with {worker.process.exitcode}"
                )

    def _hear_one(self, worker: _Worker) -> bool:
        """Take in one message. False if there are no more, the last of a killed process being cut off."""
        try:
            what, *about = worker.channel.recv()
        except (EOFError, OSError):
            return False
        worker.at_work = True
        if what == "uploaded":
            self.uploaded += about
            worker.left.discard((0, *about))
        elif what == "liked":
            self.liked.append(tuple(about))
            worker.left.discard(tuple(about))
        elif what == "counted":
            self.counts.update(about)
        elif what == "injected":
            self.injected += about[0]
        else:
            self.amiss[what] += about
            if what == "refused":
                worker.left.discard((0, *about))
        return True

    def _stop(self) -> None:
        for worker in self.workers:
            worker.channel.send("stop")
        for worker in self.workers:
            while self._hear_one(worker):
                pass
            worker.process.join()

    def _close(self) -> None:
        """One more item without faults, and compactions until every grace period is over."""
        self._take_in(["last"])
        images, catalogue, now = (*map(self.place.bucket, ("images", "catalogue")), self.place.clock.now())
        for minutes in (0, 11, 22):
            compact(images, catalogue, DEPARTMENT, now + timedelta(minutes=minutes))

    def _look(self, seconds: float) -> Found:
        catalogue = self.place.bucket("catalogue")
        reader = Reader(catalogue, DEPARTMENT, 0)
        visible = set(reader.catalogue().visible_pictures())
        kept = 0
        users = Sqlite(self.place.root / "users.db")
        for shopper in {shopper for shopper, _ in self.liked}:
            view = registering.start(users, registering.Registration(DEPARTMENT), key(shopper))
            kept += sum(item_id in view.likes for who, item_id in self.liked if who == shopper)
        users.close()
        orphans = self._orphans()
        lost = sorted({*self.uploaded} - visible)
        amiss = [f"{what}: {each}" for what, told in self.amiss.items() for each in told[:TOLD]]
        amiss += [f"lost: {each}" for each in lost[:TOLD]] + [f"orphan: {each}" for each in orphans[:TOLD]]
        return Found(
            fault=self.place.fault,
            injected=self.injected,
            uploaded=len(self.uploaded),
            visible=sum(item_id in visible for item_id in self.uploaded),
            liked=len(self.liked),
            kept=kept,
            calls=self.counts["calls"],
            server_errors=self.counts["server_errors"],
            vanished=len(self.amiss["vanished"]),
            orphans=len(orphans),
            compactions=self.counts["compactions"],
            overtaken=self.counts["overtaken"],
            compactions_again=self.counts["compactions_again"],
            events_again=self.counts["events_again"],
            seconds=round(seconds, 1),
            amiss=tuple(amiss),
        )

    def _orphans(self) -> list[str]:
        """Objects older than the grace period that nobody needs: deltas, all of which are folded by now, and
        snapshots that no manifest ever named."""
        catalogue, named = (
            self.place.bucket("catalogue"),
            {path.name for path in (self.place.root / "named").iterdir()},
        )
        now = self.place.clock.now() + timedelta(minutes=22)
        old = timedelta(seconds=GRACE)
        there = list_deltas(catalogue, DEPARTMENT) + [
            blob for blob in catalogue.list(f"{DEPARTMENT}/snapshots/") if snapshot_id(blob.name) not in named
        ]
        return [blob.name for blob in there if now - blob.created >= old]


def trial(
    fault: str, scale: Scale, seed: int, progress: Callable[[int], object] = lambda done: None
) -> Found:
    """One trial in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return Trial(Path(folder), fault, scale, seed).run(progress)
