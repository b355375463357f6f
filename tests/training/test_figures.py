"""The table of the page on training, from cards."""

import msgspec
import pytest

from tests.bundles import card
from training.figures import END, START, cards, page_with, table

SCORES = {"precision_at_10_style": 0.8, "precision_at_10_category": 0.7}
SET = {
    "pictures": 100,
    "groups": 50,
    "resnet50": {"style_accuracy": 0.912, "category_accuracy": 0.5, **SCORES},
    "style_cnn": {"style_accuracy": 0.923, **SCORES},
    "fused": SCORES,
    "chance": SCORES,
}
DUPLICATES = {"different_products": 0.0004, "colour_variants": 0.25, "colour_variant_pairs": 60}
METRICS = {
    "wardrobe_held_out": SET,
    "wardrobe_demo": SET,
    "wardrobe_fresh": SET,
    "photographs_held_out": SET | {"teacher": SCORES},
    "duplicates": {"wardrobe_held_out": DUPLICATES, "wardrobe_fresh": DUPLICATES},
}


def test_a_row_per_set_and_network():
    lines = table([card(metrics=METRICS, duplicate_threshold=0.95)]).splitlines()
    assert (
        "| womenswear colours-1 | wardrobe, held out by `group_id` (100) | resnet50 "
        "| 0.912 | 0.500 | 0.800 | 0.700 |"
    ) in lines
    assert (
        "| womenswear colours-1 | wardrobe of `make demo` (100) | style_cnn | 0.923 |  | 0.800 | 0.700 |"
        in lines
    )
    assert sum(" | teacher | " in line for line in lines) == 1
    assert (
        "| womenswear, wardrobe of a seed that no choice looked at | 0.950 | 0.04% | 25.0% of 60 |" in lines
    )


def test_only_what_is_between_the_marks_changes():
    page = f"before\n{START}old\n{END}after\n"
    assert page_with(page, "new\n") == f"before\n{START}new\n{END}after\n"
    assert page_with(page_with(page, "new\n"), "new\n") == page_with(page, "new\n")


@pytest.mark.parametrize("page", ["", START, END])
def test_a_page_without_marks_is_refused(page):
    with pytest.raises(ValueError, match="expected the marks"):
        page_with(page, "new\n")


def test_cards_are_read_from_their_bundles(tmp_path):
    folder = tmp_path / "womenswear" / "colours-1"
    folder.mkdir(parents=True)
    (folder / "card.json").write_bytes(msgspec.json.encode(card()))
    assert cards(tmp_path) == [card()]
    assert cards(tmp_path / "nothing") == []
