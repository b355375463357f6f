"""Who works in a shop under a fault: processes of writers, compactors, readers and clients.

Each does what a function does, on patient stores around faulty ones around a folder and an SQLite file. A
process is told its jobs at the start, and tells what was acknowledged, and counts, as it goes.
"""

import faulthandler
import hashlib
import os
import queue
import random
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import flask
import msgspec

from scripts.processes import end_with_parent
from shared import recommending, registering
from shared.asking import Request
from shared.compacting import compact
from shared.embedding import take_in
from shared.encoder import Encoders
from shared.errors import BlobNotFound, StoreUnavailable, StylekinError
from shared.events import StorageEvent
from shared.reader import Reader
from shared.storage.folder import Folder
from shared.storage.patient import Patient, PatientProfiles
from shared.storage.ports import Blobs, Profiles
from shared.storage.sqlite import Sqlite
from shared.web import Answer, Call, Function
from tests.bundles import painted
from tests.faults.store import Clock, Faulty, FaultyProfiles, Observed, Trouble

DEPARTMENT = "womenswear"
MAX_AGE = 10.0  # CATALOGUE_MAX_AGE, on the shop's clock
MINUTE = 60.0  # between two compactions of one compactor, on the shop's clock
INSTANCE = 10  # calls that one instance of recommend answers
SERVER_ERRORS = 500


@dataclass(frozen=True)
class Place:
    """Where a shop is, how time passes in it and what its stores suffer."""

    root: Path
    fault: str
    clock: Clock
    seed: str
    patient: bool = True

    def shop_images(self) -> Folder:
        """The bucket of pictures as the shop has it, without faults."""
        return Folder(self.root / "images")

    def bucket(self, name: str) -> Blobs:
        """A bucket without faults, on the shop's clock."""
        return Observed(Folder(self.root / name), self.clock, self.root / "named")

    def stores(self, trouble: Trouble) -> tuple[Blobs, Blobs, Profiles]:
        """The pictures, the catalogue and the profiles as functions have them."""
        images, catalogue = (
            Faulty(self.bucket(name), trouble, self.clock, self.root / "ghosts")
            for name in ("images", "catalogue")
        )
        users = FaultyProfiles(Sqlite(self.root / "users.db"), trouble)
        if not self.patient:
            return images, catalogue, users
        return Patient(images), Patient(catalogue), PatientProfiles(users)


@dataclass(frozen=True)
class Job:
    """What one process is to do: ``work`` is for all its ``threads`` together; ``acknowledged`` are items
    that were uploaded, and taken in, before it started."""

    role: str
    threads: int
    work: tuple[tuple[int, str], ...] = ()
    acknowledged: tuple[str, ...] = ()


class Process:
    """One process at work: its stores, what it tells, and when it is to stop."""

    def __init__(self, place: Place, job: Job, channel: Connection) -> None:
        self.place, self.job, self.channel = place, job, channel
        self.trouble = Trouble(place.fault, place.seed)
        self.images, self.catalogue, self.users = place.stores(self.trouble)
        self.reader = Reader(self.catalogue, DEPARTMENT, MAX_AGE, place.clock.seconds)
        self.encoders = Encoders(self.catalogue)
        self.work: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
        for each in job.work:
            self.work.put(each)
        self.stopping = threading.Event()
        self._speaking = threading.Lock()

    def tell(self, what: str, *about: object) -> None:
        with self._speaking:
            self.channel.send((what, *about))

    def count(self, what: str) -> None:
        self.tell("counted", what)

    def next(self) -> tuple[int, str] | None:
        """One more piece of work; None if there is none left."""
        try:
            return self.work.get_nowait()
        except queue.Empty:
            return None

    def run(self, act: Callable[["Process", int], None]) -> None:
        """Let every thread act until it is done or told to stop, then tell how often faults struck."""
        threads = [threading.Thread(target=act, args=(self, n), daemon=True) for n in range(self.job.threads)]
        for thread in threads:
            thread.start()
        self.channel.recv()  # the one message there is: stop
        self.stopping.set()
        for thread in threads:
            thread.join()
        self.tell("injected", self.trouble.injected)


def write(process: Process, thread: int) -> None:
    """Upload pictures, as a shop does, and take each in, as often as its event comes."""
    shop = process.place.shop_images()
    while (piece := process.next()) is not None and not process.stopping.is_set():
        _, item_id = piece
        name = f"{DEPARTMENT}/{item_id}.jpg"
        try:
            blob = shop.stat(name)
        except BlobNotFound:
            blob = shop.write(name, painted(colour(item_id)))
        event = StorageEvent(
            "finalized", "images", name, blob.generation, 1, blob.size, process.place.clock.of(blob.created)
        )
        while not process.stopping.is_set():
            try:
                outcome = take_in(  # at the event's own time: it never grows too old to come again
                    event,
                    process.images,
                    process.catalogue,
                    lambda _: process.reader,
                    process.encoders,
                    event.time,
                )
            except StylekinError:
                process.count("events_again")
                time.sleep(0.05)
                continue
            process.tell("uploaded" if outcome.result in ("embedded", "known") else "refused", item_id)
            break


def compacting(process: Process, thread: int) -> None:
    """Compact once a minute."""
    while not process.stopping.wait(MINUTE / process.place.clock.rate):
        now = process.place.clock.now()
        try:
            report = compact(process.images, process.catalogue, DEPARTMENT, now)
        except StylekinError:
            process.count("compactions_again")
            continue
        process.count("overtaken" if report.overtaken else "compactions")


def read(process: Process, thread: int) -> None:
    """Ask for recommendations without pause, of one instance after the other, and see that nothing vanishes:
    what was shown can be liked, and there are never fewer items than before."""
    dice = random.Random(f"{process.place.seed} {thread}")
    seen = {*process.job.acknowledged}
    least = len(seen)
    token = registered(process, f"reader {process.place.seed} {thread}")
    calls = 0
    recommend: Callable[[str, Any], tuple[int, dict[str, Any]]] = instance(process)
    while not process.stopping.is_set():
        calls += 1
        if calls % INSTANCE == 0:
            recommend = instance(process)
        likes = [dice.choice(sorted(seen))] if seen and calls % 2 else []
        status, body = recommend(token, {"likes": likes, "limit": 20})
        process.count("calls")
        if status >= SERVER_ERRORS:
            process.count("server_errors")
        elif status != 200:
            process.tell("vanished", f"{likes}: {status} {body.get('detail')}")
        else:
            found = body["catalogue"]["items"]
            if found < least or any(each["item_id"] in seen for each in body["ignored"]):
                process.tell("vanished", f"{found} items after {least}, ignored {body['ignored']}")
            least = max(least, found)
            seen |= {each["item"]["item_id"] for each in body["recommendations"]}


def like(process: Process, thread: int) -> None:
    """Like items, some of which others like for the same shopper at the same time."""
    recommend = instance(process)
    tokens: dict[int, str] = {}
    while (piece := process.next()) is not None and not process.stopping.is_set():
        shopper, item_id = piece
        if shopper not in tokens:
            tokens[shopper] = registered(process, key(shopper))
        while not process.stopping.is_set():
            status, body = recommend(tokens[shopper], {"likes": [item_id], "limit": 1})
            if status == 200:
                process.tell("liked", shopper, item_id)
                break
            assert status >= SERVER_ERRORS, body
            process.count("server_errors")


def instance(process: Process) -> Callable[[str, Any], tuple[int, dict[str, Any]]]:
    """One instance of recommend, as ``functions/recommend/main.py`` has it, that has just started."""
    reader = Reader(process.catalogue, DEPARTMENT, MAX_AGE, process.place.clock.seconds)
    function, app = Function("recommend", dict), flask.Flask("recommend")

    @function.on("POST", "/")
    def _recommend(call: Call) -> Answer:
        token, request = call.token(), call.body(Request)
        now = int(time.time())
        return Answer(200, recommending.recommend(process.users, lambda _: reader, token, request, now).body)

    def ask(token: str, body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {token}"}
        with app.test_request_context("/", method="POST", json=body, headers=headers):
            response = function(flask.request)
        return response.status_code, msgspec.json.decode(response.get_data())

    return ask


def registered(process: Process, key: str) -> str:
    """A token of the shopper whose Idempotency-Key this is."""
    while True:
        try:
            token = registering.start(process.users, registering.Registration(DEPARTMENT), key).token
        except StoreUnavailable:
            process.count("server_errors")
            continue
        assert token
        return token


def key(shopper: int) -> str:
    return f"shopper {shopper}"


def colour(item_id: str) -> str:
    return f"#{hashlib.sha256(item_id.encode()).hexdigest()[:6]}"


ROLES = {"writers": write, "compactors": compacting, "readers": read, "clients": like}


def work(place: Place, job: Job, channel: Connection) -> None:
    """The whole life of one process."""
    faulthandler.enable()
    end_with_parent()
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # the functions' log lines
        Process(place, job, channel).run(ROLES[job.role])
