"""The whole system on one machine: the five functions under functions-framework, a folder watched as
Google would watch a bucket, and compaction on a timer. Ctrl-C stops all of it.

    python -m scripts.serve                      the demo models, no items
    python -m scripts.serve --demo               with a wardrobe drawn into the images folder
    python -m scripts.serve --page               with the shopper's page
    python -m scripts.serve --page --merchandiser    and the merchandiser's beside it
    python -m scripts.serve --cloud emulators    on Google's emulators instead of folders and SQLite
"""

import argparse
import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TextIO

import httpx
from tqdm import tqdm

from scripts.emulated import IMAGES, Emulated
from scripts.fill_engine import fill_engine
from scripts.processes import CannotServe, Page, Process, is_free
from scripts.publish_models import MODELS, publish
from scripts.stage import ROOT, stage
from scripts.watch import Change, Watcher
from shared import wiring
from shared.departments import DEPARTMENTS
from shared.errors import StylekinError

SIGNATURES = {
    "register": "http",
    "recommend": "http",
    "embed_on_upload": "cloudevent",
    "compact_catalogue": "http",
    "inspect_catalogue": "http",
}
# In the order of their ports.
SERVED = ("register", "recommend", "embed_on_upload", "compact_catalogue", "page", "inspect_catalogue")
PASSED_ON = ("CATALOGUE_ENGINE", "CATALOGUE_MAX_AGE", "CORS_ORIGINS", "ENCODER_THREADS")  # from the user
COMPACTION_SECONDS = 60.0
WARDROBE_ITEMS = 320  # per department
WARDROBE_SEED = 7


class System:
    """Everything that runs, in one folder (``images/``, ``catalogue/``, ``users.db``, ``logs/``)."""

    def __init__(
        self,
        local: Path,
        port: int,
        page: bool = False,
        emulated: bool = False,
        merchandiser: bool = False,
    ) -> None:
        self.local, self.port = local.absolute(), port
        logs = self.local / "logs"
        self.processes = {
            function: Process(function, port + offset, ROOT / "build" / function, logs / f"{function}.log")
            for offset, function in enumerate(SERVED)
            if function in SIGNATURES
        }
        events_to = self.processes["embed_on_upload"].address
        self.google = Emulated(logs, events_to) if emulated else None
        self.environment = {
            "IMAGES": f"file://{self.local}/images",
            "CATALOGUE": f"file://{self.local}/catalogue",
            "USERS": f"sqlite:///{self.local}/users.db",
            "CATALOGUE_MAX_AGE": "1",
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            # One network run, and one product, per thread: see docs/architecture.md on threads.
            "THREADS": "4",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            **{name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")},
            **(self.google.environment if self.google else {}),
        }
        if page:
            self.processes["page"] = Page("page", port + SERVED.index("page"), ROOT, logs / "page.log")
            self.environment["REGISTER_URL"] = self.processes["register"].address
            self.environment["RECOMMEND_URL"] = self.processes["recommend"].address
        if merchandiser:
            self.environment["MERCHANDISER_URL"] = self.processes["inspect_catalogue"].address
        self.progress: tqdm[None] | None = None
        folder = f"file://{self.local}/images"
        self.watcher = Watcher(wiring.blobs("IMAGES", folder), events_to, folder, self.count)

    def count(self, change: Change) -> None:
        """Move the progress bar by one acknowledged picture."""
        if self.progress is not None and not change.blob.name.endswith(".csv"):
            self.progress.update()

    def count_to(self, pictures: int) -> None:
        """Move the progress bar to so many pictures."""
        if self.progress is not None:
            self.progress.update(pictures - self.progress.n)

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[None]:
        """The folder, made and held by this process alone."""
        for name in ("images", "catalogue", "logs"):
            (self.local / name).mkdir(parents=True, exist_ok=True)
        for department in DEPARTMENTS:
            (self.local / "images" / department).mkdir(exist_ok=True)
        with (self.local / ".serving").open("w") as held:
            await self.hold(held)
            yield

    async def hold(self, file: TextIO) -> None:
        """Lock the folder, and see that the ports are free; a system just killed gets a moment to end."""
        for last in (False,) * 25 + (True,):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if last:
                    raise CannotServe(
                        f"{self.local} is being served already; stop that first, or choose another folder "
                        f"and ports: make demo LOCAL=folder PORT={self.port + 10}"
                    ) from None
            else:
                taken = [process.port for process in self.processes.values() if not is_free(process.port)]
                if not taken:
                    return
                if last:
                    raise CannotServe(
                        f"ports {self.port} to {self.port + len(SERVED) - 1} must be free, found "
                        f"{', '.join(map(str, taken))} taken; choose others: make demo PORT={self.port + 10}"
                    )
            await asyncio.sleep(0.2)

    async def start(self, *functions: str) -> None:
        """Start some functions and wait until they answer."""
        for function in functions:
            if function in SIGNATURES:
                stage(function, ROOT / "build")
            await self.processes[function].start(self.environment, SIGNATURES.get(function, "http"))
        await asyncio.gather(*(self.processes[function].answers() for function in functions))

    async def stop(self) -> None:
        """Stop every function that runs."""
        await asyncio.gather(*(process.stop() for process in self.processes.values()))

    async def compact(self) -> None:
        """Ask for compaction now and then, as Cloud Scheduler would."""
        address = self.processes["compact_catalogue"].address
        async with httpx.AsyncClient(timeout=120, trust_env=False) as client:
            while True:
                with suppress(httpx.TransportError):
                    await client.post(address, json={})
                await asyncio.sleep(COMPACTION_SECONDS)

    async def watch_over(self) -> None:
        """Raise CannotServe when a function ends by itself."""
        ends = [asyncio.create_task(process.ended()) for process in self.processes.values()]
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            raise CannotServe(next(iter(done)).result())
        finally:
            for end in ends:
                end.cancel()

    async def draw_wardrobe(self) -> None:
        """Draw the demo's items into a folder, and wait until the catalogue has them."""
        folder = self.local / ("wardrobe" if self.google else "images")
        command = [sys.executable, "-m", "scripts.wardrobe", "--out", str(folder)]
        command += ["--count", str(WARDROBE_ITEMS), "--seed", str(WARDROBE_SEED)]
        total = WARDROBE_ITEMS * len(DEPARTMENTS)
        with tqdm(total=total, desc="drawing and embedding", unit=" items") as self.progress:
            drawing = await asyncio.create_subprocess_exec(
                *command,
                cwd=ROOT,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            try:
                _, complaint = await drawing.communicate()
            finally:
                if drawing.returncode is None:
                    drawing.kill()
            if drawing.returncode:
                raise CannotServe(f"drawing the wardrobe failed:\n{complaint.decode(errors='replace')}")
            if self.google:
                await self.google.take_in(folder, self.count_to)
            # One look may have begun before the last file, the next finds it, the third announces it.
            enough = self.watcher.looks + 3
            while not self.google and (self.watcher.looks < enough or not self.watcher.settled):
                await asyncio.sleep(0.1)
            self.progress.total = self.progress.n
        self.progress = None

    def describe(self) -> str:
        """What to look at, and three lines to try."""
        register, recommend = (self.processes[name].address for name in ("register", "recommend"))
        read_token = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"token\"])'"  # nosec B105
        drawn = self.local / ("wardrobe" if self.google else "images") / DEPARTMENTS[0]
        pictures = sorted(drawn.glob("*.jpg"))
        like = pictures[len(pictures) // 2].stem if pictures else "an-item-id"
        body = "-H 'Content-Type: application/json' -d"
        goes_to = f"{self.local}/images/{{{','.join(DEPARTMENTS)}}}/<item_id>.jpg"
        if self.google:
            upload = f"http://{self.google.storage.address}/upload/storage/v1/b/{IMAGES}/o?uploadType=media"
            goes_to = f"{upload}&name={DEPARTMENTS[0]}/<item_id>.jpg"
        lines = [
            "",
            *(f"  {name:<18} {self.processes[name].address}" for name in sorted(self.processes, key=first)),
            f"  {'pictures go to':<18} {goes_to}",
            f"  {'logs':<18} {self.local}/logs/",
            "",
            "Try, in another terminal:",
            "",
            f'  TOKEN=$(curl -s {register} {body} \'{{"department": "{DEPARTMENTS[0]}"}}\' | {read_token})',
            f'  curl -s {recommend} -H "Authorization: Bearer $TOKEN" {body} \'{{"limit": 5}}\'',
            f'  curl -s {recommend} -H "Authorization: Bearer $TOKEN" {body} '
            f'\'{{"likes": ["{like}"], "limit": 5}}\'',
            "",
            "Ready. Ctrl-C stops everything.",
        ]
        return "\n".join(lines)


def first(name: str) -> bool:
    """Sorts the page before the functions."""
    return name != "page"


async def serve(asked: argparse.Namespace) -> None:
    """Run the system until cancelled. Raises CannotServe if it cannot start or does not stay up."""
    emulated = asked.cloud == "emulators"
    system = System(asked.local, asked.port, asked.page, emulated, asked.merchandiser)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(system.folder())
        if system.google:
            print("starting the emulators", flush=True)
            await stack.enter_async_context(system.google.running())
        if not publish(wiring.blobs("CATALOGUE", system.environment["CATALOGUE"])):
            raise CannotServe(f"expected models in {MODELS}, found none; `make demo-models` trains them")
        fill_engine(system.environment)
        stack.push_async_callback(system.stop)
        print("starting", flush=True)
        early = ("embed_on_upload", "compact_catalogue")
        await system.start(*early)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(system.google.ended() if system.google else system.watcher.run())
            tasks.create_task(system.compact())
            if asked.demo:
                await system.draw_wardrobe()
            await system.start(*(name for name in SERVED if name in system.processes and name not in early))
            tasks.create_task(system.watch_over())
            print(system.describe(), flush=True)


async def until_signalled(asked: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; the exit status."""
    serving = asyncio.create_task(serve(asked))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        print("\nstopped", flush=True)
        return 0
    except (CannotServe, StylekinError) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
    except ExceptionGroup as group:
        expected, unexpected = group.split((CannotServe, StylekinError))
        if unexpected:
            raise
        for cause in expected.exceptions if expected else ():
            print(f"\n{cause}", file=sys.stderr, flush=True)
    return 1


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.serve", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--local", type=Path, default=Path(".local"), help="folder; default: .local")
    parser.add_argument("--port", type=int, default=8080, help="first of the ports; default: 8080")
    parser.add_argument("--demo", action="store_true", help="draw a wardrobe and serve it")
    parser.add_argument("--page", action="store_true", help="serve the shopper's page too")
    parser.add_argument("--merchandiser", action="store_true", help="with the merchandiser's page in it")
    parser.add_argument("--cloud", choices=["emulators"], help="Google's stores instead of folders")
    arguments = parser.parse_args()
    if not 1024 <= arguments.port <= 65000:
        parser.error(f"--port: expected a number from 1024 to 65000, found {arguments.port}")
    if arguments.merchandiser and not arguments.page:
        parser.error("--merchandiser: expected --page with it, found it alone")
    sys.exit(asyncio.run(until_signalled(arguments)))


if __name__ == "__main__":
    main()
