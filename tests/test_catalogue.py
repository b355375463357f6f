import numpy as np
import pytest

from shared.catalogue import FEW_ROWS, MANY_PIECES, Catalogue, fold, purge
from shared.departments import Space
from shared.errors import SpaceMismatch
from shared.facts import Attributes, Source, clock
from tests.facts import DEPARTMENT, EMPTY, SPACE, WIDTH, card, image, picture, priced, removed


def shown(catalogue: Catalogue) -> list[str]:
    return catalogue.visible(card()).item_ids.tolist()


def test_an_item_is_visible_once_it_has_a_picture() -> None:
    catalogue = fold(EMPTY, [priced("a", 1, price=3.0), picture("b", 1)])
    assert shown(catalogue) == ["b"]
    assert [catalogue.known(item_id) for item_id in "abc"] == [True, True, False]
    assert len(catalogue) == 2


def test_an_item_is_visible_while_its_picture_is_newer_than_its_removal() -> None:
    there = fold(EMPTY, [picture("a", 5)])
    assert shown(fold(there, [removed("a", 4)])) == ["a"]
    gone = fold(there, [removed("a", 5)])
    assert shown(gone) == []
    assert gone.known("a")
    assert shown(fold(gone, [picture("a", 6)])) == ["a"]


def test_a_late_event_does_not_bring_an_item_back() -> None:
    assert shown(fold(fold(EMPTY, [removed("a", 5)]), [picture("a", 5), picture("a", 4)])) == []


def test_of_two_files_of_one_item_the_newer_is_its_picture() -> None:
    both = fold(EMPTY, [picture("a", 5, 1, extension="png"), picture("a", 4, 0, extension="jpg")])
    assert both.picture_clock("a") == clock(5, 0, image("a", "png"))
    older_gone = fold(both, [removed("a", 4, extension="jpg")])
    assert older_gone.visible(card()).vectors[:].argmax(axis=1).tolist() == [1]
    newer_gone = fold(both, [removed("a", 5, extension="png")])
    assert shown(newer_gone) == []


def test_a_table_changes_what_it_names_and_nothing_else() -> None:
    catalogue = fold(EMPTY, [picture("a", 1), priced("a", 1, price=3.0, brand="Ada", sizes=("S", "M"))])
    items = fold(catalogue, [priced("a", 2, price=4.0)]).visible(card())
    assert items.describe(0) == {
        "item_id": "a",
        "brand": "Ada",
        "price": 4.0,
        "sizes": ["S", "M"],
        "category": "coats",
        "category_predicted": True,
    }
    cleared = fold(catalogue, [priced("a", 2, price=None, sizes=None)]).visible(card())
    assert cleared.describe(0).keys() == {"item_id", "brand", "category", "category_predicted"}


def test_an_older_table_changes_nothing() -> None:
    catalogue = fold(EMPTY, [priced("a", 5, price=3.0)])
    assert fold(catalogue, [priced("a", 4, price=9.0)]) is catalogue


def test_pictures_of_another_model_or_width_are_ignored() -> None:
    assert fold(EMPTY, [picture("a", 1, model="v2")]) is EMPTY
    narrow = picture("a", 1)
    object.__setattr__(narrow, "vector", np.ones(3, np.float16))
    assert fold(EMPTY, [narrow]) is EMPTY


def test_the_clocks_of_an_item() -> None:
    metadata = Attributes("a", clock(3, 2, image("a")), {"price": 1.0})
    catalogue = fold(EMPTY, [picture("a", 3), removed("a", 2), metadata, priced("a", 9, price=2.0)])
    assert catalogue.picture_clock("a") == clock(3, 0, image("a"))
    assert catalogue.removed_clock("a") == clock(2, 1, image("a"))
    assert catalogue.metadata_clock("a") == clock(3, 2, image("a"))
    assert (
        catalogue.picture_clock("b") is catalogue.removed_clock("b") is catalogue.metadata_clock("b") is None
    )
    assert catalogue.visible_pictures() == {"a": clock(3, 0, image("a"))}


def test_the_tables_read_are_known_by_their_latest_clock() -> None:
    name = "womenswear/prices.csv"
    facts = [Source(name, clock(generation, 0, name)) for generation in (2, 3, 1)]
    assert fold(EMPTY, facts).sources == {name: clock(3, 0, name)}


def test_visible_items_are_worked_out_once() -> None:
    catalogue = fold(EMPTY, [picture("a", 1)])
    assert catalogue.visible(card()) is catalogue.visible(card())


def test_the_card_of_another_space_is_refused() -> None:
    for stranger in (card("v2"), card(department="menswear")):
        with pytest.raises(SpaceMismatch):
            EMPTY.visible(stranger)


def test_another_model_keeps_what_belongs_to_no_model() -> None:
    name = "womenswear/prices.csv"
    facts = [priced("a", 2, price=3.0), removed("c", 4), Source(name, clock(2, 0, name))]
    catalogue = fold(EMPTY, [picture("a", 1), picture("b", 1), *facts])
    moved = catalogue.in_space(Space(DEPARTMENT, "v2"), 6)
    expected = fold(Catalogue.empty(Space(DEPARTMENT, "v2"), 6), facts)
    assert moved.to_bytes() == expected.to_bytes()
    assert moved.version == expected.version
    assert catalogue.in_space(SPACE, WIDTH) is catalogue


def test_folding_leaves_the_old_catalogue_as_it_was() -> None:
    catalogue = fold(EMPTY, [picture("a", 1), priced("a", 1, price=3.0)])
    before = catalogue.to_bytes()
    fold(catalogue, [picture("a", 2, 3), removed("b", 2), priced("a", 2, price=None)])
    purge(fold(catalogue, [removed("a", 9)]), 10)
    assert catalogue.to_bytes() == before


@pytest.mark.parametrize("together", [1, 7, FEW_ROWS + 1, 10 * FEW_ROWS])
def test_many_items_fold_to_the_same_bytes_in_groups_of_any_size(together: int) -> None:
    """More than a few rows at once, and a table in many pieces, take other ways through the code."""
    count = 6 * FEW_ROWS if together > 1 else 2 * MANY_PIECES
    facts = [
        fact
        for number in np.random.default_rng(3).permutation(count).tolist()
        for fact in (picture(f"{number:04d}", number + 1, number), priced(f"{number:04d}", 9, price=number))
    ]
    catalogue = EMPTY
    for start in range(0, len(facts), together):
        catalogue = fold(catalogue, facts[start : start + together])
        assert catalogue.table["item_id"].num_chunks <= MANY_PIECES
    assert catalogue.to_bytes() == fold(EMPTY, sorted(facts, key=lambda fact: fact.item_id)).to_bytes()
    items = catalogue.visible(card())
    assert items.price.tolist() == list(range(count))
    assert items.vectors[:].argmax(axis=1).tolist() == [number % WIDTH for number in range(count)]
    assert len(purge(fold(catalogue, [removed(f"{n:04d}", 10**6, at=5) for n in range(count)]), 6)) == count


def test_purging_forgets_old_removals_with_what_they_hid() -> None:
    metadata = Attributes("a", clock(3, 2, image("a")), {"title": "of the picture", "price": 5.0})
    facts = [picture("a", 3), metadata, priced("a", 4, price=3.0), removed("a", 3, at=100)]
    catalogue = fold(EMPTY, facts)
    assert purge(catalogue, 100) is catalogue
    purged = purge(catalogue, 101)
    assert purged.to_bytes() == fold(EMPTY, [priced("a", 4, price=3.0)]).to_bytes()
    assert purged.version == fold(EMPTY, [priced("a", 4, price=3.0)]).version


def test_purging_drops_rows_that_say_nothing_any_more() -> None:
    catalogue = fold(EMPTY, [picture("a", 3), removed("a", 3, at=100), removed("b", 1, at=100)])
    assert purge(catalogue, 101).to_bytes() == EMPTY.to_bytes()


def test_purging_keeps_a_picture_that_came_back() -> None:
    catalogue = fold(EMPTY, [picture("a", 3), removed("a", 3, at=100), picture("a", 4, 2)])
    assert purge(catalogue, 101).to_bytes() == fold(EMPTY, [picture("a", 4, 2)]).to_bytes()


def test_purging_keeps_items_the_log_still_speaks_of() -> None:
    catalogue = fold(EMPTY, [picture("a", 3), removed("a", 3, at=100), removed("b", 3, at=100)])
    purged = purge(catalogue, 101, keep={"a"})
    assert (purged.known("a"), purged.known("b")) == (True, False)


def test_vectors_are_read_back_exactly() -> None:
    catalogue = fold(EMPTY, [picture("a", 1, 0), picture("b", 1, 3)])
    items = Catalogue.from_buffer(catalogue.to_bytes()).visible(card())
    assert items.vectors[:] == pytest.approx(np.diag([0.7, 0, 0, 0.3])[[0, 3]] ** 0.5)


def test_vectors_stay_where_they_are_unless_they_are_wanted_together() -> None:
    """Every second item changes: the vectors of the others are those of the table before, not copies."""
    count = 4 * FEW_ROWS
    before = fold(EMPTY, [picture(f"{n:04d}", 1, n % WIDTH) for n in range(count)])
    changes = [picture(f"{n:04d}", 2, 3) for n in range(0, count, 2)] + [removed("0001", 1), priced("new", 1)]
    one, many = (fold(before, changes, together) for together in (True, False))
    assert (one.table["vector"].num_chunks, many.table["vector"].num_chunks > count) == (1, True)
    assert many.to_bytes() == one.to_bytes()
    assert shown(many) == shown(one)
    old = before.table["vector"].chunk(0).values.buffers()[1]
    kept = many.table["vector"].chunk(3)  # of the first that did not change
    assert kept.values.buffers()[1].address == old.address
    assert fold(many, [picture("0003", 3)]).to_bytes() == fold(one, [picture("0003", 3)]).to_bytes()
