"""All pictures of a plan in one array, split, with what is to be learned of each.

Imports torch, through the teacher.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
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
from training.views import varied


@dataclass(frozen=True)
class School:
    """All pictures of a plan in one array, what is to be learned of them, and which rows are whose."""

    pictures: Pictures
    lessons: Lessons
    categories: tuple[str, ...]
    sources: dict[str, Rows]
    held_out: NDArray[np.bool_]
    fingerprints: dict[str, str]

    def rows(self, *sources: str, held_out: bool) -> Rows:
        """Rows of the sources on one side of the split."""
        rows = np.concatenate([self.sources[source] for source in sources])
        return rows[self.held_out[rows] == held_out]


def school(plan: Plan) -> School:
    """Draw, decode, split, and ask the teacher."""
    drawn = {department: (department, plan.items, plan.seed) for department in DEPARTMENTS}
    drawn |= {
        f"{department}-demo": (department, plan.demo_items, plan.demo_seed) for department in DEPARTMENTS
    }
    with ProcessPoolExecutor() as pool:  # drawing takes a core each
        jobs = {source: pool.submit(wardrobe, *each) for source, each in drawn.items()}
        wardrobes = {source: job.result() for source, job in tqdm(jobs.items(), desc="draw", unit="wardrobe")}
    listed = {PHOTOGRAPHS: photographs(plan.photographs), **wardrobes}
    parts = [decoded(source, each, plan.cache) for source, each in listed.items()]
    asides = [
        held_out(
            part.groups, plan.photographs_held_out if part.source == PHOTOGRAPHS else plan.wardrobe_held_out
        )
        for part in parts
    ]
    for index, part in enumerate(parts):
        if part.source.endswith("-demo"):
            asides[index][:] = True
    if plan.views:
        parts.append(varied(parts[0], np.flatnonzero(~asides[0]), plan.views, plan.seed))
        asides.append(np.zeros(len(parts[-1]), bool))
    known = np.concatenate([teacher.features(part, plan.cache) for part in parts])
    pictures, aside = joined("all", parts), np.concatenate(asides)
    names, counts = np.unique(pictures.categories[~aside], return_counts=True)
    categories = tuple(str(name) for name, count in zip(names, counts, strict=True) if count >= plan.fewest)
    starts = np.cumsum([0, *(len(part) for part in parts)])
    return School(
        pictures=pictures,
        lessons=Lessons(
            styles=labels(pictures.styles, STYLES),
            categories=labels(pictures.categories, categories),
            teacher=teacher.lesson(known, np.flatnonzero(~aside), plan.teacher_width),
        ),
        categories=categories,
        sources={
            part.source: np.arange(start, start + len(part))
            for part, start in zip(parts, starts, strict=False)
        },
        held_out=aside,
        fingerprints={part.source: part.fingerprint for part in parts},
    )
