"""Fashion-MNIST's files as they are, and a run on a few of their pictures' kind."""

import gzip
import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch")

from training.fashion_mnist import SIDE, NoFashionMnist, pictures

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The four files, of forty and of twenty pictures: brighter, the higher the class."""
    folder = tmp_path_factory.mktemp("fashion")
    for part, count in (("train", 40), ("t10k", 20)):
        classes = (np.arange(count) % 10).astype(np.uint8)
        grey = np.repeat(classes * 25, 28 * 28).reshape(count, 28, 28).astype(np.uint8)
        for name, magic, data in (("images-idx3", 2051, grey), ("labels-idx1", 2049, classes)):
            head = struct.pack(f">I{data.ndim}I", magic, *data.shape)
            (folder / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(head + data.tobytes()))
    return folder


def test_pictures_are_black_on_white_and_keep_their_classes(folder):
    found, classes = pictures(folder, "train")
    assert found.squares.shape == (40, SIDE, SIDE, 3)
    assert (found.squares[classes == 0] == 255).all()
    assert (found.squares[classes == 9] == 255 - 225).all()
    assert found.styles[3] == "dress"


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(NoFashionMnist, match=r"train-images-idx3-ubyte\.gz; apt-get install"):
        pictures(tmp_path, "train")


def test_a_run_writes_its_figures_and_keeps_those_of_others(folder, tmp_path):
    told = tmp_path / "told.json"
    told.write_text('{"resnet50": {"accuracy": {}}}')
    command = [
        sys.executable,
        "-m",
        "training.fashion_mnist",
        folder,
        "--networks",
        "style_cnn",
        "--epochs",
        "1",
    ]
    command += ["--batch", "8", "--cache", tmp_path, "--json", told, "--device", "cpu"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    figures = json.loads(told.read_text())
    assert set(figures) == {"resnet50", "style_cnn"}
    assert 0 <= figures["style_cnn"]["accuracy"]["value"] <= 1
