import pytest

from shared.facts import Attributes, clock
from shared.rows import digest, forget_removed, is_empty, is_table, merge, without_picture
from tests.facts import axis, image, picture, priced, removed


def test_a_row_keeps_the_greatest_clock_of_each_part() -> None:
    row = merge(
        {"item_id": "a"},
        [
            picture("a", 3, 1),
            picture("a", 2, 0),
            priced("a", 2, price=1.0),
            priced("a", 1, price=9.0, brand="Ada"),
        ],
    )
    assert row["vector"].tolist() == axis(1).tolist()
    assert (row["price"], row["brand"]) == (1.0, "Ada")
    assert row["price_clock"] > row["brand_clock"]


def test_of_two_contents_with_one_clock_the_same_wins_in_any_order() -> None:
    for one, other in (
        (picture("a", 1, 0), picture("a", 1, 1)),
        (picture("a", 1, category="coats"), picture("a", 1, category=None)),
        (priced("a", 1, price=1.0), priced("a", 1, price=None)),
        (priced("a", 1, sizes=("S",)), priced("a", 1, sizes=("M", "S"))),
        (priced("a", 1, available=True), priced("a", 1, available=False)),
        (removed("a", 1, at=1), removed("a", 1, at=2)),
    ):
        rows = [merge({"item_id": "a"}, facts) for facts in ([one, other], [other, one])]
        assert digest(rows[0]) == digest(rows[1])


def test_merging_leaves_the_old_row_as_it_was() -> None:
    row = merge({"item_id": "a"}, [priced("a", 1, price=1.0)])
    kept = dict(row)
    merge(row, [priced("a", 2, price=None), picture("a", 1), removed("a", 1)])
    assert row == kept


def test_the_metadata_clock_is_that_of_pictures_only() -> None:
    assert "metadata_clock" not in merge({}, [priced("a", 5, price=1.0)])
    row = merge(
        {}, [Attributes("a", clock(2, generation, image("a")), {"price": 1.0}) for generation in (3, 2)]
    )
    assert row["metadata_clock"] == clock(2, 3, image("a"))


@pytest.mark.parametrize(
    ("source", "expected"), [("w/a.csv", True), ("w/A.CSV", True), ("w/a.csv.jpg", False)]
)
def test_tables_are_told_by_their_name(source: str, expected: bool) -> None:
    assert is_table(source) is expected


def test_every_part_of_a_row_is_in_its_digest() -> None:
    row = merge({"item_id": "a"}, [picture("a", 1), priced("a", 1, price=1.0, sizes=("S",)), removed("a", 1)])
    digests = {digest(row)} | {
        digest({column: value for column, value in row.items() if column != left_out}) for left_out in row
    }
    assert len(digests) == len(row) + 1
    assert digest(dict(reversed(row.items()))) == digest(row)


def test_what_is_left_without_a_picture() -> None:
    assert is_empty(without_picture(merge({"item_id": "a"}, [picture("a", 1)])))
    assert not is_empty(without_picture(merge({"item_id": "a"}, [picture("a", 1), removed("a", 1)])))


def test_forgetting_what_was_not_removed_changes_nothing() -> None:
    row = merge({"item_id": "a"}, [picture("a", 1), priced("a", 1, price=1.0)])
    assert forget_removed(row) == row
