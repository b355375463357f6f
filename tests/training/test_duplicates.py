"""The choice of the duplicate threshold, on angles whose cosines can be seen, and its command."""

import csv
import subprocess
import sys

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.wardrobe import draw
from shared.card import read_card, write_card
from shared.vectors import unit
from tests.bundles import FILES, WEIGHTS, card
from tests.running import ROOT
from training.copies import KINDS
from training.data import held_out, wardrobe
from training.duplicates import (
    Gallery,
    by_group,
    embedder,
    figures,
    gallery,
    measured,
    nearest,
    sets,
    threshold,
)


def angles(*degrees: float) -> np.ndarray:
    turns = np.radians(np.array(degrees))
    return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)


def names(text: str) -> np.ndarray:
    return np.array(list(text))


def shown(*degrees: float, groups: str, looks: str = "", copies: tuple[float, ...] = ()) -> Gallery:
    """Items at these angles, with duplicates of one kind at others."""
    duplicates = angles(*(copies or degrees))
    return Gallery(angles(*degrees), {"turn": duplicates}, names(groups), names(looks or groups))


def cosine(degrees: float) -> float:
    return float(np.cos(np.radians(degrees)))


# negatives


def test_the_nearest_is_of_another_name():
    found = nearest(angles(0, 1, 10, 90), names("aabc"))
    np.testing.assert_allclose(found, [cosine(10), cosine(9), cosine(9), cosine(80)], atol=1e-6)


def test_without_another_name_nothing_is_near():
    assert nearest(angles(0, 1), names("aa")).tolist() == [-1, -1]


# the choice


def test_the_threshold_is_the_least_that_hides_hardly_anything_wrongly():
    alone = shown(0, 10, 90, 180, groups="abcd")  # two of four have another one 10 degrees away
    assert threshold([alone], 0.25) == pytest.approx(cosine(10), abs=0.001)
    assert threshold([alone], 0.25) >= cosine(10)
    assert threshold([alone], 0.5) == pytest.approx(cosine(80), abs=0.001)  # the third has one there
    assert threshold([alone], 1) == 0.001


def test_every_set_has_its_say():
    apart, alike = shown(0, 90, groups="ab"), shown(0, 5, groups="ab")
    assert threshold([apart, alike], 0.01) == threshold([alike], 0.01) > threshold([apart], 0.01)


def test_items_of_one_look_are_no_different_items():
    assert threshold([shown(0, 5, 90, groups="abc", looks="xxy")], 0.01) < 0.1


random_case = st.tuples(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 20), st.floats(0, 0.5))


@given(random_case)
def test_no_lower_threshold_keeps_the_promise(case):
    seed, n, looks, hidden = case
    random = np.random.default_rng(seed)
    items, of = unit(random.normal(size=(n, 3))), random.integers(0, looks, n).astype(str)
    chosen = threshold([Gallery(items, {}, of, of)], hidden)
    # the reference
    cosines = (items @ items.T).astype(float)
    near = [max([c for c, look in zip(row, of, strict=True) if look != own], default=-1)
            for row, own in zip(cosines, of, strict=True)]  # fmt: skip
    assert sum(each > chosen for each in near) <= hidden * n
    assert chosen <= 0.001 or sum(each > chosen - 0.001 - 1e-6 for each in near) > int(hidden * n)


# the figures


def test_figures_count_what_is_found_and_what_is_hidden():
    of = shown(0, 3, 40, 90, groups="abbc", looks="aabc", copies=(2, 13, 40, 95))
    assert figures(of, cosine(4)) == {
        "items": 4,
        "hidden_wrongly": 0,
        "near_another_group": 2,  # 0 and 3 degrees, which look the same
        "pairs_of_a_group": 1,
        "pairs_of_a_group_found": 0,
        "kinds": {"turn": {"found": 2, "of": 4, "recall": 0.5, "precision": 1.0}},
        "all": {"found": 2, "of": 4, "recall": 0.5, "precision": 1.0},
    }
    wide = figures(of, cosine(38))
    assert (wide["hidden_wrongly"], wide["pairs_of_a_group_found"]) == (2, 1)  # 3 and 40 degrees
    assert wide["kinds"]["turn"] == {"found": 4, "of": 4, "recall": 1.0, "precision": 0.6667}


def test_precision_is_untold_where_nothing_is_taken_for_a_duplicate():
    none = figures(shown(0, 90, groups="ab", copies=(45, 135)), 0.99)
    assert none["all"] == {"found": 0, "of": 2, "recall": 0.0, "precision": None}


def test_one_half_chooses_and_the_other_is_measured():
    degrees = np.random.default_rng(5).uniform(0, 360, 60)
    groups = np.array([f"g{number // 2}" for number in range(60)])
    whole = Gallery(angles(*degrees), {"turn": angles(*(degrees + 1))}, groups, groups)
    least, found = measured({"all": whole})
    assert found["chosen_on"]["all"]["items"] + found["measured_on"]["all"]["items"] == 60
    assert found["chosen_on"]["all"]["hidden_wrongly"] <= 0.01 * found["chosen_on"]["all"]["items"]
    assert found["measured_on"]["all"]["pairs_of_a_group"] == 15  # no pair was torn apart
    # what is measured does not choose
    moved, aside = whole.items.copy(), held_out(groups, 0.5)
    moved[aside] = 0
    assert measured({"all": Gallery(moved, whole.copies, groups, groups)})[0] == least


def test_one_group_cannot_choose_and_be_measured():
    with pytest.raises(ValueError, match="expected groups for both halves"):
        measured({"all": shown(0, 1, 2, groups="aaa")})


# pictures


def colours(squares: np.ndarray) -> np.ndarray:
    return embedder(tuple(FILES.values()), tuple(WEIGHTS.values()))(squares)


def test_an_items_duplicates_do_not_depend_on_the_others():
    listed = wardrobe("menswear", 11, 5)
    many = gallery("some", listed, ["x"] * 11, colours)
    one = gallery("some", listed[9:10], ["x"], colours)
    assert many.items.shape == (11, 6)
    assert set(many.copies) == set(KINDS)
    np.testing.assert_allclose(one.items[0], many.items[9], atol=1e-6)
    for kind in KINDS:
        np.testing.assert_allclose(one.copies[kind][0], many.copies[kind][9], atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(many.copies[kind], axis=1), 1, atol=1e-5)
    with pytest.raises(ValueError, match="some: expected items, found none"):
        gallery("some", [], [], colours)


def test_networks_that_average_colours_find_what_keeps_the_colours():
    """They see colours only: a flipped item is the same to them, a recoloured one is another."""
    listed, looks = by_group(wardrobe("womenswear", 20, 5))
    kinds = figures(gallery("wardrobe", listed, looks, colours), 0.99999)["kinds"]
    assert kinds["flip"]["recall"] == 1
    assert kinds["recolour"]["recall"] == 0


def test_the_sets_are_of_the_department_and_unseen(photographed, sold):
    found = sets("menswear", photographed, sold, 30, 0.5)
    assert list(found) == ["wardrobe", "photographs", "shop"]
    drawn, looks = found["wardrobe"]
    assert (len(drawn), looks[0]) == (30, f"{drawn[0].category}, {drawn[0].style}")
    aside, looks = found["photographs"]
    assert 0 < len(aside) <= 12
    assert looks == [each.group for each in aside]
    assert [each.item_id for each in found["shop"][0]] == ["menswear-0", "menswear-1"]
    assert list(sets("menswear", photographed, None, 30, 0.5)) == ["wardrobe", "photographs"]


# the command

COLOURS = ("--version", "colours-1")
BEFORE = card(metrics={"wardrobe_demo": {"pictures": 1}}, duplicate_threshold=0.5)


@pytest.fixture
def photographed(tmp_path):
    """Photographs are drawn items here: 24 of them by twelve contributors."""
    rows = [(f"{n}", f"{n}.jpg", "", "", "False", f"{n % 12}") for n in range(24)]
    return folder(tmp_path / "photographs", ["kids", "contributor_id"], rows)


@pytest.fixture
def sold(tmp_path):
    """A shop with two products in each department."""
    rows = [
        (f"{department}-{n}", f"{place}.jpg", "", "", department, f"p{n}")
        for place, (department, n) in enumerate((d, n) for d in ("menswear", "womenswear") for n in range(2))
    ]
    return folder(tmp_path / "shop", ["department", "product_id"], rows)


def folder(path, columns, rows):
    path.mkdir()
    with (path / "metadata.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["item_id", "image", "category", "style", *columns], *rows])
    for row, item in zip(rows, draw("womenswear", len(rows), 77), strict=True):
        (path / row[1]).write_bytes(item.picture())
    return path


def run(*arguments) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.duplicates", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


@pytest.fixture
def bundle(tmp_path):
    """A bundle of networks that average colours, with another figure in its card already."""
    path = tmp_path / "models" / "womenswear" / "colours-1"
    path.mkdir(parents=True)
    (path / "card.json").write_bytes(write_card(BEFORE))
    for name, data in FILES.items():
        (path / f"{name}.onnx").write_bytes(data)
    return path


def test_the_command_writes_threshold_and_figures_into_the_card_and_nothing_else(bundle, photographed, sold):
    models = bundle.parents[1]
    done = run("--photographs", photographed, "--shop", sold, "--items", 20, *COLOURS, "--models", models)
    assert done.returncode == 0, done.stderr
    after = read_card((bundle / "card.json").read_bytes(), "card.json")
    assert f"womenswear colours-1: {after.duplicate_threshold}" in done.stdout
    assert after.duplicate_threshold > BEFORE.duplicate_threshold
    found = after.metrics["duplicates"]
    assert set(found["chosen_on"]) == set(found["measured_on"]) == {"wardrobe", "photographs", "shop"}
    assert after.metrics == BEFORE.metrics | {"duplicates": found}
    same = msgspec.structs.replace(
        after, duplicate_threshold=BEFORE.duplicate_threshold, metrics=BEFORE.metrics
    )
    assert same == BEFORE
    assert {name: (bundle / f"{name}.onnx").read_bytes() for name in FILES} == FILES


def test_the_command_needs_two_halves_and_leaves_the_card_alone(bundle, photographed):
    models = bundle.parents[1]
    done = run("--photographs", photographed, "--items", 1, *COLOURS, "--models", models)
    assert done.returncode == 2
    assert "wardrobe: expected groups for both halves" in done.stderr
    assert (bundle / "card.json").read_bytes() == write_card(BEFORE)


def test_the_command_says_what_is_missing(tmp_path, photographed):
    done = run("--photographs", tmp_path)
    assert done.returncode == 2
    assert "--photographs: expected a folder with metadata.csv" in done.stderr
    done = run("--photographs", photographed, "--shop", tmp_path)
    assert "--shop: expected a folder with metadata.csv" in done.stderr
    done = run("--photographs", photographed, "--models", tmp_path)
    assert done.returncode == 2
    assert "expected bundles of version demo-4, found none" in done.stderr


def test_it_runs_without_torch():
    code = "import sys; sys.modules['torch'] = None; import training.duplicates, training.figures"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
