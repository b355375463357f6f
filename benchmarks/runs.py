"""What several runs of a section measured: each keeps its machine, and a size the rows of its last run."""

from collections.abc import Mapping, Sequence
from typing import Any

Run = Mapping[str, Any]  # the machine, and rows that say of how many items they are, or do not


def runs(told: Run | Sequence[Run]) -> list[Run]:
    """The runs of a section, also of one that was stored as a single run."""
    return [told] if isinstance(told, Mapping) else [*told]


def joined(earlier: Sequence[Run], run: Run) -> list[Run]:
    """The runs with one more, which takes the place of all earlier rows of the sizes that it has; ascending
    by the least size. Rows without a size take each other's place."""
    sizes = _sizes(run)
    left = [
        {**each, "rows": [row for row in each["rows"] if row.get("items") not in sizes]} for each in earlier
    ]
    return sorted([run, *(each for each in left if each["rows"])], key=_least)


def rows(told: Sequence[Run]) -> list[Mapping[str, Any]]:
    """The rows of all runs, ascending by size, otherwise as they were measured."""
    return sorted((row for run in told for row in run["rows"]), key=lambda row: row.get("items", 0))


def _sizes(run: Run) -> set[int | None]:
    return {row.get("items") for row in run["rows"]}


def _least(run: Run) -> int:
    return min(row.get("items", 0) for row in run["rows"])
