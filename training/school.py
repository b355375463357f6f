"""All pictures of a plan in one array, split, with what is to be learned of each.

Imports torch, through the teacher.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from scripts.wardrobe.styles import STYLES
from shared.departments import DEPARTMENTS
from training import teacher
from training.data import (
    PHOTOGRAPHS,
    Pictures,
    Rows,
    decoded,
    held_out,
    joined,
    labels,
    photographs,
    wardrobe,
)
from training.plan import Plan
from training.train import Lessons


@dataclass(frozen=True)
class School:
    """All pictures of a plan in one array, what is to be learned of them, and which rows are whose."""

    pictures: Pictures
    lessons: Lessons
    categories: tuple[str, ...]
    sources: dict[str, Rows]
    held_out: NDArray[np.bool_]
    fingerprints: dict[str, str]
    lesson: teacher.Lesson

    def rows(self, *sources: str, held_out: bool) -> Rows:
        """Rows of the sources on one side of the split."""
        rows = np.concatenate([self.sources[source] for source in sources])
        return rows[self.held_out[rows] == held_out]


def school(plan: Plan, device: torch.device | None = None) -> School:
    """Draw, decode, split, and ask the teacher, who computes on ``device``."""
    drawn = {department: (department, plan.items, plan.seed) for department in DEPARTMENTS}
    drawn |= {f"{each}-demo": (each, plan.demo_items, plan.demo_seed) for each in DEPARTMENTS}
    drawn |= {f"{each}-fresh": (each, plan.fresh_items, plan.fresh_seed) for each in DEPARTMENTS}
    with ProcessPoolExecutor() as pool:  # drawing takes a core each
        jobs = {source: pool.submit(wardrobe, *each) for source, each in drawn.items()}
        wardrobes = {source: job.result() for source, job in tqdm(jobs.items(), desc="draw", unit="wardrobe")}
    listed = {PHOTOGRAPHS: photographs(plan.photographs), **wardrobes}
    parts = {source: decoded(source, each, plan.cache) for source, each in listed.items()}
    shares = {PHOTOGRAPHS: plan.photographs_held_out} | dict.fromkeys(DEPARTMENTS, plan.wardrobe_held_out)
    shares |= {source: 1.0 for source in parts if source.endswith(("-demo", "-fresh"))}
    asides = {source: held_out(part.groups, shares[source]) for source, part in parts.items()}
    known = np.concatenate([teacher.features(part, plan.cache, device=device) for part in parts.values()])
    pictures, aside = joined("all", list(parts.values())), np.concatenate(list(asides.values()))
    ends = np.cumsum([len(part) for part in parts.values()])
    sources = {
        source: np.arange(end - len(parts[source]), end) for source, end in zip(parts, ends, strict=True)
    }
    taught = np.flatnonzero(~aside)
    names, counts = np.unique(pictures.categories[taught], return_counts=True)
    categories = tuple(str(name) for name, count in zip(names, counts, strict=True) if count >= plan.fewest)
    lesson = teacher.Lesson.of(known[taught], plan.teacher_width)
    return School(
        pictures=pictures,
        lessons=Lessons(
            styles=labels(pictures.styles, STYLES),
            categories=labels(pictures.categories, categories),
            teacher=lesson.targets(known),
        ),
        categories=categories,
        sources=sources,
        held_out=aside,
        fingerprints={source: part.fingerprint for source, part in parts.items()},
        lesson=lesson,
    )
