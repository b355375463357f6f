"""How long the page takes in a real browser, with `make demo` running: until it is ready, until a like shows.

    python -m benchmarks.page                     of `make demo` on its own ports; writes benchmarks/page.json
    python -m benchmarks.page --port 9080         of `make demo PORT=9080`

Ready: a shopper who was here before asks for the page with an empty cache, and twelve cards stand there with
every picture in sight. A like shows: the list behind the item is another one. Needs Chromium.
"""

import argparse
import json
import os
import platform
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from shared.client import StylekinClient

RESULT = Path(__file__).with_suffix(".json")
RUNS = 15
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
COMPLETE = """() => {
    const roots = [...document.querySelectorAll('*')].map(node => node.shadowRoot).filter(Boolean);
    const cards = roots.flatMap(root => [...root.querySelectorAll('li.card')]);
    const pictures = cards.flatMap(card => [...card.querySelectorAll('img')]);
    return cards.length >= 12 && pictures.every(picture => picture.getBoundingClientRect().top > innerHeight
        || (picture.complete && picture.naturalWidth));
}"""
CHANGED = """before => {
    const roots = [...document.querySelectorAll('*')].map(node => node.shadowRoot).filter(Boolean);
    const ids = roots.flatMap(root => [...root.querySelectorAll('li.card')]).map(card => card.dataset.id);
    return ids.length >= 12 && ids.slice(1).join() !== before.slice(1).join();
}"""


def visit(browser: Browser, port: int) -> tuple[float, float]:
    """Seconds until the page is ready, and until a like shows."""
    with StylekinClient(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}") as shop:
        shop.register("womenswear")
        liked = [place.item.item_id for place in shop.recommend().recommendations[:2]]
        shop.rate(likes=liked)
        token = shop.token or ""
    address = f"http://127.0.0.1:{port + 4}"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "stylekin", "value": token, "url": address, "httpOnly": True}])
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_function(COMPLETE)
    ready = time.perf_counter() - begun
    page.wait_for_timeout(500)
    before = page.locator("li.card").evaluate_all("cards => cards.map(card => card.dataset.id)")
    button = page.locator("li.card .like").first
    begun = time.perf_counter()
    button.click()
    page.wait_for_function(CHANGED, arg=before)
    shown = time.perf_counter() - begun
    context.close()
    return ready, shown


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page")
    parser.add_argument("--port", type=int, default=8080, help="first port of `make demo`; default: 8080")
    port = parser.parse_args().port
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        visit(browser, port)  # whatever is done once
        load = os.getloadavg()[0]
        runs = [visit(browser, port) for _ in range(RUNS)]
        browser.close()
    found = {
        name: {"median_s": round(median(values), 2), "worst_s": round(max(values), 2)}
        for name, values in zip(("ready", "like"), zip(*runs, strict=True), strict=True)
    }
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(load, 1)}
    report = {"date": datetime.now(UTC).date().isoformat(), "runs": RUNS, "machine": machine, **found}
    RESULT.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
