"""Embedding by Apache Beam writes what promoting writes, killed or not, and the switch needs no more.

Beam runs in its own environment, .venv-beam, with an older Pillow and pyarrow than what reads its files here.
"""

import os
import signal
import subprocess
import time
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path

import pytest
from PIL import Image

from scripts.requirements import group
from shared.deltas import delta_name
from shared.embedding import picture_fact
from shared.encoder import Encoder
from shared.facts import clock
from shared.log import append
from shared.pictures import decode
from shared.storage.folder import Folder
from tests.bundles import painted
from tests.running import DATA, ROOT, needs
from tests.training.test_promotion import NEW, OLD, Department
from training.promotion import PART, Way, announce, embed, lacking, switch

PYTHON = ROOT / ".venv-beam" / "bin" / "python"
LUMA = DATA / "luma_osl3/dev/images"


@pytest.fixture
def department(tmp_path: Path) -> Department:
    needs(PYTHON.exists(), "Apache Beam: make .venv-beam/beam")
    return Department(Folder(tmp_path / "images"), Folder(tmp_path / "catalogue"))


def started(root: Path, *words: str) -> subprocess.Popen[str]:
    """The pipeline on its way, on the folders below ``root``."""
    stores = {name: f"file://{root}/{name.lower()}" for name in ("IMAGES", "CATALOGUE")}
    command = [str(PYTHON), "-m", "training.embed_pipeline", "--department", "womenswear", *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | stores, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(running: subprocess.Popen[str]) -> str:
    """The last line it said, once it was done."""
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    return out.splitlines()[-1]


def fill(department: Department, pictures: dict[str, bytes]) -> None:
    """Pictures that the live model has seen, all told by one delta."""
    encoder, facts = department.encoders("womenswear", OLD), []
    for item_id, data in pictures.items():
        blob = department.images.write(f"womenswear/{item_id}.jpg", data)
        at = clock(blob.generation, 0, blob.name)
        facts.append(picture_fact(item_id, at, OLD, encoder.encode(decode(data))))
    assert append(department.blobs, "womenswear", delta_name(facts[-1].clock, "picture", OLD), facts)


def ahead(way: Way) -> dict[str, bytes]:
    """The files of vectors that were made ahead."""
    return {blob.name: bytes(way.blobs.read(blob.name)[0]) for blob in way.blobs.list(way.folder)}


def promoted(way: Way) -> dict[str, bytes]:
    """The files that promoting writes, from nothing."""
    for name in ahead(way):
        way.blobs.delete(name)
    for _ in embed(way, Encoder.load(way.blobs, way.department, way.version), lacking(way)):
        pass
    return ahead(way)


def test_real_pictures_become_the_same_files(tmp_path, department):
    needs(LUMA.exists(), "the data set luma_osl3")
    source = sorted((ROOT / "models" / "womenswear").iterdir())[-1]
    for file in source.iterdir():
        department.blobs.write(f"models/womenswear/{source.name}/{file.name}", file.read_bytes())
    fill(department, {path.stem: path.read_bytes() for path in islice(sorted(LUMA.iterdir()), 40)})
    first = next(iter(department.images.list())).name
    department.images.delete(first)  # and no event told of it yet
    announce(department.blobs, "womenswear", source.name)
    said = ended(started(tmp_path))
    assert said == f"womenswear {source.name}: 39 pictures embedded, 1 could not be"
    way = department.way(source.name)
    left = lacking(way)
    assert [f"womenswear/{item_id}.jpg" for item_id in left] == [first]
    written = ahead(way)
    assert len(written) == 1
    assert written == promoted(way)
    switch(way, without=left)
    version, vectors = department.shown()
    assert version == source.name
    assert len(vectors) == 39


def test_killed_it_goes_on_and_ends_with_what_promoting_ends_with(tmp_path, department):
    count = 3 * PART + 5
    colours = cycle(["red", "lime", "blue", "orange"])
    fill(department, {f"{number:03d}": painted(next(colours)) for number in range(count)})
    buffer = BytesIO()
    Image.new("RGB", (5000, 5000), "navy").save(buffer, "PNG", compress_level=1)
    fill(department, {f"{PART:03d}": buffer.getvalue()})  # in the second part, so that there is time to kill
    announce(department.blobs, "womenswear", NEW)
    way, running = department.way(), started(tmp_path)
    while not ahead(way):
        assert running.poll() is None, running.communicate()
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    left = len(lacking(way))
    assert 0 <= left <= count - PART
    assert ended(started(tmp_path)) == f"womenswear {NEW}: {left} pictures embedded, 0 could not be"
    assert lacking(way) == {}
    found = ahead(way)
    assert found == promoted(way)
    assert len(found) == 4
    switch(way)
    version, vectors = department.shown()
    assert version == NEW
    assert len(vectors) == count


def test_nothing_is_embedded_for_a_model_that_was_not_announced(tmp_path, department):
    fill(department, {"a": painted("red")})
    running = started(tmp_path)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 1
    assert "expected a coming model, found none beside colours-1; announce one by" in said
    assert ahead(department.way()) == {}


def test_the_image_of_workers_has_the_pinned_beam():
    (pinned,) = (line for line in group("beam") if line.startswith("apache-beam=="))
    version = pinned.removeprefix("apache-beam==")
    assert f"FROM apache/beam_python3.11_sdk:{version}\n" in (ROOT / "training" / "Dockerfile").read_text()
    assert f"apache-beam[gcp]=={version}" in (ROOT / "docs" / "training.md").read_text()
