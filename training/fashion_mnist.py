"""Both architectures from nothing on Fashion-MNIST, whose figures everybody knows.

    apt-get install dataset-fashion-mnist
    python -m training.fashion_mnist /usr/share/datasets/fashion-mnist --json docs/training/fashion_mnist.json

60,000 grey pictures of 28 px in ten categories to learn from and 10,000 to be asked
(https://github.com/zalandoresearch/fashion-mnist, MIT). The networks are those of the product, told ten
"styles"; pictures are drawn out to 56 px and turned to black on white. Imports torch.
"""

import argparse
import gzip
import json
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from shared.errors import StylekinError
from shared.pictures import normalise
from training import metrics
from training.data import Pictures
from training.devices import NAMES, place
from training.models import StyleCNN, StyleResNet, parameters
from training.scores import rounded
from training.train import Lessons, Recipe, Student, fit

CLASSES = ("t-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
SIDE = 56  # px; they are 28
STEP = 500


class NoFashionMnist(StylekinError):
    """A folder without the four files."""


def idx(path: Path) -> NDArray[np.uint8]:
    """An array of the IDX format, gzipped or not. Raises NoFashionMnist."""
    packed = path.with_name(path.name + ".gz")
    try:
        data = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    except OSError as error:
        raise NoFashionMnist(f"expected {path} or {packed}; apt-get install dataset-fashion-mnist") from error
    axes = data[3]
    shape = np.frombuffer(data, ">i4", axes, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def pictures(folder: Path, part: str) -> tuple[Pictures, NDArray[np.int64]]:
    """Pictures ``(n, 56, 56, 3)`` and their categories ``(n,)`` of ``part``, ``train`` or ``t10k``."""
    small, classes = idx(folder / f"{part}-images-idx3-ubyte"), idx(folder / f"{part}-labels-idx1-ubyte")
    grey = np.empty((len(small), SIDE, SIDE), np.uint8)
    for start in range(0, len(small), STEP):
        some = 255 - torch.from_numpy(small[start : start + STEP].copy())[:, None].float()
        grey[start : start + STEP] = F.interpolate(some, size=SIDE, mode="bilinear")[:, 0].round()
    names = np.array(CLASSES)[classes]
    ids = np.arange(len(small)).astype(str)
    squares = np.broadcast_to(grey[..., None], (*grey.shape, 3))
    return Pictures(f"fashion-mnist {part}", squares, ids, names, names, ids, ""), classes.astype(np.int64)


def asked(student: Student, of: Pictures, device: torch.device) -> NDArray[np.float32]:
    """Probabilities of each category, ``(n, 10)``."""
    student.to(device)
    found = []
    with torch.inference_mode():
        for start in range(0, len(of), STEP):
            x = torch.from_numpy(normalise(np.array(of.squares[start : start + STEP]))).to(device)
            found.append(student.network(x).style.softmax(1).cpu().numpy())
    return np.concatenate(found)


def main() -> int:
    """Train, ask, write; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.fashion_mnist",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="of the four files")
    parser.add_argument("--networks", nargs="+", default=["resnet50", "style_cnn"])
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--device", default="auto", choices=NAMES)
    parser.add_argument("--cache", type=Path, default=Path(".local/training"), help="checkpoints")
    parser.add_argument("--json", type=Path, help="where to write the figures; those of others in it stay")
    given = parser.parse_args()
    try:
        (learned, truth), (unseen, wanted) = (pictures(given.folder, part) for part in ("train", "t10k"))
    except StylekinError as error:
        print(error, file=sys.stderr)
        return 1
    recipe = Recipe(epochs=given.epochs, batch=given.batch, small_epochs=0, balance=0, teacher_loss=0)
    lessons = Lessons(truth, truth, np.zeros((len(truth), 1), np.float32))
    told = json.loads(given.json.read_text()) if given.json and given.json.exists() else {}
    with place(given.device) as here:
        for name in given.networks:
            torch.manual_seed(1)
            classes = len(CLASSES)
            network = StyleResNet(classes, classes, SIDE) if name == "resnet50" else StyleCNN(classes, SIDE)
            student, began = Student(network, 1), time.monotonic()
            checkpoint = given.cache / f"fashion-mnist-{name}.pt"
            fit(student, learned, lessons, np.arange(len(learned)), recipe, checkpoint, place=here)
            seconds = time.monotonic() - began
            right = metrics.right(asked(student, unseen, here.device), wanted)
            gpu = torch.cuda.get_device_name() if here.device.type == "cuda" else platform.machine()
            told[name] = {
                "accuracy": metrics.mean(right, unseen.item_ids).told(),
                "parameters": parameters(network),
                "seconds": rounded(seconds),
                "device": gpu,
                "recipe": asdict(recipe),
            }
            print(name, json.dumps(told[name]["accuracy"]))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
