"""What several runs of a section measured: each keeps its machine, and on each machine a size the rows of its
last run."""

from collections.abc import Mapping, Sequence
from typing import Any

Run = Mapping[str, Any]  # the machine, and rows that say of how many items they are, or do not


def runs(told: Run | Sequence[Run]) -> list[Run]:
    """The runs of a section, also of one that was stored as a single run."""
    return [told] if isinstance(told, Mapping) else [*told]


def joined(earlier: Sequence[Run], run: Run) -> list[Run]:
    """The runs with one more, which takes the place of all rows of the sizes that it has of a machine of its
    kind; ascending by the least size. Rows without a size take each other's place."""
    sizes = {row.get("items") for row in run["rows"]}

    def left(each: Run) -> Run:
        kept = [row for row in each["rows"] if row.get("items") not in sizes or _kind(each) != _kind(run)]
        return {**each, "rows": kept}

    return sorted((each for each in [*map(left, earlier), run] if each["rows"]), key=_least)


def kinds(told: Sequence[Run]) -> list[list[Run]]:
    """The runs of each kind of machine together: those with the most sizes first, then the last measured."""
    names = dict.fromkeys(map(_kind, reversed(told)))
    found = [[run for run in told if _kind(run) == kind] for kind in names]
    return sorted(found, key=lambda some: -len({row.get("items") for row in rows(some)}))


def rows(told: Sequence[Run]) -> list[Mapping[str, Any]]:
    """The rows of all runs, ascending by size, otherwise as they were measured."""
    return sorted((row for run in told for row in run["rows"]), key=lambda row: row.get("items", 0))


def name_of(told: Sequence[Run]) -> str:
    """The kind of machine of these runs in words."""
    processor, cores, instructions = _kind(told[0])
    return f"{processor} ({instructions}), {cores} cores" if instructions else f"{processor}, {cores} cores"


def measured_on(told: Sequence[Run]) -> str:
    """The machine of each run in words, and how much other work it had."""
    return "\n\n".join(_machine(run, len(told) > 1) for run in told)


def _machine(run: Run, one_of_many: bool) -> str:
    machine = run["machine"]
    before, after = machine["busy"]
    sizes = sorted({row["items"] for row in run["rows"]}) if one_of_many else ()
    of = f"{', '.join(f'{n:,}' for n in sizes)} items: " if sizes else ""
    return (
        f"{of}{name_of([run])}, {machine['system']}, Python {machine['python']}; "
        f"processes that wanted to run (load average): {before:.1f} before, {after:.1f} after."
    )


def _kind(run: Run) -> tuple[str, int, str]:
    machine = run["machine"]
    return machine["processor"], machine["cores"], machine.get("instructions", "")


def _least(run: Run) -> int:
    return min(row.get("items", 0) for row in run["rows"])
