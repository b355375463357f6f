"""The container image, as far as it can be tried without a container: what it copies suffices for what it
runs, and answers on PORT."""

import re
import shutil
import tomllib
from pathlib import Path

import httpx

from scripts.requirements import group
from tests.app.window import page_server
from tests.running import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def copied(folder: Path) -> None:
    """Lay out what the image has."""
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                place = folder / target / Path(source).name if target.endswith("/") else folder / target
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)


def test_what_is_copied_runs(tmp_path: Path) -> None:
    image = tmp_path / "image"
    copied(image)
    assert (image / "requirements.txt").read_text() == (ROOT / "requirements/app.txt").read_text()
    with page_server(tmp_path / "log", image, IMAGES="file:///nowhere") as address:
        answer = httpx.get(address, trust_env=False)
        assert (answer.status_code, "<title>" in answer.text) == (200, True)
        gone = httpx.get(f"{address}/pictures/womenswear?item=a&width=320", trust_env=False)
        assert gone.status_code == 404


def test_the_image_is_small() -> None:
    """Nothing of the functions' own: neither their runtime, nor the networks."""
    names = {re.split(r"[=\[]", requirement)[0] for requirement in group("app")}
    assert names & {"onnxruntime", "functions-framework", "torch"} == set()
    python = re.findall(r"^FROM python:(\S+)-slim$", DOCKERFILE, re.MULTILINE)
    supported = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert python == [supported.removeprefix(">=")]
    assert re.search(r"^USER page$", DOCKERFILE, re.MULTILINE), "not as root"
