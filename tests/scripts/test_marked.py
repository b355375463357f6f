"""A page whose tables are written between two marks."""

from pathlib import Path

import pytest

from scripts.marked import MarkedPage

MARK, END = "<!-- figures: python -m training.figures -->\n", "<!-- /figures -->\n"


@pytest.fixture(name="page")
def make_page(tmp_path: Path) -> MarkedPage:
    return MarkedPage(tmp_path / "training.md", "training.figures")


def test_only_what_is_between_the_marks_changes(page: MarkedPage) -> None:
    page.path.write_text(f"before é\n{MARK}old\n{END}after\n", encoding="utf-8")
    for _ in range(2):
        page.write("new\n")
        assert page.read() == f"before é\n{MARK}new\n{END}after\n"


@pytest.mark.parametrize("text", ["", MARK, END, END + MARK])
def test_a_page_without_marks_is_refused_and_stays(page: MarkedPage, text: str) -> None:
    page.path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"training.md: expected the marks .*found none"):
        page.write("new\n")
    assert page.read() == text
