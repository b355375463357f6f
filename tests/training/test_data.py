"""Data: the splits, the labels and the draws."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scripts.wardrobe import draw
from scripts.wardrobe.styles import STYLES
from shared.pictures import square
from training.data import (
    NO_LABEL,
    Listed,
    batches,
    decoded,
    drawn_rows,
    held_out,
    joined,
    labels,
    photographs,
    wardrobe,
)

HEADER = "item_id,image,category,style,kids,contributor_id\n"


def jpeg(colour) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (30, 40), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def listed(item_id="a", colour="red", group="g1", style="smart", category="coat") -> Listed:
    return Listed(item_id, style, category, group, jpeg(colour))


# sources


def test_photographs_are_the_adults_grouped_by_contributor(tmp_path):
    (tmp_path / "images").mkdir()
    for name in "abc":
        (tmp_path / "images" / f"{name}.jpg").write_bytes(jpeg("blue"))
    (tmp_path / "metadata.csv").write_text(
        HEADER
        + "a,images/a.jpg,dress,dressy,False,17\n"
        + "b,images/b.jpg,dress,dressy,True,17\n"
        + "c,images/c.jpg,hat,,False,18\n"
    )
    first, second = photographs(tmp_path)
    assert (first.item_id, first.style, first.category, first.group) == (
        "a",
        "dressy",
        "dress",
        "contributor-17",
    )
    assert (second.item_id, second.style, second.group) == ("c", "", "contributor-18")
    assert first.data == jpeg("blue")


def test_the_wardrobe_is_what_is_drawn():
    found = wardrobe("menswear", 3, 11)
    wanted = list(draw("menswear", 3, 11))
    assert [each.item_id for each in found] == [item.item_id for item in wanted]
    assert [each.group for each in found] == [item.group_id for item in wanted]
    assert [each.data for each in found] == [item.picture() for item in wanted]
    assert {each.style for each in found} <= set(STYLES)


def test_squares_are_those_of_serving_and_are_kept(tmp_path):
    files = [listed("a", "red"), listed("b", "blue", "g2")]
    pictures = decoded("some", files, tmp_path)
    assert len(pictures) == 2
    assert np.array_equal(pictures.squares[1], square(jpeg("blue")))
    (kept,) = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    again = decoded("some", files, tmp_path)
    assert kept.stat().st_mtime_ns == before
    assert again.fingerprint == pictures.fingerprint
    assert np.array_equal(again.squares, pictures.squares)


@pytest.mark.parametrize(
    "other",
    [listed("a", "blue"), listed("b"), listed(style="street"), listed(category="hat"), listed(group="g2")],
    ids=["picture", "id", "style", "category", "group"],
)
def test_a_fingerprint_tells_any_change(tmp_path, other):
    assert decoded("some", [listed()], tmp_path).fingerprint != decoded("some", [other], tmp_path).fingerprint


def test_joined_sources_keep_their_groups_apart(tmp_path):
    parts = [decoded(source, [listed(group="1")], tmp_path) for source in ("drawn", "photographed")]
    both = joined("both", parts)
    assert list(both.groups) == ["drawn/1", "photographed/1"]
    assert both.squares.shape == (2, 224, 224, 3)


# splits


@given(st.lists(st.integers(0, 30), min_size=1, max_size=200), st.floats(0.05, 0.6))
def test_no_group_is_on_both_sides_of_a_split(numbers, share):
    groups = np.array([f"g{number}" for number in numbers])
    aside = held_out(groups, share)
    assert not set(groups[aside]) & set(groups[~aside])
    assert aside.sum() <= share * len(groups)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=100), st.randoms(use_true_random=False))
def test_a_split_does_not_depend_on_the_order(numbers, random):
    groups = np.array([f"g{number}" for number in numbers])
    order = list(range(len(groups)))
    random.shuffle(order)
    assert np.array_equal(held_out(groups[order], 0.3), held_out(groups, 0.3)[order])


def test_small_groups_fill_the_share():
    groups = np.array([f"g{number // 2}" for number in range(1000)])
    assert held_out(groups, 0.2).sum() == 200


def test_a_group_larger_than_the_share_is_trained_on():
    groups = np.array(["large"] * 60 + [f"g{number}" for number in range(40)])
    aside = held_out(groups, 0.3)
    assert not aside[:60].any()
    assert aside.sum() == 30


# labels and draws


def test_labels_are_positions_and_anything_else_has_none():
    assert list(labels(np.array(["b", "", "a", "z"]), ("a", "b"))) == [1, NO_LABEL, 0, NO_LABEL]


@pytest.mark.parametrize(("balance", "rare"), [(0.0, 0.1), (0.5, 0.25), (1.0, 0.5)])
def test_balance_draws_rare_styles_more_often(balance, rare):
    styles = np.array([0] * 900 + [1] * 100)
    drawn = drawn_rows(np.arange(1000), styles, balance, np.random.default_rng(1))
    assert (styles[drawn] == 1).mean() == pytest.approx(rare, abs=0.03)
    assert len(drawn) == pytest.approx(1000, abs=30)


def test_draws_are_of_the_given_rows_and_of_their_seed():
    styles = np.zeros(50, np.int64)
    rows = np.arange(20, 40)
    drawn = drawn_rows(rows, styles, 0.5, np.random.default_rng(3))
    assert set(drawn) <= set(rows)
    assert np.array_equal(drawn, drawn_rows(rows, styles, 0.5, np.random.default_rng(3)))


def test_batches_are_whole_unless_there_is_only_one():
    assert [list(batch) for batch in batches(np.arange(7), 3)] == [[0, 1, 2], [3, 4, 5]]
    assert [list(batch) for batch in batches(np.arange(2), 3)] == [[0, 1]]
