"""Whatever the order, repeats and grouping of facts: the same catalogue, byte for byte."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue import Catalogue, fold
from shared.deltas import read_facts, write_facts
from shared.rows import digest
from shared.snapshots import rows_of
from tests.facts import EMPTY, SPACE, WIDTH, facts


@st.composite
def groupings(draw: st.DrawFn) -> tuple[list, list[list]]:
    """Some facts, and the same facts shuffled, some repeated, cut into groups."""
    originals = draw(st.lists(facts(), max_size=25))
    repeats = draw(st.lists(st.sampled_from(originals), max_size=10)) if originals else []
    shuffled = draw(st.permutations([*originals, *repeats]))
    cuts = sorted(draw(st.sets(st.integers(0, len(shuffled)), max_size=5)))
    bounds = [0, *cuts, len(shuffled)]
    return originals, [shuffled[start:end] for start, end in pairwise(bounds)]


@given(groupings())
def test_any_order_and_grouping_folds_to_the_same_bytes(grouped: tuple[list, list[list]]) -> None:
    originals, groups = grouped
    catalogue = EMPTY
    for group in groups:
        catalogue = fold(catalogue, group)
    assert catalogue.to_bytes() == fold(EMPTY, originals).to_bytes()


@given(groupings())
def test_so_it_does_through_deltas_and_snapshots(grouped: tuple[list, list[list]]) -> None:
    originals, groups = grouped
    catalogue = EMPTY
    for group in groups:
        catalogue = fold(catalogue, read_facts(write_facts(group)))
        catalogue = Catalogue.from_buffer(catalogue.to_bytes())
    assert catalogue.to_bytes() == fold(EMPTY, originals).to_bytes()


@given(groupings())
def test_a_delta_is_the_same_bytes_in_any_order_of_its_facts(grouped: tuple[list, list[list]]) -> None:
    _, groups = grouped
    for group in groups:
        assert write_facts(group) == write_facts(reversed(group))


@given(groupings())
def test_folding_what_is_in_changes_nothing_at_all(grouped: tuple[list, list[list]]) -> None:
    originals, groups = grouped
    catalogue = fold(EMPTY, originals)
    for group in groups:
        assert fold(catalogue, group) is catalogue


@given(st.lists(facts(), max_size=20), st.lists(facts(), max_size=20))
def test_the_version_names_the_content(some: list, others: list) -> None:
    one, two = fold(EMPTY, some), fold(EMPTY, others)
    assert (one.version == two.version) == (one.to_bytes() == two.to_bytes())


@given(st.lists(facts(), max_size=25))
def test_the_version_kept_up_to_date_is_that_of_a_whole_count(some: list) -> None:
    catalogue = EMPTY
    for fact in some:
        catalogue = fold(catalogue, [fact])
    sources = [{"source": name, "clock": clock} for name, clock in catalogue.sources.items()]
    whole = sum(map(digest, [*rows_of(catalogue.table), *sources])) % 2**64
    assert catalogue.version == f"{whole:016x}"


@given(st.lists(facts(), max_size=25))
def test_ids_ascend_and_every_vector_is_finite(some: list) -> None:
    table = fold(EMPTY, some).table
    ids = table["item_id"].to_pylist()
    assert ids == sorted(set(ids))
    assert table.num_columns == Catalogue.empty(SPACE, WIDTH).table.num_columns
    assert table.validate(full=True) is None
