"""From trained networks to the demo's bundles: export, category heads, figures, cards.

Imports torch.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from scripts.wardrobe.styles import STYLES
from shared.card import read_card
from shared.departments import DEPARTMENTS
from shared.pictures import SIZE, normalise
from shared.vectors import Floats, unit
from training import teacher
from training.bundle import CNN_FILE, RESNET_FILE, WEIGHTS, card_of, write_bundle
from training.category_head import features, refitted
from training.data import PHOTOGRAPHS
from training.duplicates import duplicates, sets
from training.export_onnx import export
from training.metrics import mean
from training.models import CNN_WIDTH, RESNET_WIDTH, parameters
from training.plan import Plan
from training.school import School
from training.scores import answers, category_threshold, precision, precisions, rounded, scores
from training.train import Student

LICENCES = {PHOTOGRAPHS: "CC0-1.0", "wardrobe": "Apache-2.0, drawn by scripts.wardrobe"}
CHECKED = 128  # real pictures on which exports are compared
NETWORKS = ("resnet50", "style_cnn")


def publish(plan: Plan, taught: School, department: str, students: tuple[Student, Student]) -> Path:
    """Export one department's networks, and write their bundle."""
    some = np.concatenate(
        [taught.rows(source, held_out=True)[: CHECKED // 2] for source in (department, PHOTOGRAPHS)]
    )
    real = normalise(np.array(taught.pictures.squares[some]))
    files, checks = {}, {}
    for name, student in zip((RESNET_FILE, CNN_FILE), students, strict=True):
        files[name], checks[name] = export(student.network, real, quantise=name == RESNET_FILE)
    return finished(plan, taught, department, files, checks, told(plan, taught, department, students))


def finished(
    plan: Plan,
    taught: School,
    department: str,
    files: Mapping[str, bytes],
    checks: Mapping[str, Any],
    training: Mapping[str, Any],
) -> Path:
    """Give one department's networks a category head, measure everything, and write the bundle."""
    pictures, lessons = taught.pictures, taught.lessons
    kept = {
        "wardrobe_held_out": taught.rows(department, held_out=True),
        "wardrobe_demo": taught.sources[f"{department}-demo"],
        "wardrobe_fresh": taught.sources[f"{department}-fresh"],
        "photographs_held_out": taught.rows(PHOTOGRAPHS, held_out=True),
    }
    chosen_on = np.concatenate([kept["wardrobe_held_out"], kept["photographs_held_out"]])
    learned_from = taught.rows(*DEPARTMENTS, PHOTOGRAPHS, held_out=False)
    seen = features(files[RESNET_FILE], pictures)
    resnet, head = refitted(
        files[RESNET_FILE], seen, lessons.categories, len(taught.categories), learned_from, chosen_on
    )
    networks = resnet, files[CNN_FILE]
    found = {name: answers(*networks, WEIGHTS, pictures, rows) for name, rows in kept.items()}
    metrics: dict[str, Any] = {
        name: scores(found[name], pictures, rows, STYLES, taught.categories) for name, rows in kept.items()
    }
    metrics["photographs_held_out"] |= beside_the_teacher(head.seen(seen), taught)
    threshold, metrics["duplicates"] = duplicates(
        networks,
        WEIGHTS,
        sets(department, plan.photographs, plan.shop, plan.duplicate_items, plan.photographs_held_out),
    )
    metrics["export"] = dict(checks)
    made = {RESNET_FILE: resnet, CNN_FILE: files[CNN_FILE]}
    card = card_of(
        department,
        plan.version,
        made,
        (RESNET_WIDTH, CNN_WIDTH),
        STYLES,
        taught.categories,
        duplicate_threshold=threshold,
        category_threshold=category_threshold(
            np.concatenate([found[each].category for each in ("wardrobe_held_out", "photographs_held_out")]),
            lessons.categories[chosen_on],
            0.9,
        ),
        training={**training, "category_head": head.told(len(learned_from))},
        metrics=metrics,
    )
    return write_bundle(plan.output, card, made)


def beside_the_teacher(read: Floats, taught: School) -> dict[str, Any]:
    """Precision@10 of the teacher's features, and of what the category head's last layer has ``read``.

    ``read`` is ``(n, width)``, of all pictures. Held-out photographs are asked, among themselves and, by
    category, among all photographs too, each time but the contributor's own, with intervals over
    contributors. The teacher's features are centred and turned to their strongest directions, which rank
    better than as they are.
    """
    lessons, groups = taught.lessons, taught.pictures.groups
    everything, asked = taught.sources[PHOTOGRAPHS], taught.rows(PHOTOGRAPHS, held_out=True)
    spaces = {"teacher": lessons.teacher, "category_head": unit(read)}
    told: dict[str, Any] = {name: {} for name in spaces}
    for name, label, truth in (
        ("teacher", "style", lessons.styles),
        ("teacher", "category", lessons.categories),
        ("category_head", "category", lessons.categories),
    ):
        found = precision(spaces[name][asked], truth[asked], groups[asked])
        told[name][f"precision_at_10_{label}"] = rounded(found)
    for gallery, rows in (("all", everything), ("held_out", asked)):
        near = {
            name: precisions(space, lessons.categories, groups, asked, rows) for name, space in spaces.items()
        }
        near["difference"] = near["category_head"] - near["teacher"]
        told[f"category_among_{gallery}"] = {
            name: mean(each, groups[asked]).told() for name, each in near.items()
        }
    return told


def again(plan: Plan, taught: School, department: str, version: str) -> Path:
    """The networks of another version of the bundle, finished anew."""
    bundle = plan.output / department / version
    card = read_card((bundle / "card.json").read_bytes(), str(bundle / "card.json"))
    files = {name: (bundle / name).read_bytes() for name in (RESNET_FILE, CNN_FILE)}
    training = {**card.training, "networks_of": card.training.get("networks_of", version)}
    return finished(plan, taught, department, files, card.metrics["export"], training)


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
