"""The table of the page on training, from cards."""

import msgspec

from tests.bundles import card
from training.copies import KINDS
from training.figures import cards, crossed, duplicates, evidenced, fashion, reports, table

SCORES = {"precision_at_10_style": 0.8, "precision_at_10_category": 0.7}
SET = {
    "pictures": 100,
    "groups": 50,
    "resnet50": {"style_accuracy": 0.912, "category_accuracy": 0.5, **SCORES},
    "style_cnn": {"style_accuracy": 0.923, **SCORES},
    "fused": SCORES,
    "chance": SCORES,
}
KIND = {"found": 8, "of": 10, "recall": 0.8, "precision": 0.8889}
NOTHING = {"found": 0, "of": 10, "recall": 0.0, "precision": None}
CHOSEN = {"items": 12, "hidden_wrongly": 0}
FOUND = {
    "items": 10,
    "hidden_wrongly": 1,
    "near_another_group": 3,
    "pairs_of_a_group": 4,
    "pairs_of_a_group_found": 2,
    "kinds": dict.fromkeys(KINDS, KIND)
    | {"shadow": {"found": 0, "of": 10, "recall": 0.0, "precision": None}},
    "all": {"found": 40, "of": 60, "recall": 0.6667, "precision": 0.87},
}
DUPLICATES = {
    "hidden_at_most": 0.01,
    "chosen_on": {"wardrobe": CHOSEN, "photographs": CHOSEN},
    "measured_on": {"wardrobe": FOUND, "photographs": FOUND},
}
METRICS = {
    "wardrobe_held_out": SET,
    "wardrobe_demo": SET,
    "wardrobe_fresh": SET,
    "photographs_held_out": SET
    | {"teacher": SCORES, "category_head": {"precision_at_10_category": 0.65}}
    | {
        "category_among_all": {
            "category_head": {"value": 0.62, "low": 0.6, "high": 0.64},
            "teacher": {"value": 0.55, "low": 0.5, "high": 0.6},
            "difference": {"value": 0.07, "low": -0.01, "high": 0.12},
        }
    },
    "duplicates": DUPLICATES,
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
    assert sum(" (100) | teacher | " in line for line in lines) == 1
    assert sum(line.endswith(" | category_head |  |  |  | 0.650 |") for line in lines) == 1
    asked = "| womenswear colours-1, among all photographs "
    assert f"{asked}| 0.620 (0.600–0.640) | 0.550 (0.500–0.600) | 0.070 (-0.010–0.120) |" in lines


def test_what_the_duplicate_threshold_hides_and_finds():
    lines = duplicates([card(metrics=METRICS, duplicate_threshold=0.95)]).splitlines()
    hidden = "0 of 12 (0.0%) | 1 of 10 (10.0%)"
    assert (
        f"| womenswear colours-1, wardrobe | 0.950 | {hidden} | 3 of 10 (30.0%) | 2 of 4 (50.0%) |" in lines
    )
    # contributors are no products
    assert f"| womenswear colours-1, photographs | 0.950 | {hidden} |  |  |" in lines
    kinds = " | ".join(["0.80, 0.89 (8 of 10)"] * 5)
    assert (
        f"| womenswear colours-1, photographs | {kinds} | 0.00, none (0 of 10) | 0.67, 0.87 (40 of 60) |"
        in lines
    )
    assert table([card(metrics=METRICS)]).endswith(duplicates([card(metrics=METRICS)]))


def test_a_report_is_told_with_its_intervals(tmp_path):
    figure, nothing = {"value": 0.5, "low": 0.4, "high": 0.6}, {"value": None, "low": None, "high": None}
    retrieval = {"precision_at_1": figure, "precision_at_10": nothing, "map_at_10": figure}
    figures = {
        "pictures": 7,
        "style": {"ensemble": {"top_1": figure, "macro_f1": figure}},
        "retrieval": {"ensemble": retrieval, "random": retrieval},
        "lists": {"random": {"diversity": figure, "coverage": 0.25, "duplicates": figure}},
    }
    report = {"department": "womenswear", "version": "colours-1", "sets": {"squares": figures}}
    folder = tmp_path / "womenswear" / "colours-1"
    folder.mkdir(parents=True)
    (folder / "report.json").write_bytes(msgspec.json.encode(report))
    lines = evidenced(reports(tmp_path)).splitlines()
    title, half = "| womenswear colours-1, squares (7)", "0.500 (0.400–0.600)"
    assert f"{title} | ensemble | {half} | {half} | {half} |  | {half} |" in lines
    assert f"{title} | random |  |  | {half} |  | {half} |" in lines
    assert f"{title} | random | {half} | 25.0% | {half} |" in lines


def test_photographs_across_folds_are_told_with_their_intervals():
    figure = {"value": 0.5, "low": 0.4, "high": 0.6}
    near = {"all": {"ensemble": figure, "teacher": figure | {"value": 0.45}}, "fold": {"ensemble": figure}}
    figures = {
        "photographs": 9,
        "contributors": 3,
        "precision_at_10": {"style": near, "category": {"all": {"teacher": figure}, "fold": {}}},
        "accuracy": {"style": {"ensemble": figure | {"value": 0.55}}, "category": {}},
    }
    lines = crossed({"runs": [{"name": "softmax", "figures": figures}]}).splitlines()
    title, half = "| softmax (9 of 3 contributors)", "0.500 (0.400–0.600)"
    assert f"{title} | ensemble | 0.550 (0.400–0.600) | {half} | {half} |  |" in lines
    assert f"{title} | teacher |  | 0.450 (0.400–0.600) |  | {half} |" in lines
    assert not any(line.startswith(f"{title} | style_cnn |") for line in lines)  # a run without it
    lines = crossed({"runs": [{"name": "softmax", "figures": figures | {"contributors": 1}}]}).splitlines()
    assert "| softmax (9 of 1 contributors) | ensemble | 0.550 | 0.500 | 0.500 |  |" in lines


def test_fashion_mnist_is_told_of_each_network():
    told = {"seconds": 400.0, "parameters": 921560, "recipe": {"epochs": 3}}
    accuracy = {"value": 0.9057, "low": 0.9, "high": 0.9117}
    lines = fashion({"style_cnn": told | {"accuracy": accuracy}}).splitlines()
    assert lines[-1] == "| style_cnn | 921,560 | 3 | 7 | 0.906 (0.900–0.912) |"


def test_cards_are_read_from_their_bundles(tmp_path):
    folder = tmp_path / "womenswear" / "colours-1"
    folder.mkdir(parents=True)
    (folder / "card.json").write_bytes(msgspec.json.encode(card()))
    assert cards(tmp_path) == [card()]
    assert cards(tmp_path / "nothing") == []
