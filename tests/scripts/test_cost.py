"""What a month costs: sums one can do by hand, the sizes that are deployed, and the page that tells them."""

import re
import subprocess
import sys

import pytest

from scripts.cost import CPUS, MEMORY_GIB, PRICES, SIZES, Price, Size, month
from scripts.stage import FUNCTIONS
from tests.running import ROOT
from tests.terraform import local_values

NOTHING = {function: {"call_cpu_seconds": 0.0, "first_call_cpu_seconds": 0.0} for function in FUNCTIONS}


def cost(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.cost", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_what_is_free_is_taken_off_first() -> None:
    price = Price(0.40, 1e6, "request", 2_000_000, "", "")
    assert [price.of(count) for count in (0, 2e6, 3e6)] == [0, 0, pytest.approx(0.40)]


def test_a_month_done_by_hand() -> None:
    """Ten million calls: 0.1 s of one CPU and 3 GiB each, one document read and one written."""
    found = month(Size(items=0, pictures=0, calls=10_000_000, shoppers=0), NOTHING)
    compaction = 30 * 24 * 4 * 0.1
    cpu = (1e6 + compaction - 180_000) * 0.000024
    memory = (3e6 + compaction - 360_000) * 0.0000025
    assert found["functions"] == pytest.approx(cpu + memory + (10_002_880 - 2e6) / 1e6 * 0.40)
    assert found["profiles"] == pytest.approx(100 * 0.06 + 100 * 0.18)
    assert found["answers"] == pytest.approx(80 * 0.12)


def test_a_shop_that_does_nothing_pays_for_looking_after_itself_only() -> None:
    found = month(Size(0, 0, 0, 0), NOTHING)
    assert (found["functions"], found["profiles"], found["answers"]) == (0, 0, 0)
    assert 0 < sum(found.values()) < 1


def test_more_of_anything_never_costs_less() -> None:
    sums = [sum(month(size, NOTHING).values()) for size in SIZES.values()]
    assert sums == sorted(sums)


def test_functions_are_as_large_as_they_are_deployed() -> None:
    deployed = local_values()["functions"]
    units = {"Mi": 1 / 1024, "Gi": 1}
    for function in FUNCTIONS:
        number, unit = re.fullmatch(r"(\d+)(Mi|Gi)", deployed[function]["memory"]).groups()
        assert int(number) * units[unit] == MEMORY_GIB[function]
        assert int(deployed[function]["cpu"]) == CPUS[function]


def test_every_price_says_where_it_is_from_and_when_it_was_compared() -> None:
    for price in PRICES.values():
        assert price.page.startswith("https://cloud.google.com/")
        assert re.match(r"\d{4}-\d\d-\d\d, with a copy|never: ", price.seen)


def test_the_documentation_tells_what_the_script_prints() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text()
    for part in cost().stdout.strip().split("\n\n"):
        assert part in text, "run `python -m scripts.cost` and put what it prints into docs/deploy.md"


def test_a_size_of_ones_own() -> None:
    found = cost("--items", "5000", "--calls", "300000")
    assert "| yours | 5,000 | 1,000 | 300,000 | 10,000 |" in found.stdout
    refused = cost("--items", "5000")
    assert (refused.returncode, "--items and --calls together" in refused.stderr) == (2, True)
