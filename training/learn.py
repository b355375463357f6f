"""Two networks from a shop's own pictures: train, export, measure, and write a bundle.

    python -m training.extract shop.csv --output build/shop --department womenswear
    python -m training.learn build/shop --department womenswear --version shop-1

learns from the ``training`` side of an extraction, stops early by the ``validation`` side, and measures on
the ``test`` side. Killed, the same command goes on from the last epoch it kept. Then look at it with
`python -m training.evaluate` and put it into service with `python -m training.promote`. A GPU is used where
there is one; several by `torchrun --nproc-per-node 2 -m training.learn …`, the rest of the line the same.
Imports torch.
"""

import argparse
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from shared.departments import DEPARTMENTS
from shared.errors import StylekinError
from shared.pictures import EXTENSIONS, normalise
from shared.vectors import Floats
from training import teacher
from training.bundle import CNN_FILE, RESNET_FILE, WEIGHTS, card_of, write_bundle
from training.category_head import features, refitted
from training.data import Listed, Pictures, Rows, decoded, joined, labels
from training.devices import NAMES, Place, place
from training.duplicates import Gallery, threshold
from training.export_onnx import export
from training.extract import as_pictures, rows_by_side
from training.losses import STYLE_LOSSES
from training.models import CNN_WIDTH, RESNET_WIDTH, TUNED, StyleCNN, StyleResNet
from training.scores import answers, category_threshold, scores
from training.train import Lessons, Recipe, Student, Teacher, fit
from training.weights import start

CHECKED = 128  # pictures on which exports are compared
TEACHER_WIDTH = 256  # directions of the teacher's features
ENDINGS = frozenset(ending.lstrip(".") for ending in EXTENSIONS)


class LearnRefused(StylekinError):
    """Pictures that nothing can be learned from."""


def classes(values: np.ndarray, rows: Rows, what: str, fewest: int) -> tuple[str, ...]:
    """What stands for at least ``fewest`` of ``rows``. Raises LearnRefused if that is less than two."""
    names, counts = np.unique(values[rows], return_counts=True)
    found = tuple(str(name) for name, count in zip(names, counts, strict=True) if name and count >= fewest)
    if len(found) < 2:
        raise LearnRefused(
            f"expected two {what} of {fewest} training pictures each, found {list(found)}; "
            "--fewest asks for less"
        )
    return found


def learn(given: argparse.Namespace, pictures: Pictures, sides: dict[str, Rows], here: Place) -> Path | None:
    """Train both networks; rank 0 writes their bundle, its folder. Raises LearnRefused, WeightsMissing."""
    styles = classes(pictures.styles, sides["training"], "styles", given.fewest)
    categories = classes(pictures.categories, sides["training"], "categories", given.fewest)
    if not len(sides["validation"]) or not len(sides["test"]):
        raise LearnRefused("expected pictures on every side of the split, found too few families")
    torch.manual_seed(given.seed)
    resnet = StyleResNet(len(styles), len(categories), given.resolution, given.style)
    networks = {"resnet50": resnet, "style_cnn": StyleCNN(len(styles), head=given.style)}
    start(resnet, given.weights)
    recipe = Recipe(
        epochs=given.epochs, batch=given.batch, balance=given.balance, patience=given.patience,
        seed=given.seed, style=given.style, tune=given.tune, bfloat16=given.bfloat16,
        teacher_loss=0 if given.distill is None else 1,
        variety="light" if given.distill is None else "strong",
    )  # fmt: skip
    if given.weights != "none":
        recipe = replace(recipe, learning_rate=recipe.learning_rate / 3)
    taught = pictures if not given.distill else joined(pictures.source, [pictures, *piles(given)])
    known, asked = distilled(taught, sides["training"], given, here)
    truth = labels(taught.styles, styles), labels(taught.categories, categories)
    lessons = Lessons(*truth, known)
    board = None
    if given.board and here.rank == 0:
        from torch.utils.tensorboard import SummaryWriter  # slow to load

        board = SummaryWriter(str(given.board))
    teach = partial(fit, board=board, place=here, teacher=asked)
    students = {name: Student(each, known.shape[1]) for name, each in networks.items()}
    for name, student in students.items():
        checkpoint = given.cache / f"{given.department}-{given.version}-{name}.pt"
        if asked is not None:  # first what the teacher sees, in everything there is
            pile = np.concatenate([sides["training"], np.arange(len(pictures), len(taught))])
            copying = replace(
                recipe, patience=0, style_loss=0, category_loss=0, mixed=0.5, balance=0, tune="all"
            )
            teach(student, taught, lessons, pile, copying, checkpoint.with_suffix(".distil.pt"))
        teach(student, taught, lessons, sides["training"], recipe, checkpoint, sides["validation"])
    if here.rank > 0:
        return None
    told = {
        "command": "python -m training.learn",
        "data": [{"name": pictures.source, "fingerprint": pictures.fingerprint, "split_by": "family"}
                 | {side: len(rows) for side, rows in sides.items()}],
        "teacher": teacher.NAME if asked else None,
        "unlabelled": len(taught) - len(pictures),
        "weights": given.weights if given.weights in ("none", "imagenet") else Path(given.weights).name,
        "recipe": asdict(recipe),
        "curves": {name: student.history for name, student in students.items()},
        "torch": str(torch.__version__),
    }  # fmt: skip
    return written(given, pictures, sides, tuple(networks.values()), (styles, categories), told)


def piles(given: argparse.Namespace) -> list[Pictures]:
    """The unlabelled pictures of the folders of --distill. Raises LearnRefused where there are none."""
    found = []
    for folder in given.distill:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower().lstrip(".") in ENDINGS)
        if not paths:
            raise LearnRefused(
                f"--distill {folder}: expected pictures ({', '.join(sorted(ENDINGS))}), found none"
            )
        listed = [Listed(str(path.relative_to(folder)), "", "", "", path.read_bytes()) for path in paths]
        found.append(decoded(f"pile-{folder.name}", listed, given.cache))
    return found


def distilled(
    pictures: Pictures, rows: Rows, given: argparse.Namespace, here: Place
) -> tuple[Floats, Teacher | None]:
    """What a teacher says of each picture ``(n, width)``, and the teacher; with no --distill nothing."""
    if given.distill is None:
        return np.zeros((len(pictures), 1), np.float32), None
    given.cache.mkdir(parents=True, exist_ok=True)
    known = teacher.features(pictures, given.cache, device=here.device)
    lesson = teacher.Lesson.of(known[rows], min(TEACHER_WIDTH, len(rows)))
    return lesson.targets(known), teacher.Asked(lesson, here.device)


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
    categories = labels(pictures.categories, known[1])
    first, first_checks = export(networks[0], some, quantise=True)
    seen = features(first, pictures)
    first, head = refitted(first, seen, categories, len(known[1]), sides["training"], sides["validation"])
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
            found["validation"].category, categories[sides["validation"]], 0.9
        ),
        training={**told, "category_head": head.told(len(sides["training"]))},
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
    parser.add_argument(
        "--tune",
        default=Recipe.tune,
        choices=TUNED,
        help="heads: keep the trunk as it is; last: its last stage too",
    )
    parser.add_argument(
        "--style", default=Recipe.style, choices=STYLE_LOSSES, help="what styles are learned by"
    )
    parser.add_argument(
        "--distill",
        type=Path,
        nargs="*",
        metavar="FOLDER",
        help="learn from a frozen EfficientNet-Lite0 too, on these folders' pictures beside the shop's own",
    )
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
    parser.add_argument("--device", default="auto", choices=NAMES)
    parser.add_argument("--cache", type=Path, default=Path(".local/training"), help="checkpoints")
    parser.add_argument("--output", type=Path, default=Path("models"), help="folder of bundles")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    try:
        pictures = as_pictures(given.extraction, given.extraction.name)
        with place(given.device) as here:
            bundle = learn(given, pictures, rows_by_side(given.extraction), here)
        if bundle is not None:
            print(bundle)
    except (StylekinError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
