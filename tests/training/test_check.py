"""The check of a shop's own data, on a folder in which everything is wrong that can be."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("pandas", reason="a shop's own data needs pandas, of the training group")

from scripts.wardrobe import draw
from training.check import as_page, looked_over, summary
from training.stock import of_table

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four garments; one twice with another style, one missing, one no picture, one listed twice."""
    for item, name in zip(draw("womenswear", 4, 3), "abcd", strict=True):
        (tmp_path / f"{name}.jpg").write_bytes(item.picture())
    Image.open(tmp_path / "a.jpg").save(tmp_path / "a2.jpg", quality=60)
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    (tmp_path / "items.csv").write_text(
        "item_id,style,category,note\na,smart,coat,<b>\na2,street,coat,\nb,smart,,\nc,,,\nd,dressy,,\n"
        "d,casual,,\nbroken,smart,,\ngone,smart,,\n"
    )
    return tmp_path


def test_everything_that_is_wrong_is_found(folder):
    findings = looked_over(of_table(folder))
    assert findings.missing == ["gone"]
    assert list(findings.corrupt) == ["broken"]
    assert "JPEG, PNG or WebP" in findings.corrupt["broken"]
    assert findings.stock.repeated == ("d",)
    assert findings.pairs.tolist() == [[0, 1]]
    assert findings.conflicts["style"].tolist() == [[0, 1]]
    assert findings.conflicts["category"].tolist() == []
    assert findings.sides[0] == findings.sides[1]
    assert findings.faulty
    told = dict(summary(findings))
    assert told["sound pictures"] == 5
    assert told["items without a style"] == 1
    assert told["styles of fewer than 20 pictures"] == 3


def test_the_page_shows_each_class_and_needs_nothing_else(folder):
    page = as_page(looked_over(of_table(folder)))
    for title in ("style: smart (2)", "style: none (1)", "category: coat (2)", "another style (pairs: 1)"):
        assert title in page
    assert page.count("<img") == page.count('src="data:image/jpeg;base64,')
    assert "http" not in page
    assert "<script" not in page


def test_what_a_shop_writes_is_text_on_the_page(folder):
    (folder / "items.csv").write_text("item_id,style\na,<img src=x>\n")
    page = as_page(looked_over(of_table(folder)))
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


def test_sound_data_is_not_faulty(folder):
    (folder / "items.csv").write_text("item_id,style\na,smart\nb,street\n")
    assert not looked_over(of_table(folder)).faulty


@pytest.mark.parametrize(("table", "status"), [("item_id\na\n", 0), ("item_id\ngone\n", 1), ("name\n", 2)])
def test_the_command(folder, table, status):
    (folder / "items.csv").write_text(table)
    ran = subprocess.run(
        [sys.executable, "-m", "training.check", folder, "--output", folder / "out" / "check.html"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == status, ran.stderr
    assert (folder / "out" / "check.html").exists() == (status < 2)
    assert ("found ['name']" in ran.stderr) == (status == 2)
