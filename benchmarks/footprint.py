"""What each staged function takes of a machine on the demo catalogue: memory at most, and CPU time per call.

The staged functions run as processes of their own, as many calls at once as terraform/functions.tf sends to
an instance. `benchmarks/footprint.json` is what one run said: tests/deploy holds the deployed memory against
it, and scripts/cost.py counts with its CPU times.

    python -m benchmarks.footprint                writes benchmarks/footprint.json; a few minutes
"""

import argparse
import asyncio
import json
import os
import platform
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from scripts.processes import Process
from scripts.publish_models import publish
from scripts.serve import SIGNATURES, WARDROBE_ITEMS, WARDROBE_SEED
from scripts.stage import ROOT, stage
from scripts.wardrobe.folder import fill
from scripts.watch import Change, cloud_event
from shared.departments import DEPARTMENTS
from shared.storage.folder import Folder

RESULT = ROOT / "benchmarks" / "footprint.json"
CALLS = {"register": 400, "recommend": 400, "compact_catalogue": 5, "inspect_catalogue": 60}
AT_ONCE = {
    "register": 4,
    "recommend": 4,
    "embed_on_upload": 2,
    "compact_catalogue": 1,
    "inspect_catalogue": 4,
}
LARGEST = (8000, 5000)  # pixels: as many as shared.pictures takes


def processes(pid: int) -> list[int]:
    """A process and everything below it."""
    found, layer = [], [pid]
    while layer:
        found += layer
        tasks = (Path(f"/proc/{one}/task/{one}/children") for one in layer)
        layer = [int(child) for task in tasks if task.exists() for child in task.read_text().split()]
    return found


def peak_mib(pid: int) -> float:
    """The most memory the processes ever had resident, in MiB; what two of them share counts twice."""
    kib = 0
    for one in processes(pid):
        lines = Path(f"/proc/{one}/status").read_text().splitlines()
        kib += next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return kib / 1024


def cpu_seconds(pid: int) -> float:
    """The CPU time the processes have used."""
    ticks = 0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def largest_picture() -> bytes:
    """A picture with transparency and as many pixels as are taken in; nothing needs more memory."""
    buffer = BytesIO()
    Image.new("RGBA", LARGEST, (200, 30, 60, 128)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


async def side_by_side(calls: list[Callable[[], Awaitable[httpx.Response]]], at_once: int) -> None:
    """Make all calls, so many at once; each must succeed."""
    places = asyncio.Semaphore(at_once)

    async def one(call: Callable[[], Awaitable[httpx.Response]]) -> None:
        async with places:
            answer = await call()
            assert answer.is_success, answer.text

    await asyncio.gather(*(one(call) for call in calls))


class Machine:
    """The five functions on one folder, and what is asked of each."""

    def __init__(self, local: Path, port: int, http: httpx.AsyncClient) -> None:
        self.local, self.port, self.http = local, port, http
        self.images, self.catalogue = Folder(local / "images"), Folder(local / "catalogue")
        self.environment = {
            "IMAGES": f"file://{local}/images",
            "CATALOGUE": f"file://{local}/catalogue",
            "USERS": f"sqlite:///{local}/users.db",
        }
        self.tokens: list[str] = []

    async def measure(self, function: str) -> dict[str, float]:
        """Start a function, ask it once, then as often as it is asked here; what that took."""
        staged = stage(function, self.local / "build")
        process = Process(function, self.port, staged, self.local / f"{function}.log")
        await process.start(self.environment, SIGNATURES[function])
        try:
            await process.answers()
            assert process.running is not None
            pid, address = process.running.pid, process.address
            calls = await self.asked(function, address)
            await side_by_side(calls[:1], 1)
            started = cpu_seconds(pid)
            await side_by_side(calls[1:], AT_ONCE[function])
            each = (cpu_seconds(pid) - started) / len(calls[1:])
            if function == "embed_on_upload":  # beside the others for the memory, and not for the time
                await side_by_side([self.event(address, *self.largest())], 1)
            if function == "recommend":
                await side_by_side([self.photograph(address, department) for department in DEPARTMENTS], 2)
            return {
                "peak_mib": round(peak_mib(pid), 1),
                "first_call_cpu_seconds": round(started, 3),
                "call_cpu_seconds": round(each, 5),
            }
        finally:
            await process.stop()

    async def asked(self, function: str, address: str) -> list[Callable[[], Awaitable[httpx.Response]]]:
        """The calls of one function."""
        if function == "embed_on_upload":
            return [self.event(address, Change("finalized", blob), blob.name) for blob in self.images.list()]
        if function == "recommend":
            pictures = [blob.name[:-4].split("/") for blob in self.images.list() if blob.name.endswith("jpg")]
            items = {one: [item for department, item in pictures if department == one] for one in DEPARTMENTS}
            return [self.recommendation(address, number, items) for number in range(CALLS[function])]
        if function == "register":
            return [self.registration(address, number) for number in range(CALLS[function])]
        if function == "inspect_catalogue":
            return [self.question(address, number) for number in range(CALLS[function])]
        return [lambda: self.http.post(address, json={}) for _ in range(CALLS[function])]

    def event(self, address: str, change: Change, name: str) -> Callable[[], Awaitable[httpx.Response]]:
        headers, body = cloud_event(change, "images", datetime.now(UTC))
        return lambda: self.http.post(address, headers=headers, json=body)

    def largest(self) -> tuple[Change, str]:
        """The largest picture, put into the bucket."""
        blob = self.images.write(f"{DEPARTMENTS[0]}/largest.png", largest_picture())
        return Change("finalized", blob), blob.name

    def registration(self, address: str, number: int) -> Callable[[], Awaitable[httpx.Response]]:
        async def call() -> httpx.Response:
            answer = await self.http.post(address, json={"department": DEPARTMENTS[number % 2]})
            self.tokens.append(answer.json()["token"])
            return answer

        return call

    def recommendation(
        self, address: str, number: int, items: Mapping[str, list[str]]
    ) -> Callable[[], Awaitable[httpx.Response]]:
        department = DEPARTMENTS[number % 2]
        likes = [items[department][(number * 7 + step) % len(items[department])] for step in range(3)]
        body = {"department": department, "likes": likes, "limit": 12, "diversity": 0.5}
        headers = {"Authorization": f"Bearer {self.tokens[number]}"}
        return lambda: self.http.post(address, json=body, headers=headers)

    def question(self, address: str, number: int) -> Callable[[], Awaitable[httpx.Response]]:
        """What a merchandiser's page asks, one after the other."""
        questions = ("", "/rejected", "/duplicates", "/preview")
        asked = f"{address}/{DEPARTMENTS[number % 2]}{questions[number // 2 % len(questions)]}"
        if asked.endswith("/preview"):
            return lambda: self.http.post(asked, json={"knobs": [{}, {"diversity": 0.5}]})
        return lambda: self.http.get(asked)

    def photograph(self, address: str, department: str) -> Callable[[], Awaitable[httpx.Response]]:
        """Items like the largest picture, for which the networks are loaded."""
        form = {"photo": largest_picture()}
        data = {"request": json.dumps({"department": department})}
        headers = {"Authorization": f"Bearer {self.tokens[0]}"}
        return lambda: self.http.post(address, files=form, data=data, headers=headers)


async def measure(port: int) -> dict[str, Any]:
    """All five functions, in the order in which each finds what it needs."""
    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder)
        for department in DEPARTMENTS:
            fill(local / "images", department, WARDROBE_ITEMS, WARDROBE_SEED)
        async with httpx.AsyncClient(timeout=120, trust_env=False) as http:
            machine = Machine(local, port, http)
            publish(machine.catalogue)
            order = ("embed_on_upload", "compact_catalogue", "register", "recommend", "inspect_catalogue")
            functions = {function: await machine.measure(function) for function in order}
    libraries = ("numpy", "onnxruntime", "pillow", "pyarrow")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
        "python": platform.python_version(),
        "libraries": {library: version(library) for library in libraries},
        "items": WARDROBE_ITEMS * len(DEPARTMENTS),
        "at_once": AT_ONCE,
        "functions": functions,
    }


def main() -> None:
    """Measure, write and show."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.footprint", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--port", type=int, default=18480, help="a free port; default: 18480")
    parser.add_argument("--out", type=Path, default=RESULT, help="default: benchmarks/footprint.json")
    arguments = parser.parse_args()
    text = json.dumps(asyncio.run(measure(arguments.port)), indent=2)
    arguments.out.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
