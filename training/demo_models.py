"""Everything from pictures to the demo bundles, in one command; run again after a kill it goes on.

    python -m training.demo_models --photographs FOLDER

First one ResNet-50 and one custom CNN learn from all that there is: the drawn wardrobes of both
departments and the photographs. Then a copy of each is fine-tuned per department on its own wardrobe and
the photographs. Imports torch.
"""

import argparse
import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from scripts.wardrobe.styles import STYLES
from shared.departments import DEPARTMENTS
from training import teacher
from training.bundling import NETWORKS, again, publish
from training.data import PHOTOGRAPHS, Rows
from training.devices import HERE, NAMES, Place, place
from training.losses import STYLE_LOSSES
from training.models import StyleCNN, StyleResNet
from training.plan import Plan
from training.school import School, school
from training.train import Student, fit


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
    parser.add_argument(
        "--networks-of", metavar="VERSION", help="train nothing: take its networks, and make the rest anew"
    )
    given = vars(parser.parse_args())
    for name in ("photographs", "shop"):
        if given[name] and not (given[name] / "metadata.csv").is_file():
            parser.error(f"--{name}: expected a folder with metadata.csv and pictures, found {given[name]}")
    torch.set_num_threads(given.pop("threads"))
    times, device, networks, departments, networks_of = (
        given.pop(name) for name in ("epochs", "device", "networks", "departments", "networks_of")
    )
    plan = Plan(**given)
    for department in (departments or DEPARTMENTS) if networks_of else ():
        if not (card := plan.output / department / networks_of / "card.json").is_file():
            parser.error(f"--networks-of: expected {card}, found none")
    for recipes in (plan.resnet, plan.cnn):
        for phase, recipe in recipes.items():
            recipes[phase] = replace(recipe, epochs=max(1, round(times * recipe.epochs)))
    with place(device) as here:
        taught = school(plan, here.device)
        if networks_of:
            for department in departments or DEPARTMENTS:
                print(again(plan, taught, department, networks_of))
            return
        trained = train(plan, taught, here, networks or NETWORKS, departments or DEPARTMENTS)
    if networks or departments:
        return
    for department, students in trained.items():
        print(publish(plan, taught, department, students))


if __name__ == "__main__":
    main()
