"""Everything from pictures to the demo bundles, in one command; run again after a kill it goes on.

    python -m training.demo_models --photographs FOLDER

First one ResNet-50 and one custom CNN learn from all that there is: the drawn wardrobes of both
departments and the photographs. Then a copy of each is fine-tuned per department on its own wardrobe and
the photographs. Imports torch.
"""

import argparse
import copy
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from scripts.wardrobe.styles import STYLES
from shared.departments import DEPARTMENTS
from shared.pictures import SIZE, normalise
from training import teacher
from training.bundle import CNN_FILE, RESNET_FILE, WEIGHTS, card_of, write_bundle
from training.calibration import calibrate
from training.data import (
    PHOTOGRAPHS,
    Rows,
)
from training.devices import HERE, NAMES, Place, place
from training.duplicates import duplicates, sets
from training.export_onnx import export
from training.losses import STYLE_LOSSES
from training.models import CNN_WIDTH, RESNET_WIDTH, StyleCNN, StyleResNet, parameters
from training.plan import Plan
from training.school import School, school
from training.scores import answers, category_threshold, precision, rounded, scores
from training.train import Student, fit

LICENCES = {PHOTOGRAPHS: "CC0-1.0", "wardrobe": "Apache-2.0, drawn by scripts.wardrobe"}
CHECKED = 128  # real pictures on which exports are compared


NETWORKS = ("resnet50", "style_cnn")


def train(
    plan: Plan,
    taught: School,
    place: Place = HERE,
    networks: Sequence[str] = NETWORKS,
    departments: Sequence[str] = DEPARTMENTS,
) -> dict[str, tuple[Student, Student]]:
    """ResNet-50 and custom CNN of each department, phase by phase; or of some of them."""
    torch.manual_seed(plan.seed)
    general = (
        Student(
            StyleResNet(len(STYLES), len(taught.categories), plan.resnet_resolution, plan.style),
            plan.teacher_width,
        ),
        Student(StyleCNN(len(STYLES), plan.cnn_resolution, plan.style), plan.teacher_width),
    )
    asked = teacher.Asked(taught.lesson, place.device)

    def learn(students: tuple[Student, Student], phase: str, rows: Rows, prefix: str = "") -> None:
        for student, network, recipes in zip(students, NETWORKS, (plan.resnet, plan.cnn), strict=True):
            if phase in recipes and network in networks:
                recipe = replace(recipes[phase], style=plan.style)
                checkpoint = plan.cache / plan.version / f"{prefix}{phase}-{network}.pt"
                fit(
                    student,
                    taught.pictures,
                    taught.lessons,
                    rows,
                    recipe,
                    checkpoint,
                    place=place,
                    teacher=asked if recipe.variety == "strong" else None,  # light views stay what they are
                )

    learn(general, "all", taught.rows(*DEPARTMENTS, PHOTOGRAPHS, held_out=False))
    trained = {}
    for department in departments:
        trained[department] = copy.deepcopy(general)
        own = taught.rows(department, PHOTOGRAPHS, held_out=False)
        learn(trained[department], "department", own, f"{department}-")
    return trained


def publish(plan: Plan, taught: School, department: str, students: tuple[Student, Student]) -> Path:
    """Export, measure and write one department's bundle."""
    pictures, lessons = taught.pictures, taught.lessons
    kept = {
        "wardrobe_held_out": taught.rows(department, held_out=True),
        "wardrobe_demo": taught.sources[f"{department}-demo"],
        "wardrobe_fresh": taught.sources[f"{department}-fresh"],
        "photographs_held_out": taught.rows(PHOTOGRAPHS, held_out=True),
    }
    some = np.concatenate(
        [rows[: CHECKED // 2] for rows in (kept["wardrobe_held_out"], kept["photographs_held_out"])]
    )
    real = normalise(np.array(pictures.squares[some]))
    chosen_on = np.concatenate([kept["wardrobe_held_out"], kept["photographs_held_out"]])
    calibrate(students[0].network, pictures, lessons.categories, chosen_on)
    resnet, resnet_checks = export(students[0].network, real, quantise=True)
    cnn, cnn_checks = export(students[1].network, real, quantise=False)
    found = {name: answers(resnet, cnn, WEIGHTS, pictures, rows) for name, rows in kept.items()}
    metrics: dict[str, Any] = {
        name: scores(found[name], pictures, rows, STYLES, taught.categories) for name, rows in kept.items()
    }
    photographs_rows = kept["photographs_held_out"]
    metrics["photographs_held_out"]["teacher"] = {
        f"precision_at_10_{name}": rounded(
            precision(
                lessons.teacher[photographs_rows], truth[photographs_rows], pictures.groups[photographs_rows]
            )
        )
        for name, truth in (("style", lessons.styles), ("category", lessons.categories))
    }
    threshold, metrics["duplicates"] = duplicates(
        (resnet, cnn),
        WEIGHTS,
        sets(department, plan.photographs, plan.shop, plan.duplicate_items, plan.photographs_held_out),
    )
    metrics["export"] = {RESNET_FILE: resnet_checks, CNN_FILE: cnn_checks}
    card = card_of(
        department,
        plan.version,
        {RESNET_FILE: resnet, CNN_FILE: cnn},
        (RESNET_WIDTH, CNN_WIDTH),
        STYLES,
        taught.categories,
        duplicate_threshold=threshold,
        category_threshold=category_threshold(
            np.concatenate([found[each].category for each in ("wardrobe_held_out", "photographs_held_out")]),
            lessons.categories[chosen_on],
            0.9,
        ),
        training=told(plan, taught, department, students),
        metrics=metrics,
    )
    return write_bundle(plan.output, card, {RESNET_FILE: resnet, CNN_FILE: cnn})


def told(plan: Plan, taught: School, department: str, students: tuple[Student, Student]) -> dict[str, Any]:
    """What the card says of the training."""
    data = []
    for source in (PHOTOGRAPHS, *DEPARTMENTS):
        trained_on, aside = (taught.rows(source, held_out=side) for side in (False, True))
        data.append(
            {
                "name": source if source == PHOTOGRAPHS else f"wardrobe, {source}",
                "licence": LICENCES.get(source, LICENCES["wardrobe"]),
                "seed": None if source == PHOTOGRAPHS else plan.seed,
                "phases": ["all", "department"] if source in (PHOTOGRAPHS, department) else ["all"],
                "trained_on": len(trained_on),
                "held_out": len(aside),
                "split_by": "contributor_id" if source == PHOTOGRAPHS else "group_id",
                "fingerprint": taught.fingerprints[source],
            }
        )
    return {
        "command": "python -m training.demo_models",
        "data": data,
        "teacher": teacher.NAME,
        "teacher_width": plan.teacher_width,
        "teacher_asked": (
            "about every view that a network is shown; of light variety, about each picture once"
        ),
        "style_head": plan.style,
        "category_temperature": round(float(students[0].network.temperature), 3),
        "resolution": {RESNET_FILE: plan.resnet_resolution, CNN_FILE: plan.cnn_resolution},
        "shrinking": f"each network averages {SIZE} px to its resolution in its first layer",
        "quantisation": f"{RESNET_FILE}: the metrics tell whether in whole numbers or by its weights alone",
        "parameters": {
            RESNET_FILE: parameters(students[0].network),
            CNN_FILE: parameters(students[1].network),
        },
        "recipes": {
            file: {phase: asdict(recipe) for phase, recipe in recipes.items()}
            for file, recipes in ((RESNET_FILE, plan.resnet), (CNN_FILE, plan.cnn))
        },
        "torch": str(torch.__version__),
        "curves": {name: student.history for name, student in zip(NETWORKS, students, strict=True)},
    }


def main() -> None:
    """Train and write both bundles."""
    parser = argparse.ArgumentParser(
        prog="python -m training.demo_models", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument(
        "--photographs",
        type=Path,
        required=True,
        help="folder of metadata.csv and pictures; docs/training.md",
    )
    parser.add_argument(
        "--shop", type=Path, help="a shop's items to choose the duplicate threshold on too; docs/training.md"
    )
    parser.add_argument("--cache", type=Path, default=Plan.cache, help="squares, features, checkpoints")
    parser.add_argument("--output", type=Path, default=Plan.output, help="folder of bundles")
    parser.add_argument("--version", default=Plan.version)
    parser.add_argument("--items", type=int, default=Plan.items, help="drawn per department")
    parser.add_argument(
        "--resnet-resolution", type=int, default=Plan.resnet_resolution, help="px it sees, 64..224"
    )
    parser.add_argument("--cnn-resolution", type=int, default=Plan.cnn_resolution, help="px it sees, 64..224")
    parser.add_argument(
        "--epochs", type=float, default=1.0, help="times the epochs of every phase; without a GPU 0.1"
    )
    parser.add_argument(
        "--style", default=Plan.style, choices=STYLE_LOSSES, help="what styles are learned by"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="auto", choices=NAMES)
    parser.add_argument(
        "--networks",
        nargs="+",
        choices=NETWORKS,
        help="train these alone and publish nothing: another run does",
    )
    parser.add_argument("--departments", nargs="+", choices=DEPARTMENTS, help="likewise")
    given = vars(parser.parse_args())
    for name in ("photographs", "shop"):
        if given[name] and not (given[name] / "metadata.csv").is_file():
            parser.error(f"--{name}: expected a folder with metadata.csv and pictures, found {given[name]}")
    torch.set_num_threads(given.pop("threads"))
    times, device, networks, departments = (
        given.pop(name) for name in ("epochs", "device", "networks", "departments")
    )
    plan = Plan(**given)
    for recipes in (plan.resnet, plan.cnn):
        for phase, recipe in recipes.items():
            recipes[phase] = replace(recipe, epochs=max(1, round(times * recipe.epochs)))
    with place(device) as here:
        taught = school(plan, here.device)
        trained = train(plan, taught, here, networks or NETWORKS, departments or DEPARTMENTS)
    if networks or departments:
        return
    for department, students in trained.items():
        print(publish(plan, taught, department, students))


if __name__ == "__main__":
    main()
