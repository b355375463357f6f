"""An item's row survives a document, and whatever matches filters has a label that is looked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents import ASKED, facts_of, labels, read_row, wanted, write_row
from shared.errors import FormatError
from shared.filters import Filters, matching
from shared.rows import Row, digest, merge
from tests.facts import facts
from tests.rack import SPACE, catalogue, filters, racks


def rows(told: list) -> list[Row]:
    """What some facts come to, an item each."""
    named: dict[str, list] = {}
    for fact in told:
        if hasattr(fact, "item_id"):
            named.setdefault(fact.item_id, []).append(fact)
    return [merge({"item_id": item_id}, some) for item_id, some in named.items()]


@given(st.lists(facts(), max_size=12))
def test_a_row_survives_bytes_and_facts(told: list) -> None:
    for row in rows(told):
        again = read_row(write_row(row))
        assert digest(again) == digest(row)
        models = {fact.model for fact in told if hasattr(fact, "model") and fact.item_id == row["item_id"]}
        joined = merge({"item_id": row["item_id"]}, facts_of(row, next(iter(models), "none")))
        assert digest(joined) == digest(row)


@pytest.mark.parametrize(
    "data", [b"", b"\xc0", b"\x80", write_row({"item_id": "a"})[:-1], b"\x81\xa6format\x02"]
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match="expected a row of format 1, found"):
        read_row(data)


@given(racks, filters)
def test_what_matches_is_looked_for(rack: list[dict], asked: Filters) -> None:
    """By any of the ways, of which there always is one; and what is not available only when asked for."""
    items = catalogue(rack)
    mask, told = matching(items, asked), labels(items)
    ways = wanted(asked, SPACE.department)
    assert ways
    for way in ways:
        assert 0 < len(way) <= ASKED
        found = np.array([bool({*way} & {*own}) for own in told], np.bool_)
        assert not (mask & ~found).any()
        assert not (asked.available_only and (found & ~items.available).any())
