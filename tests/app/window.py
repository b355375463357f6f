"""The page as a visitor has it: the functions on a small wardrobe, the page's server as its image runs it,
and headless Chromium. What was seen lies in build/screenshots/."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from app.cookie import COOKIE
from tests.running import ROOT, System, eventually, free_ports, needs

SCREENSHOTS = ROOT / "build" / "screenshots"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ITEMS = 48  # per department
PATIENCE = 20_000  # milliseconds
COMPLETE = """pictures => pictures.every(picture => picture.complete
    || picture.getBoundingClientRect().top > innerHeight)"""


def image_command() -> list[str]:
    """What the Dockerfile runs."""
    (line,) = re.findall(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    command: list[str] = json.loads(line)
    return command


@contextmanager
def page_server(log: Path, folder: Path = ROOT, **environment: str) -> Iterator[str]:
    """The address of a page's server in a folder; it runs what the image runs, on this machine's Python."""
    port = free_ports(1)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with log.open("ab") as out:
        process = subprocess.Popen(
            image_command(),
            cwd=folder,
            env={"PATH": path, "HOST": "127.0.0.1", "PORT": str(port), **environment},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"

    def healthy() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return httpx.get(f"{address}/_stcore/health", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    try:
        eventually(f"{address} answers", healthy)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Window:
    """A running system with its page, and a browser; each visitor has a browser's profile of its own."""

    def __init__(self, system: System, address: str = "", browser: Browser | None = None) -> None:
        self.system = system
        self.address = address
        if browser is not None:
            self.browser = browser

    def restart(self) -> None:
        """Start the functions again after they were stopped, on the same ports."""
        self.system = System(self.system.local, self.system.port).start().ready()

    @contextmanager
    def visitor(self, width: int = 1280, height: int = 900, scheme: str = "light") -> Iterator[Page]:
        """A browser that was never here."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        # A page that asks the world for anything tells it about its visitors.
        context.route(lambda url: not url.startswith((self.address, "blob:", "data:")), refused)
        try:
            yield context.new_page()
            assert strangers.pop(context, []) == []
        finally:
            context.close()

    def open(self, page: Page, path: str = "/", likes: int = 2, department: str = "womenswear") -> list[str]:
        """The page as a shopper sees it who was here before and liked something; what was liked."""
        with self.system.client() as shop:
            shop.register(department)
            first = shop.recommend(limit=max(likes, 1), explore=0)
            liked = [place.item.item_id for place in first.recommendations][:likes]
            shop.rate(likes=liked)
            secret = {"name": COOKIE, "value": shop.token or "", "url": self.address, "httpOnly": True}
        page.context.add_cookies([secret])  # type: ignore[list-item]
        page.goto(self.address + path)
        return liked


strangers: dict[BrowserContext, list[str]] = {}


def refused(route: object) -> None:
    """Note and refuse a request that leaves the page's own server."""
    request = route.request  # type: ignore[attr-defined]
    strangers.setdefault(request.frame.page.context, []).append(request.url)
    route.abort()  # type: ignore[attr-defined]


def cards(page: Page, of: str = "Items for you") -> Locator:
    """The cards of a list."""
    return page.get_by_role("list", name=of).locator("li.card")


def ids(page: Page, of: str = "Items for you") -> list[str]:
    """Items of a list, in order."""
    found: list[str] = cards(page, of).evaluate_all("cards => cards.map(card => card.dataset.id)")
    return found


def shows(page: Page, count: int = 12, of: str = "Items for you") -> list[str]:
    """Wait until a list has as many cards."""
    cards(page, of).nth(count - 1).wait_for()
    return ids(page, of)


def settled(page: Page) -> None:
    """Wait until Streamlit has drawn everything, and the pictures in sight are there."""
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    eventually("the pictures in sight", lambda: page.locator("img").evaluate_all(COMPLETE), 20)


def seen(page: Page, name: str, whole: bool = False) -> None:
    """Keep what the visitor sees, and hold it to what axe-core calls serious."""
    settled(page)
    time.sleep(0.3)  # cards fade in for a quarter of a second
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)
    found = Axe().run(page).response["violations"]
    serious = [
        (violation["id"], violation["help"], violation["nodes"][0]["html"])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == [], name


@contextmanager
def opened(local: Path) -> Iterator[Window]:
    """Everything, up."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    needs(chromium is not None, "Chromium (on Debian: apt-get install chromium)")
    command = [sys.executable, "-m", "scripts.wardrobe", "--out", str(local / "images"), "--seed", "7"]
    subprocess.run([*command, "--count", str(ITEMS)], cwd=ROOT, check=True, capture_output=True)
    system = System(local, free_ports(8)).start()
    window = Window(system)
    try:
        system.ready()
        for department in ("womenswear", "menswear"):
            eventually(f"{department} is embedded", lambda name=department: system.items(name) == ITEMS)
        addresses = {"REGISTER_URL": system.register, "RECOMMEND_URL": system.recommend}
        with (
            page_server(local / "page.log", IMAGES=f"file://{local}/images", **addresses) as address,
            sync_playwright() as playwright,
        ):
            window.address = address
            window.browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            yield window
            window.browser.close()
    finally:
        window.system.stop()
