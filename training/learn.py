"""Two networks from a shop's own pictures: train, export, measure, and write a bundle.

    python -m training.extract shop.csv --output build/shop --department womenswear
    python -m training.learn build/shop --department womenswear --version shop-1

learns from the ``training`` side of an extraction, stops early by the ``validation`` side, and measures on
the ``test`` side. Killed, the same command goes on from the last epoch. Then look at it with
`python -m training.evaluate` and put it into service with `python -m training.promote`. Imports torch.
"""

import argparse
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from shared.departments import DEPARTMENTS
from shared.errors import StylekinError
from shared.pictures import normalise
from training.bundle import CNN_FILE, RESNET_FILE, WEIGHTS, card_of, write_bundle
from training.data import Pictures, Rows, labels
from training.duplicates import Gallery, threshold
from training.export_onnx import export
from training.extract import as_pictures, load
from training.models import CNN_WIDTH, RESNET_WIDTH, StyleCNN, StyleResNet
from training.scores import answers, category_threshold, scores
from training.train import Lessons, Recipe, Student, fit
from training.weights import start

CHECKED = 128  # pictures on which exports are compared


class LearnRefused(StylekinError):
    """Pictures that nothing can be learned from."""


def classes(values: np.ndarray, rows: Rows, what: str, fewest: int) -> tuple[str, ...]:
    """What stands for at least ``fewest`` of ``rows``. Raises LearnRefused if that is less than two."""
    names, counts = np.unique(values[rows], return_counts=True)
    found = tuple(str(name) for name, count in zip(names, counts, strict=True) if name and count >= fewest)
    if len(found) < 2:
        raise LearnRefused(f"expected two {what} of {fewest} training pictures each, found {list(found)}")
    return found


def learn(given: argparse.Namespace, pictures: Pictures, sides: dict[str, Rows]) -> Path:
    """Train both networks and write their bundle; its folder. Raises LearnRefused, WeightsMissing."""
    styles = classes(pictures.styles, sides["training"], "styles", given.fewest)
    categories = classes(pictures.categories, sides["training"], "categories", given.fewest)
    if not len(sides["validation"]) or not len(sides["test"]):
        raise LearnRefused("expected pictures on every side of the split, found too few families")
    truth = labels(pictures.styles, styles), labels(pictures.categories, categories)
    lessons = Lessons(*truth, np.zeros((len(pictures), 1), np.float32))  # no teacher
    torch.manual_seed(given.seed)
    resnet, cnn = StyleResNet(len(styles), len(categories), given.resolution), StyleCNN(len(styles))
    start(resnet, given.weights)
    recipe = Recipe(
        epochs=given.epochs, batch=given.batch, balance=given.balance, patience=given.patience,
        seed=given.seed, teacher_loss=0, bfloat16=given.bfloat16,
    )  # fmt: skip
    if given.weights != "none":
        recipe = replace(recipe, learning_rate=recipe.learning_rate / 3)
    board = None
    if given.board:
        from torch.utils.tensorboard import SummaryWriter  # slow to load

        board = SummaryWriter(str(given.board))
    students = {"resnet50": Student(resnet, 1), "style_cnn": Student(cnn, 1)}
    for name, student in students.items():
        checkpoint = given.cache / f"{given.department}-{given.version}-{name}.pt"
        fit(student, pictures, lessons, sides["training"], recipe, checkpoint, sides["validation"], board)
    told = {
        "command": "python -m training.learn",
        "data": [{"name": pictures.source, "fingerprint": pictures.fingerprint, "split_by": "family"}
                 | {side: len(rows) for side, rows in sides.items()}],
        "weights": given.weights if given.weights in ("none", "imagenet") else Path(given.weights).name,
        "recipe": asdict(recipe),
        "curves": {name: student.history for name, student in students.items()},
        "torch": str(torch.__version__),
    }  # fmt: skip
    return written(given, pictures, sides, (resnet, cnn), (styles, categories), told)


def written(
    given: argparse.Namespace,
    pictures: Pictures,
    sides: dict[str, Rows],
    networks: tuple[StyleResNet, StyleCNN],
    known: tuple[tuple[str, ...], tuple[str, ...]],
    told: dict[str, Any],
) -> Path:
    """Export, choose the thresholds on the validation side, measure on the test side, write the bundle."""
    some = normalise(np.array(pictures.squares[sides["validation"][:CHECKED]]))
    first, first_checks = export(networks[0], some, quantise=True)
    second, second_checks = export(networks[1], some, quantise=False)
    found = {side: answers(first, second, WEIGHTS, pictures, rows) for side, rows in sides.items()}
    families = pictures.groups[sides["validation"]]
    metrics: dict[str, Any] = {
        "test": scores(found["test"], pictures, sides["test"], *known),
        "export": {RESNET_FILE: first_checks, CNN_FILE: second_checks},
    }
    files = {RESNET_FILE: first, CNN_FILE: second}
    card = card_of(
        given.department,
        given.version,
        files,
        (RESNET_WIDTH, CNN_WIDTH),
        *known,
        duplicate_threshold=threshold([Gallery(found["validation"].fused, {}, families, families)]),
        category_threshold=category_threshold(
            found["validation"].category, labels(pictures.categories[sides["validation"]], known[1]), 0.9
        ),
        training=told,
        metrics=metrics,
    )
    return write_bundle(given.output, card, files)


def main() -> int:
    """Learn from what the command line names; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.learn",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("extraction", type=Path, help="folder that training.extract wrote")
    parser.add_argument("--department", choices=DEPARTMENTS, required=True)
    parser.add_argument("--version", required=True, help="of the new bundle, such as shop-1")
    parser.add_argument("--weights", default="imagenet", help="of ResNet-50: imagenet, none, or a file")
    parser.add_argument("--epochs", type=int, default=40, help="at most")
    parser.add_argument("--patience", type=int, default=6, help="epochs without a better one; 0: never stop")
    parser.add_argument("--batch", type=int, default=Recipe.batch)
    parser.add_argument("--balance", type=float, default=1.0, help="0..1, towards styles equally often")
    parser.add_argument("--resolution", type=int, default=80, help="px that ResNet-50 sees, 64..224")
    parser.add_argument("--fewest", type=int, default=20, help="training pictures of a class that is learned")
    parser.add_argument("--no-bfloat16", dest="bfloat16", action="store_false", help="for old processors")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--board", type=Path, help="folder for TensorBoard")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=Path(".local/training"), help="checkpoints")
    parser.add_argument("--output", type=Path, default=Path("models"), help="folder of bundles")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    try:
        pictures = as_pictures(given.extraction, given.extraction.name)
        split = load(given.extraction)[1]["split"].to_numpy(str)
        sides = {side: np.flatnonzero(split == side) for side in ("training", "validation", "test")}
        print(learn(given, pictures, sides))
    except (StylekinError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
