"""The merchandiser's page in a real browser, behind its switch and without it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.window import Window, opened, page_server, seen, settled
from tests.running import eventually


@pytest.fixture(name="window", scope="module")
def make_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with opened(tmp_path_factory.mktemp("desk")) as window:
        images = window.system.local / "images" / "womenswear"
        (images / "no-picture.jpg").write_bytes(b"a text that calls itself a picture")
        first = sorted(images.glob("*.jpg"))[0]
        (images / "twice.jpg").write_bytes(first.read_bytes())
        (images / "late.csv").write_text("item_id,price\ntwice,cheap\n")
        rejected = f"{window.system.inspect}/womenswear/rejected"
        eventually("it is refused", lambda: window.system.http.get(rejected).json()["total"])
        life = f"{window.system.inspect}/womenswear/items/twice"
        eventually("it is taken in", lambda: window.system.http.get(life).json().get("visible"))
        told = {
            "REGISTER_URL": window.system.register,
            "RECOMMEND_URL": window.system.recommend,
            "MERCHANDISER_URL": window.system.inspect,
            "IMAGES": f"file://{window.system.local}/images",
        }
        with page_server(window.system.local / "desk.log", **told) as address:
            yield Window(window.system, address, window.browser)


def look(window: Window, page: Page, view: str, **asked: str) -> None:
    """Open one view of the page."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    page.goto(f"{window.address}/merchandise?department=womenswear&view={view}&{query}")
    expect(page.get_by_role("heading", name="Merchandise", exact=True)).to_be_visible()
    settled(page)


def test_size_and_freshness(window: Window) -> None:
    with window.visitor() as page:
        look(window, page, "catalogue")
        expect(page.get_by_test_id("stMetric").filter(has_text="Items shown")).to_contain_text("49")
        expect(page.get_by_test_id("stMetric").filter(has_text="Refused")).to_contain_text("1")
        expect(page.get_by_text("The catalogue last heard of something")).to_be_visible()
        page.get_by_text(re.compile("late.csv, ")).click()
        expect(page.get_by_text(re.compile("^line 2: price"))).to_be_visible()
        seen(page, "desk-catalogue", whole=True)
        page.get_by_role("radio", name="Menswear", exact=True).click()
        page.wait_for_url("**department=menswear**")
        expect(page.get_by_test_id("stMetric").filter(has_text="Items shown")).to_contain_text("48")


def test_refused_pictures_with_reasons(window: Window) -> None:
    with window.visitor() as page:
        look(window, page, "refused")
        expect(page.get_by_text("womenswear/no-picture.jpg")).to_be_visible()
        expect(page.get_by_text(re.compile("NotAPicture: expected"))).to_be_visible()
        seen(page, "desk-refused")
        page.get_by_role("link", name="Its life").click()
        expect(page.get_by_text(re.compile("^Not visible: rejected"))).to_be_visible()


def test_near_duplicates_side_by_side_and_the_life_of_one(window: Window) -> None:
    with window.visitor() as page:
        look(window, page, "look-alikes")
        group = page.locator("ul.shelf").filter(has_text="twice")
        expect(group.locator("img")).to_have_count(2)
        expect(group).to_contain_text("cosine 1.000")
        seen(page, "desk-look-alikes", whole=True)
        group.get_by_role("link", name="twice").click()
        expect(page.get_by_text("Visible", exact=True)).to_be_visible()
        expect(page.get_by_text("womenswear/twice.jpg").first).to_be_visible()
        seen(page, "desk-item", whole=True)


def test_the_knobs_side_by_side(window: Window) -> None:
    with window.visitor() as page:
        look(window, page, "preview")
        lists = [page.get_by_role("list", name=f"List {place}") for place in (1, 2)]
        for one in lists:
            expect(one.locator("img")).to_have_count(12)
            expect(one).to_contain_text("unlike those before it")
        likes = page.get_by_role("combobox", name=re.compile("^Likes"))
        likes.fill("Bag")  # only some of all items are listed at once
        page.get_by_role("option", name=re.compile("Bag")).first.click()
        page.keyboard.press("Escape")
        for one in lists:
            expect(one).to_contain_text(re.compile(r"0\.\d{3}, by "))
        expect(lists[1]).to_contain_text("a surprise")
        expect(lists[0]).not_to_contain_text("a surprise")
        first, second = (one.locator("li").all_inner_texts() for one in lists)
        assert first != second
        seen(page, "desk-preview")
        lists[0].locator("li").last.scroll_into_view_if_needed()
        seen(page, "desk-preview-lists")


@pytest.mark.parametrize(("name", "width", "scheme"), [("phone", 390, "light"), ("dark", 1280, "dark")])
def test_a_phone_and_a_dark_room(window: Window, name: str, width: int, scheme: str) -> None:
    with window.visitor(width, 844, scheme) as page:
        for view in ("catalogue", "refused", "look-alikes", "preview"):
            look(window, page, view)
            seen(page, f"{name}-desk-{view}")
            wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not wide, "nothing is wider than the screen"


def test_an_item_nobody_heard_of_is_said_calmly(window: Window) -> None:
    with window.visitor() as page:
        look(window, page, "item", item="never")
        expect(page.get_by_text(re.compile('nothing ever heard of "never"'))).to_be_visible()
        assert "Traceback" not in page.content()


def test_there_is_no_such_page_without_the_switch(window: Window, tmp_path: Path) -> None:
    told = {"REGISTER_URL": window.system.register, "RECOMMEND_URL": window.system.recommend}
    images = f"file://{window.system.local}/images"
    with page_server(tmp_path / "page.log", IMAGES=images, **told) as address:
        shut = Window(window.system, address, window.browser)
        with window.visitor() as page, shut.visitor() as other:
            page.goto(window.address)
            expect(page.get_by_role("link", name="Merchandise")).to_be_visible()
            other.goto(f"{address}/merchandise?view=catalogue")
            other.get_by_role("button", name="Womenswear").wait_for()
            expect(other.get_by_role("link", name="Merchandise")).to_have_count(0)
            expect(other.get_by_role("heading", name="Merchandise", exact=True)).to_have_count(0)
