"""Cold start, by stage: from a new process to the first ranked list, and what lies in memory then."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from benchmarks.catalogues import item_ids
from benchmarks.figures import OURS as STYLEKIN
from benchmarks.figures import STORED
from benchmarks.measuring import spread
from benchmarks.servers import LIKE_DEPLOYED, ROOT
from benchmarks.stores import DEPARTMENT, PICKLE, settings, shop, shopper
from scripts import emulators
from shared.storage.folder import Folder

BUCKET = "catalogue"
#: What a process that just began does, with the milliseconds since the step before after each.
OURS = """
import json, os, sys, time
began = time.perf_counter()
taken, last = {}, began
def done(name):
    global last
    now = time.perf_counter()
    taken[name], last = (now - last) * 1000, now
from functions.recommend import main
from shared import codes, log, recommending, wiring
from shared.asking import Request
done("imports")
users, reader = wiring.users(), wiring.reader(DEPARTMENT)
catalogue, card = reader.live()
done("manifest and snapshot")
items = catalogue.visible(card)
done("columns")
codes.codes(items)
done("codes")
recommending.recommend(users, wiring.reader, TOKEN, Request(), 10**9)
done("first ranking")
from benchmarks.measuring import resident_mb
print(json.dumps({"stages": taken, "megabytes": resident_mb(), "table": catalogue.table.nbytes / 1e6}))
"""
ORIGINAL = """
import json, os, pickle, time
began = last = time.perf_counter()
taken = {}
def done(name):
    global last
    now = time.perf_counter()
    taken[name], last = (now - last) * 1000, now
import flask
HEAVY
import numpy as np
from sklearn.metrics.pairwise import cosine_similarity
if bucket := os.environ.get("BUCKET"):
    from google.cloud import storage
done("imports")
if bucket:
    client = storage.Client.create_anonymous_client()
    catalogue = pickle.loads(client.bucket(bucket).blob(os.environ["PICKLE"]).download_as_bytes())
else:
    catalogue = pickle.load(open(os.environ["PICKLE"], "rb"))
done("manifest and snapshot")
scores = cosine_similarity(catalogue["vectors"][:5], catalogue["vectors"]).mean(axis=0)
np.argsort(-scores)
done("first ranking")
from benchmarks.measuring import resident_mb
print(json.dumps({"stages": taken, "megabytes": resident_mb()}))
"""


def measure(sizes: list[int], repetitions: int) -> list[dict[str, Any]]:
    """A row per number of items and way; each repetition is a new process."""
    rows = []
    for n in sizes:
        with shop(n, with_pickle=True) as (root, _):
            token = shopper(root, item_ids(n)[:5])
            ours = starts_ours(token)
            heavy = "import pandas" + (", torch" if _has_torch() else "")
            folder = {**settings(root), **LIKE_DEPLOYED}
            with _bucket(root) as bucket:
                original, pickled = ORIGINAL.replace("HEAVY", heavy), str(root / PICKLE)
                ways = {
                    STYLEKIN: (ours, folder),
                    "original": (original, {"PICKLE": pickled}),
                    f"{STYLEKIN}{STORED}": (ours, {**folder, **bucket}),
                    f"original{STORED}": (original, {"BUCKET": BUCKET, **bucket, "PICKLE": PICKLE}),
                }
                found: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
                for _ in range(repetitions):
                    for name, (code, environment) in ways.items():
                        found[name].append(run(code, environment))
        for name, runs in found.items():
            totals = [sum(run["stages"].values()) for run in runs]
            middle = sorted(runs, key=lambda run: sum(run["stages"].values()))[len(runs) // 2]
            row = {"way": name, "items": n, "repetitions": repetitions, **spread(totals)}
            row["stages_ms"] = {stage: round(taken, 1) for stage, taken in middle["stages"].items()}
            row |= {"megabytes": middle["megabytes"], "table_megabytes": round(middle.get("table", 0), 1)}
            row["with_torch"] = _has_torch()
            rows.append(row)
            print(f"starting {n} items: {name} {row['median_ms']} ms", file=sys.stderr)
    return rows


@contextmanager
def _bucket(root: Path) -> Iterator[dict[str, str]]:
    """The catalogue, and the original's, in a bucket of fake-gcs-server, and how a function finds it, until
    the block ends."""
    with emulators.storage(root) as emulator, httpx.Client(trust_env=False) as client:
        address = f"http://{emulator.address}"
        client.post(f"{address}/storage/v1/b", json={"name": BUCKET}).raise_for_status()
        blobs = Folder(root / "catalogue")
        for name in [PICKLE, *(blob.name for blob in blobs.list())]:
            content = (root / PICKLE).read_bytes() if name == PICKLE else bytes(blobs.read(name)[0])
            upload = f"{address}/upload/storage/v1/b/{BUCKET}/o"
            asked = {"uploadType": "media", "name": name}
            client.post(upload, params=asked, content=content, timeout=600).raise_for_status()
        yield {"CATALOGUE": f"gs://{BUCKET}", **emulator.environment}


def starts_ours(token: str) -> str:
    """What a new process of `recommend` does until its first list, for the shopper with this token."""
    return OURS.replace("DEPARTMENT", repr(DEPARTMENT)).replace("TOKEN", repr(token))


def _has_torch() -> bool:
    probe = [sys.executable, "-c", "import torch"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def run(code: str, environment: dict[str, str]) -> dict[str, Any]:
    """What a new process with this code told last."""
    inherited = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(ROOT))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, **environment},
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    told: dict[str, Any] = msgspec.json.decode(done.stdout.splitlines()[-1])
    return told
