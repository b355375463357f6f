"""Every photograph asked of networks that never saw its contributor: what a recipe makes of real pictures.

    python -m training.crossed learn --photographs FOLDER --fold 0 --run build/crossed
    python -m training.crossed report --photographs FOLDER --run build/crossed --json build/crossed.json

Contributors are dealt into folds. ``learn`` trains a ResNet-50 and a custom CNN on all folds but one and
keeps what they see in every photograph; ``report`` puts the folds together. Each photograph is a question
that networks are asked which were taught without it: among all photographs but its contributor's own, and,
the harder way, among those of its fold alone, of which the networks were taught none. The frozen teacher
and colour histograms answer the same questions. Imports torch to learn, not to report.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from shared.errors import StylekinError
from shared.vectors import Floats, fuse, unit
from training import baselines, metrics
from training.bundle import WEIGHTS
from training.data import NO_LABEL, Pictures, decoded, labels, photographs
from training.metrics import Ints, Names
from training.recipe import Recipe
from training.scores import precisions

STYLES = ("casual", "dressy", "smart", "sporty", "street")
SPACES = ("ensemble", "resnet50", "style_cnn", "resnet50 features", "category head")


class CrossedRefused(StylekinError):
    """Runs that cannot be put together."""


def folds(groups: Names, count: int) -> Ints:
    """The fold 0..count-1 of each of ``n`` pictures: whole groups, the largest first."""
    names, sizes = np.unique(groups, return_counts=True)
    filled = np.zeros(count, np.int64)
    of: dict[str, int] = {}
    for name, size in sorted(
        zip(names.tolist(), sizes.tolist(), strict=True), key=lambda each: (-each[1], each[0])
    ):
        of[name] = int(filled.argmin())
        filled[of[name]] += size
    return np.array([of[str(group)] for group in groups], np.int64)


def everything(folder: Path, cache: Path) -> tuple[Pictures, tuple[str, ...]]:
    """All photographs of a folder, those of children too, and the categories that are common enough."""
    pictures = decoded("photographs", photographs(folder, kids=True), cache)
    names, counts = np.unique(pictures.categories, return_counts=True)
    return pictures, tuple(
        str(name) for name, count in zip(names, counts, strict=True) if name and count >= 20
    )


def learn(given: argparse.Namespace) -> None:
    """Train both networks without one fold, and keep what they see in all photographs."""
    import torch

    from training import category_head, teacher
    from training.devices import place
    from training.models import StyleCNN, StyleResNet
    from training.plan import TOGETHER
    from training.train import Lessons, Student, fit

    pictures, categories = everything(given.photographs, given.cache)
    rows = np.flatnonzero(folds(pictures.groups, given.folds) != given.fold)
    width = min(given.teacher_width, len(rows))
    given.run.mkdir(parents=True, exist_ok=True)
    with place(given.device) as here:
        known = teacher.features(pictures, given.cache, device=here.device)
        asked = teacher.Asked(teacher.Lesson.of(known[rows], width), here.device)
        lessons = Lessons(
            labels(pictures.styles, STYLES),
            labels(pictures.categories, categories),
            teacher.lesson(known, rows, width),
        )
        found: dict[str, Floats] = {"teacher": unit(known)}
        torch.manual_seed(given.fold)
        networks = {
            "resnet50": StyleResNet(len(STYLES), len(categories), given.resnet_resolution, given.style),
            "style_cnn": StyleCNN(len(STYLES), given.cnn_resolution, given.style),
        }
        for name in given.networks:
            student = Student(networks[name], width)
            epochs = max(1, round(given.epochs * TOGETHER.epochs))
            recipe = replace(TOGETHER, style=given.style, epochs=epochs, **dict(given.set))
            if not given.teacher:
                recipe = replace(recipe, teacher_loss=0.0, mixed=0.0)
            checkpoint = given.run / f"{given.fold}-{name}.pt"
            fit(student, pictures, lessons, rows, recipe, checkpoint, place=here,
                teacher=asked if given.teacher else None)  # fmt: skip
            found |= {
                f"{name} {what}": value
                for what, value in seen(student.network, pictures, here.device).items()
            }
    if "resnet50 features" in found:
        truth, features = lessons.categories, found["resnet50 features"]
        head = category_head.fit(features[rows], truth[rows], len(categories))
        found["category head features"], found["resnet50 category"] = (
            head.seen(features),
            head.probabilities(features),
        )
    np.savez(
        given.run / f"fold-{given.fold}.npz",
        **{name: value.astype(np.float16) for name, value in found.items()},
    )


def seen(network: Any, pictures: Pictures, device: Any, batch: int = 64) -> dict[str, Floats]:
    """What a network says of all pictures: embedding, probabilities, the trunk's features."""
    import torch

    from shared.pictures import normalise

    kept: list[torch.Tensor] = []
    hook = network.embed.register_forward_hook(lambda _, given, __: kept.append(given[0].float().cpu()))
    network.to(device).eval()
    answers: dict[str, list[Floats]] = {}
    with torch.inference_mode():
        for start in range(0, len(pictures), batch):
            squares = normalise(np.array(pictures.squares[start : start + batch]))
            answer = network(torch.from_numpy(squares).to(device))
            told = {"embedding": answer.embedding, "style": answer.style.softmax(1)}
            if answer.category is not None:
                told["category"] = answer.category.softmax(1)
            for name, value in told.items():
                answers.setdefault(name, []).append(value.float().cpu().numpy())
    hook.remove()
    network.to("cpu")
    return {name: np.concatenate(each) for name, each in answers.items()} | {
        "features": torch.cat(kept).numpy()
    }


def report(given: argparse.Namespace) -> dict[str, Any]:
    """Figures of all folds together. Raises CrossedRefused where one is missing."""
    pictures, categories = everything(given.photographs, given.cache)
    fold = folds(pictures.groups, given.folds)
    runs = {}
    for each in range(given.folds):
        path = given.run / f"fold-{each}.npz"
        if path.exists():
            runs[each] = dict(np.load(path))
        elif not given.some:
            raise CrossedRefused(f"expected {path}; learn --fold {each} writes it")
    truths = {"style": labels(pictures.styles, STYLES), "category": labels(pictures.categories, categories)}
    hits: dict[tuple[str, str, str], Floats] = {}
    right: dict[tuple[str, str], Floats] = {}
    asked = np.isin(fold, list(runs))
    histogram = baselines.colour_histogram(pictures.squares)
    for each, run in runs.items():
        mine = np.flatnonzero(fold == each)
        spaces = spaces_of(run) | {
            "teacher": run["teacher"].astype(np.float32),
            "colour histogram": histogram,
        }
        for label, truth in truths.items():
            for name, space in spaces.items():
                for gallery, rows in (("all", np.arange(len(fold))), ("fold", mine)):
                    key = (label, gallery, name)
                    hits.setdefault(key, np.full(len(fold), np.nan))[mine] = precisions(
                        space, truth, pictures.groups, mine, rows
                    )
        for (label, name), probabilities in told(run).items():
            value = (probabilities[mine].argmax(1) == truths[label][mine]).astype(float)
            value[truths[label][mine] == NO_LABEL] = np.nan
            right.setdefault((label, name), np.full(len(fold), np.nan))[mine] = value
    groups = pictures.groups[asked]
    return {
        "photographs": int(asked.sum()),
        "contributors": len(np.unique(groups)),
        "folds": len(runs),
        "precision_at_10": {
            label: {
                gallery: {name: metrics.mean(hits[label, gallery, name][asked], groups).told()
                          for known, where, name in hits if (known, where) == (label, gallery)}
                for gallery in ("all", "fold")
            }
            for label in truths
        },
        "accuracy": {
            label: {name: metrics.mean(right[known, name][asked], groups).told()
                    for known, name in right if known == label}
            for label in truths
        },
        "better_than_teacher": {
            label: {
                name: metrics.mean(
                    (hits[label, "all", name] - hits[label, "all", "teacher"])[asked], groups
                ).told()
                for name in SPACES if (label, "all", name) in hits
            }
            for label in truths
        },
    }  # fmt: skip


def spaces_of(run: dict[str, Any]) -> dict[str, Floats]:
    """Unit rows by name, of what a run kept."""
    found = {
        name: unit(run[key].astype(np.float32))
        for name, key in (
            ("resnet50", "resnet50 embedding"),
            ("style_cnn", "style_cnn embedding"),
            ("resnet50 features", "resnet50 features"),
            ("category head", "category head features"),
        )
        if key in run
    }
    if "resnet50" in found and "style_cnn" in found:
        found["ensemble"] = fuse([found["resnet50"], found["style_cnn"]], WEIGHTS)
    return found


def told(run: dict[str, Any]) -> dict[tuple[str, str], Floats]:
    """Probabilities by label and network."""
    found = {
        (label, name): run[f"{name} {label}"].astype(np.float32)
        for label in ("style", "category")
        for name in ("resnet50", "style_cnn")
        if f"{name} {label}" in run
    }
    if ("style", "resnet50") in found and ("style", "style_cnn") in found:
        found["style", "ensemble"] = sum(
            weight * found["style", name]
            for weight, name in zip(WEIGHTS, ("resnet50", "style_cnn"), strict=True)
        )  # type: ignore[assignment]
    return found


def setting(text: str) -> tuple[str, Any]:
    """A hyper-parameter and its value from ``name=value``."""
    name, _, value = text.partition("=")
    if name not in {each.name for each in fields(Recipe)}:
        raise argparse.ArgumentTypeError(f"expected one of training/recipe.py and its value, found {text}")
    try:
        return name, json.loads(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected name=value, a number or true, found {text}") from error


def main(words: Sequence[str] | None = None) -> int:
    """Learn a fold or report on all; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.crossed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("learn", "report"))
    parser.add_argument(
        "--photographs", type=Path, required=True, help="folder of metadata.csv; docs/training.md"
    )
    parser.add_argument("--run", type=Path, required=True, help="folder of what the folds' networks see")
    parser.add_argument("--cache", type=Path, default=Path(".local/training"))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=int, default=0, help="of learn: the one that is not learned from")
    parser.add_argument("--networks", nargs="+", default=["resnet50", "style_cnn"])
    parser.add_argument("--style", default="normalised", help="normalised, softmax or contrastive")
    parser.add_argument("--no-teacher", dest="teacher", action="store_false", help="labels alone")
    parser.add_argument(
        "--set", action="append", default=[], type=setting, metavar="NAME=VALUE",
        help="another hyper-parameter (training/recipe.py), such as category_loss=1.5",
    )  # fmt: skip
    parser.add_argument("--teacher-width", type=int, default=256)
    parser.add_argument("--resnet-resolution", type=int, default=112, help="px of 224")
    parser.add_argument("--cnn-resolution", type=int, default=112)
    parser.add_argument("--epochs", type=float, default=1.0, help="times those of the course")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    parser.add_argument("--some", action="store_true", help="of report: the folds that there are")
    parser.add_argument("--json", type=Path, help="of report: where to write it")
    given = parser.parse_args(words)
    try:
        if given.what == "learn":
            learn(given)
        else:
            text = json.dumps(report(given), indent=1) + "\n"
            print(text)
            if given.json:
                given.json.parent.mkdir(parents=True, exist_ok=True)
                given.json.write_text(text)
    except (StylekinError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
