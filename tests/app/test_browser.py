"""The page in a real browser, against the served functions: a first visit, and later ones."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.cookie import COOKIE
from tests.app.window import Window, cards, ids, opened, seen, settled, shows
from tests.running import eventually

DOZEN = "A dozen different items"


@pytest.fixture(name="window", scope="module")
def make_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with opened(tmp_path_factory.mktemp("window")) as window:
        yield window


def secret(page: Page) -> str:
    """The token as the browser keeps it."""
    return next((c["value"] for c in page.context.cookies() if c["name"] == COOKIE), "")


def test_a_first_visit(window: Window) -> None:
    with window.visitor() as page:
        page.goto(window.address)
        page.get_by_role("button", name="Womenswear").wait_for()
        seen(page, "first-visit")
        page.get_by_role("button", name="Womenswear").click()
        dozen = shows(page, of=DOZEN)
        assert len(set(dozen)) == 12
        seen(page, "a-dozen", whole=True)
        page.get_by_role("button", name=re.compile("^Like:")).first.click()
        expect(page.get_by_role("status").filter(has_text="1 liked")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Details of")).nth(1).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("l")
        expect(page.get_by_role("status").filter(has_text="2 liked")).to_be_visible()
        page.keyboard.press("x")  # of one that is rated: nothing
        page.keyboard.press("ArrowRight")
        page.keyboard.press("x")
        expect(page.locator("li.card").nth(3)).to_contain_text("Not for you")
        assert ids(page, DOZEN) == dozen, "rating moves nothing"
        seen(page, "a-dozen-rated")
        with window.system.client(secret(page)) as shop:
            told = shop.profile().history["womenswear"]
        assert (list(told.likes), list(told.dislikes)) == ([dozen[0], dozen[2]], [dozen[3]])
        page.get_by_role("button", name="Show me my picks").click()
        expect(page.get_by_role("heading", name="Picked for you")).to_be_visible()
        picks = shows(page)
        assert not {dozen[0], dozen[2], dozen[3]} & set(picks)
        expect(page.get_by_text("Because you liked").first).to_be_visible()
        seen(page, "picks")


def test_a_rating_changes_what_comes_next(window: Window) -> None:
    with window.visitor() as page:
        window.open(page)
        before = shows(page)
        page.get_by_role("button", name=re.compile("^Not for me:")).nth(1).click()
        expect(page.get_by_role("status").filter(has_text="is not for you")).to_be_visible()
        after = ids(page)
        assert after[:2] == before[:2]
        assert after[2:] != before[2:]
        assert len(set(after)) == len(after)
        expect(page.locator("li.card").nth(1)).to_contain_text("Not for you")
        seen(page, "disliked")
        page.get_by_role("button", name=re.compile("^Undo:")).click()
        expect(page.get_by_role("status").filter(has_text="Taken back")).to_be_visible()
        with window.system.client(secret(page)) as shop:
            assert shop.profile().history["womenswear"].dislikes == ()
        page.get_by_role("button", name=re.compile("^Like:")).first.click()
        expect(page.get_by_role("status").filter(has_text="You liked")).to_be_visible()
        with window.system.client(secret(page)) as shop:
            assert shop.profile().likes[-1] == before[0]


def test_more_comes_on_scrolling_without_repeats(window: Window) -> None:
    with window.visitor() as page:
        window.open(page)
        first = shows(page)
        page.mouse.move(800, 500)
        page.mouse.wheel(0, 20_000)
        second = shows(page, 24)
        assert second[:12] == first

        def scrolled() -> bool:
            page.mouse.wheel(0, 20_000)
            return page.get_by_text("That is all there is for now.").is_visible()

        eventually("the end of the list", scrolled, 20)
        found = ids(page)
        assert len(found) > 24
        assert len(set(found)) == len(found)


def all_in(page: Page, size: str) -> bool:
    """Whether there are cards, and each is of the size."""
    sizes = cards(page).locator(".sizes").all_inner_texts()
    return bool(sizes) and all(size in told.split(" · ") for told in sizes)


def test_filters_stand_in_the_address(window: Window) -> None:
    with window.visitor() as page, window.visitor() as friend:
        window.open(page)
        everything = shows(page)
        size = page.get_by_role("combobox", name=re.compile("^Size"))
        size.click()
        page.get_by_role("option", name=re.compile(r"^M \(\d+\)$")).click()
        page.keyboard.press("Escape")
        page.wait_for_url("**size=M**")
        eventually("every item has the size", lambda: all_in(page, "M"), 20)
        seen(page, "filtered")
        # what is shared says what to show, and not whose it is
        shared = page.url
        assert secret(page) not in shared
        assert secret(page).partition(".")[0] not in shared
        friend.goto(shared)
        eventually("every item has the size", lambda: all_in(friend, "M"), 20)
        settled(friend)
        assert secret(friend)
        assert secret(friend) != secret(page)
        # back is before the filter
        page.go_back()
        page.wait_for_url(re.compile("^(?!.*size=)"))
        expect(page.get_by_role("button", name="Clear all filters")).to_have_count(0)
        assert len(shows(page)) == len(everything)


def test_no_match_says_which_filter_to_drop(window: Window) -> None:
    with window.visitor() as page:
        with window.system.client() as shop:
            shop.register("womenswear")
            facets = shop.recommend(facets=True).facets
        assert facets is not None
        category = facets.categories[0].value
        window.open(page, f"/?department=womenswear&category={category}&max_price=1")
        offer = page.get_by_role("button", name=re.compile(r"^Any price \(\d+ items?\)$"))
        offer.wait_for()
        assert ids(page) == []
        seen(page, "no-match")
        offer.click()
        page.locator("li.card").first.wait_for()
        page.wait_for_url(re.compile("^(?!.*max_price)"))
        assert f"category={category}" in page.url


def test_reloads_and_further_tabs_keep_the_shopper(window: Window) -> None:
    with window.visitor() as page:
        page.goto(window.address)
        page.get_by_role("button", name="Menswear", exact=True).click()
        shows(page, of=DOZEN)
        page.get_by_role("button", name=re.compile("^Like:")).first.click()
        expect(page.get_by_role("status").filter(has_text="1 liked")).to_be_visible()
        kept = secret(page)
        cookie = next(c for c in page.context.cookies() if c["name"] == COOKIE)
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        page.reload()
        expect(page.get_by_role("heading", name="Picked for you")).to_be_visible()
        tab = page.context.new_page()
        tab.goto(window.address)
        expect(tab.get_by_role("heading", name="Picked for you")).to_be_visible()
        shows(tab)
        assert secret(tab) == kept
        # a connection that is lost comes back, and with it the page
        page.context.set_offline(True)
        page.wait_for_timeout(500)
        page.context.set_offline(False)
        page.get_by_role("button", name=re.compile("^Like:")).first.click()
        expect(page.get_by_role("status").filter(has_text="You liked")).to_be_visible()
        with window.system.client(kept) as shop:
            assert len(shop.profile().likes) == 2


def test_find_by_photo(window: Window) -> None:
    with window.visitor() as page:
        liked = window.open(page)
        folder = window.system.local / "images/womenswear"
        table = next(folder.glob("*.csv")).read_text(encoding="utf-8")
        category = {row["item_id"]: row["category"] for row in csv.DictReader(table.splitlines())}
        # what was shown sinks, and what is liked is left out with its near-duplicates
        out = {*shows(page), *(name for name in category if category[name] in map(category.get, liked))}
        picture = next(path for path in sorted(folder.glob("*.jpg"), reverse=True) if path.stem not in out)
        page.get_by_role("button", name="Find by photo").click()
        page.locator("input[type=file]").set_input_files(picture)
        expect(page.get_by_role("heading", name="Like your photo")).to_be_visible()
        expect(page.get_by_text("Looks like your photo").first).to_be_visible()
        eventually("the item of the photo is first", lambda: ids(page)[:1] == [picture.stem], 20)
        seen(page, "photo")
        page.get_by_role("button", name="Back to my picks").click()
        expect(page.get_by_role("heading", name="Picked for you")).to_be_visible()


def test_what_is_no_photo_is_said_calmly(window: Window, tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("no picture")
    with window.visitor() as page:
        window.open(page)
        shows(page)
        page.get_by_role("button", name="Find by photo").click()
        page.locator("input[type=file]").set_input_files(tmp_path / "notes.jpg")
        expect(page.get_by_text("We could not read that picture")).to_be_visible()
        page.get_by_role("button", name="Back to my picks").click()
        shows(page)


def test_an_item_at_close_range(window: Window) -> None:
    with window.visitor() as page:
        window.open(page)
        first = shows(page)[0]
        page.get_by_role("button", name=re.compile("^Details of")).first.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("More like it")).to_be_visible()
        expect(dialog.locator("li.card")).to_have_count(6)
        alike = dialog.locator("li.card").evaluate_all("cards => cards.map(card => card.dataset.id)")
        assert first not in alike
        seen(page, "detail")
        dialog.get_by_role("button", name=re.compile("^Details of")).first.click()
        expect(page.locator(".detail img")).to_have_attribute("src", re.compile(alike[0]))
        page.get_by_role("dialog").get_by_role("button", name="♥ Like").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        with window.system.client(secret(page)) as shop:
            assert shop.profile().likes[-1] == alike[0]


def test_my_style_and_forget_me(window: Window) -> None:
    with window.visitor() as page:
        liked = window.open(page, "/style")
        expect(page.locator(".map img")).to_have_count(len(liked))
        expect(page.get_by_text("You liked 2 items")).to_be_visible()
        seen(page, "my-style", whole=True)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download my data").click()
        profile = json.loads(download.value.path().read_text())
        assert profile["likes"] == liked
        token = secret(page)
        page.get_by_role("button", name="Forget me").click()
        expect(page.get_by_role("dialog")).to_contain_text("cannot be undone")
        seen(page, "forget-me")
        page.get_by_role("button", name="Forget me for good").click()
        expect(page.get_by_text("Forgotten.")).to_be_visible()
        bearer = {"Authorization": f"Bearer {token}"}
        assert window.system.http.get(window.system.register, headers=bearer).status_code == 401
        settled(page)
        assert secret(page) == ""
        page.goto(window.address)
        page.get_by_role("button", name="Womenswear").wait_for()


@pytest.mark.parametrize(("name", "width", "scheme"), [("phone", 390, "light"), ("dark", 1280, "dark")])
def test_a_phone_and_a_dark_room(window: Window, name: str, width: int, scheme: str) -> None:
    with window.visitor(width, 844, scheme) as page:
        page.goto(window.address)
        page.get_by_role("button", name="Womenswear").wait_for()
        seen(page, f"{name}-first-visit")
        window.open(page)
        shows(page)
        seen(page, f"{name}-picks")
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, "nothing is wider than the screen"
        page.get_by_role("button", name=re.compile("^Details of")).first.click()
        expect(page.get_by_role("dialog").locator("li.card").first).to_be_visible()
        seen(page, f"{name}-detail")
        page.keyboard.press("Escape")
        if name == "phone":
            page.get_by_test_id("stExpandSidebarButton").click()
            expect(page.get_by_role("slider").first).to_be_visible()
            seen(page, f"{name}-filters")
            page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        page.goto(f"{window.address}/style")
        page.locator(".map img").first.wait_for()
        seen(page, f"{name}-my-style")


def test_functions_that_stop_and_start_again(window: Window) -> None:
    with window.visitor() as page:
        window.open(page)
        before = shows(page)
        window.system.stop()
        page.get_by_role("button", name=re.compile("^Like:")).first.click()
        expect(page.get_by_text("We cannot reach the shop just now")).to_be_visible()
        assert shows(page) == before
        page.reload()
        expect(page.get_by_text("We cannot reach the shop just now")).to_be_visible()
        seen(page, "shop-closed")
        assert "Traceback" not in page.content()
        window.restart()
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="Picked for you")).to_be_visible()
        shows(page)
