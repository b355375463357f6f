"""What several runs of a section leave: a size has the rows of its last run, and each run its machine."""

from benchmarks.runs import joined, kinds, name_of, rows, runs

MACHINE = {"processor": "X", "cores": 2}


def run(load: float, *sizes: int, **machine: object) -> dict[str, object]:
    """A run that says in each row how busy the machine was."""
    return {
        "machine": {**MACHINE, "busy": load, **machine},
        "rows": [{"items": n, "load": load} for n in sizes],
    }


def test_a_size_is_added_beside_those_of_an_earlier_run() -> None:
    told = joined(runs(run(0.5, 10, 100)), run(9.5, 1000))
    assert [(each["machine"]["busy"], len(each["rows"])) for each in told] == [(0.5, 2), (9.5, 1)]
    assert [(row["items"], row["load"]) for row in rows(told)] == [(10, 0.5), (100, 0.5), (1000, 9.5)]


def test_a_size_that_is_measured_again_loses_its_earlier_rows_alone() -> None:
    told = joined([run(0.5, 10, 100), run(9.5, 1000)], run(2.5, 100, 1000))
    assert [(row["items"], row["load"]) for row in rows(told)] == [(10, 0.5), (100, 2.5), (1000, 2.5)]
    assert [each["machine"]["busy"] for each in told] == [0.5, 2.5]  # nothing is left of the second run


def test_what_another_kind_of_machine_measured_stays() -> None:
    fast, slow = run(0.5, 10, 100), run(9.5, 10, 100, 1000, instructions="AVX2, no VNNI")
    told = joined([fast], slow)
    assert [[each["machine"]["busy"] for each in some] for some in kinds(told)] == [[9.5], [0.5]]
    told = joined(told, run(2.5, 10, instructions="AVX2, no VNNI"))
    assert [[row["load"] for row in rows(some)] for some in kinds(told)] == [[2.5, 9.5, 9.5], [0.5, 0.5]]


def test_of_kinds_that_know_as_many_sizes_the_last_measured_is_first() -> None:
    first, second = run(0.5, 10), run(9.5, 10, instructions="AVX2")
    assert [name_of(some) for some in kinds(joined([first], second))] == ["X (AVX2), 2 cores", "X, 2 cores"]
    again = joined(joined([first], second), run(1.5, 10))
    assert [name_of(some) for some in kinds(again)] == ["X, 2 cores", "X (AVX2), 2 cores"]


def test_rows_without_a_size_take_the_place_of_all() -> None:
    first, second = ({"machine": MACHINE, "rows": [{"p95_ms": load}]} for load in (1.5, 2.5))
    assert joined(runs(first), second) == [second]


def test_rows_of_one_size_keep_their_order() -> None:
    of = {"machine": MACHINE, "rows": [{"items": 10, "way": way} for way in ("ours", "theirs", "another")]}
    assert [row["way"] for row in rows([of])] == ["ours", "theirs", "another"]
