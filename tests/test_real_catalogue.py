"""A real shop's catalogue through the running system: 209 items of a sample store, dropped into a folder.

Needs the data set luma_osl3 beside the repository (see CONTRIBUTING).
"""

import csv
import itertools
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared.departments import DEPARTMENTS
from shared.facts import parse_clock
from shared.items import Items
from shared.reader import Reader
from shared.storage.folder import Folder
from tests.running import DATA, System, eventually, free_ports, needs, running

LUMA = DATA / "luma_osl3/dev"


@dataclass(frozen=True)
class Product:
    """One row of the shop's own table."""

    item_id: str
    group_id: str
    department: str
    picture: Path
    price: float
    sizes: frozenset[str]
    category: str
    row: dict[str, str]


def shop() -> list[Product]:
    """The shop's items, as its table has them."""
    needs((LUMA / "metadata.csv").exists(), "the data set luma_osl3")
    with (LUMA / "metadata.csv").open(newline="") as file:
        return [
            Product(
                row["item_id"],
                row["product_id"],
                row["department"],
                LUMA / row["image"],
                float(row["price"]),
                frozenset(filter(None, row["size"].split("|"))),
                row["category"],
                row,
            )
            for row in csv.DictReader(file)
        ]


def drop(product: Product, images: Path, picture: Path | None = None) -> Path:
    """Copy one picture into the folder, as a shop does."""
    folder = images / product.department
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(picture or product.picture, folder / f"{product.item_id}.jpg"))


def drop_tables(products: list[Product], images: Path) -> None:
    """One table of attributes per department; `colour` is a column that Stylekin does not keep."""
    for department in DEPARTMENTS:
        columns = ["item_id", "brand", "title", "price", "currency", "sizes", "category"]
        columns += ["description", "group_id", "colour"]
        (images / department).mkdir(parents=True, exist_ok=True)
        with (images / department / "attributes.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            for product in products:
                if product.department == department:
                    names = {"sizes": product.row["size"], "group_id": product.group_id}
                    writer.writerow({**product.row, **names})


def items(local: Path, department: str) -> Items:
    """What a reader that has just started sees."""
    reader = Reader(Folder(local / "catalogue"), department, max_age=0)
    return reader.catalogue().visible(reader.card())


def visible(local: Path) -> set[str]:
    """The items of both departments that can be recommended."""
    return {str(item) for department in DEPARTMENTS for item in items(local, department).item_ids}


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return shop()


@pytest.fixture(scope="module")
def luma(products: list[Product], tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A running system with the whole shop in it."""
    with running(tmp_path_factory.mktemp("luma")) as system:
        images = system.local / "images"
        for product in products[:100]:
            drop(product, images)
        drop_tables(products, images)
        for product in products[100:]:
            drop(product, images)
        everything = {product.item_id for product in products}
        eventually("all items are visible", lambda: visible(system.local) == everything, 180)
        for department in DEPARTMENTS:
            count = sum(product.department == department for product in products)
            eventually("the function sees them", lambda d=department, c=count: system.items(d) == c)
        eventually("the tables are read", lambda: tables_read(system, products))
        yield system


def tables_read(system: System, products: list[Product]) -> bool:
    """Whether the last item of each department has its title."""
    for department in DEPARTMENTS:
        found = items(system.local, department)
        last = [product for product in products if product.department == department][-1]
        row = found.row(last.item_id)
        if row is None or found.describe(row).get("title") != last.row["title"]:
            return False
    return True


def test_every_item_becomes_recommendable(luma: System, products: list[Product]) -> None:
    for department in DEPARTMENTS:
        shopper = luma.shopper(department)
        groups = {product.group_id for product in products if product.department == department}
        answer = luma.ask(shopper, limit=100, explore=0)
        assert answer["catalogue"]["items"] == sum(p.department == department for p in products)
        assert {found["item"]["group_id"] for found in answer["recommendations"]} <= groups
    assert len(products) == 209


def test_attributes_are_the_shops_own(luma: System, products: list[Product]) -> None:
    by_id = {product.item_id: product for product in products}
    for department in DEPARTMENTS:
        for found in luma.ask(luma.shopper(department), limit=100)["recommendations"]:
            item, product = found["item"], by_id[found["item"]["item_id"]]
            assert item["title"] == product.row["title"]
            assert item["price"] == product.price
            assert item["currency"] == "USD"
            assert frozenset(item["sizes"]) == product.sizes
            assert item["category"] == product.category
            assert item["description"] == product.row["description"]
            assert "colour" not in item


def test_nobody_is_shown_the_same_product_twice(luma: System, products: list[Product]) -> None:
    by_id = {product.item_id: product for product in products}
    for product in products:
        answer = luma.ask(luma.shopper(product.department), likes=[product.item_id], limit=20)
        assert answer["recommendations"], product.item_id
        groups = [by_id[found["item"]["item_id"]].group_id for found in answer["recommendations"]]
        assert product.group_id not in groups
        assert len(groups) == len(set(groups)), product.item_id
        assert {by_id[found["item"]["item_id"]].department for found in answer["recommendations"]} == {
            product.department
        }


FILTERS: list[dict[str, Any]] = [
    {"max_price": 30},
    {"min_price": 45, "max_price": 60},
    {"sizes": ["XS"]},
    {"sizes": ["32", "S"]},
    {"sizes": ["W32", "x-small"]},
    {"categories": ["Tees"]},
    {"categories": ["Jackets", "Pants"], "max_price": 60},
    {"categories": ["Hoodies & Sweatshirts"], "sizes": ["XL"], "min_price": 50},
    {"brands": ["Luma"], "available": True},
    {"brands": ["Nobody"]},
    {"max_price": 0.5},
]


#: What the shop writes for a size, where that is something else.
WRITTEN = {"W28": "28", "W29": "29", "W30": "30", "W31": "31", "W32": "32", "x-small": "XS"}
WRITTEN |= {"W33": "33", "W34": "34", "W36": "36"}


def allowed(product: Product, filters: dict[str, Any]) -> bool:
    """The oracle: what a filter means, written plainly."""
    return (
        product.price >= filters.get("min_price", 0)
        and product.price <= filters.get("max_price", 1e9)
        and (
            "sizes" not in filters
            or not product.sizes.isdisjoint(WRITTEN.get(s, s) for s in filters["sizes"])
        )
        and ("categories" not in filters or product.category in filters["categories"])
        and ("brands" not in filters or product.row["brand"] in filters["brands"])
    )


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("department", DEPARTMENTS)
def test_filters_agree_with_a_plain_reading(
    luma: System, products: list[Product], department: str, filters: dict[str, Any]
) -> None:
    """Every item that the oracle allows is shown, unless a near-duplicate of it is (or was liked)."""
    ours = [product for product in products if product.department == department]
    liked = random.Random(str(filters)).choice(ours)
    answer = luma.ask(luma.shopper(department), likes=[liked.item_id], limit=100, explore=0, filters=filters)
    shown = [found["item"]["item_id"] for found in answer["recommendations"]]
    right = {product.item_id for product in ours if allowed(product, filters)}
    assert set(shown) <= right

    found = items(luma.local, department)
    threshold = Reader(Folder(luma.local / "catalogue"), department, 0).card().duplicate_threshold
    group = {product.item_id: product.group_id for product in ours}
    kept = [*shown, liked.item_id]
    for item in right - set(shown):
        cosines = [float(found.vectors[found.row(item)] @ found.vectors[found.row(other)]) for other in kept]
        same = [group[item] == group[other] for other in kept]
        assert any(same) or max(cosines) > threshold - 1e-3, f"{item} is missing"
    if filters == {"categories": ["Tees"]}:
        assert right, "the filter must match something for this test to mean anything"


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_facets_are_counts_of_the_shops_own_table(
    luma: System, products: list[Product], department: str
) -> None:
    facets = luma.ask(luma.shopper(department), facets=True)["facets"]
    ours = [product for product in products if product.department == department]
    prices = sorted(product.price for product in ours)
    assert (facets["price"]["currency"], facets["price"]["min"], facets["price"]["max"]) == (
        "USD",
        prices[0],
        prices[-1],
    )
    for bucket in facets["price"]["buckets"]:
        assert bucket["count"] == sum(bucket["min"] <= price <= bucket["max"] for price in prices)
    assert sum(bucket["count"] for bucket in facets["price"]["buckets"]) == len(ours)
    sizes = {WRITTEN.get(each["value"], each["value"]): each["count"] for each in facets["sizes"]}
    assert sizes == Counter(size for product in ours for size in product.sizes)
    categories = {each["value"]: each["count"] for each in facets["categories"]}
    assert categories == Counter(product.category for product in ours)
    assert facets["brands"] == [{"value": "Luma", "count": len(ours)}]
    assert facets["available"] == [{"value": True, "count": len(ours)}]


def test_scores_are_the_weighted_cosines_of_the_pictures(luma: System, products: list[Product]) -> None:
    liked = products[0]
    answer = luma.ask(luma.shopper(liked.department), likes=[liked.item_id], limit=20, explore=0)
    found = items(luma.local, liked.department)
    scores = [one["score"] for one in answer["recommendations"]]
    assert scores == sorted(scores, reverse=True)
    for one in answer["recommendations"]:
        row = found.row(one["item"]["item_id"])
        assert one["why"]["liked_item"] == liked.item_id
        expected = float(found.vectors[row] @ found.vectors[found.row(liked.item_id)])
        assert one["score"] == pytest.approx(expected, abs=1e-5)
        assert 0.7 * one["why"]["resnet50"] + 0.3 * one["why"]["style_cnn"] == pytest.approx(
            one["score"], abs=1e-5
        )


def test_what_a_shop_does_later_shows(luma: System, products: list[Product]) -> None:
    """Overwriting, deleting, and two files that are no pictures; last, since it changes the shop."""
    images = luma.local / "images"
    overwritten, deleted, other = products[3], products[7], products[90]
    assert overwritten.department == deleted.department
    before = items(luma.local, overwritten.department)
    row = before.row(overwritten.item_id)
    assert row is not None
    old = before.vectors[row]
    drop(overwritten, images, picture=other.picture)
    (images / deleted.department / f"{deleted.item_id}.jpg").unlink()
    (images / "womenswear" / "text.jpg").write_text("this is no picture")
    (images / "womenswear" / "empty.jpg").write_bytes(b"")

    def changed() -> bool:
        now = items(luma.local, overwritten.department)
        row = now.row(overwritten.item_id)
        return row is not None and float(now.vectors[row] @ old) < 0.999

    eventually("the overwritten picture is embedded anew", changed)
    eventually("the deleted item is gone", lambda: deleted.item_id not in visible(luma.local))
    rejected = luma.local / "catalogue/womenswear/rejected"
    for name, reason in (("text", "NotAPicture"), ("empty", "EmptyPicture")):
        eventually(f"{name}.jpg is refused", (rejected / f"{name}.json").exists)
        assert reason in (rejected / f"{name}.json").read_text()
        assert name not in visible(luma.local)
    expected = sum(product.department == deleted.department for product in products) - 1
    eventually("the function has heard", lambda: luma.items(deleted.department) == expected)
    answer = luma.ask(luma.shopper(deleted.department, likes=[deleted.item_id]), limit=100)
    assert [ignored["item_id"] for ignored in answer["ignored"]] == [deleted.item_id]
    assert deleted.item_id not in {one["item"]["item_id"] for one in answer["recommendations"]}
    stat = (images / overwritten.department / f"{overwritten.item_id}.jpg").stat()
    assert parse_clock(str(catalogue_clock(luma.local, overwritten)))[0] == stat.st_ctime_ns


def catalogue_clock(local: Path, product: Product) -> str | None:
    reader = Reader(Folder(local / "catalogue"), product.department, max_age=0)
    return reader.catalogue().picture_clock(product.item_id)


def test_a_kill_at_any_moment_loses_nothing(products: list[Product], tmp_path: Path) -> None:
    """The shop goes on dropping, overwriting and deleting while the whole system is killed 20 times."""
    rounds = 20
    local, images = tmp_path / "killed", tmp_path / "killed/images"
    present: dict[str, Product] = {}
    order = random.Random(0).sample(products, len(products))
    batches = [order[index::rounds] for index in range(rounds)]
    port = free_ports(8)
    for seed, batch in enumerate(batches):
        dice = random.Random(seed)
        system = System(local, port).start()
        try:
            if seed:
                eventually(
                    f"all dropped before kill {seed} is there", lambda: visible(local) == set(present), 120
                )
            else:
                eventually("it starts", lambda: (local / "catalogue/menswear/manifest.json").exists())
            if len(present) > 4:
                gone, again, other = dice.sample(sorted(present), 3)
                (images / present[gone].department / f"{gone}.jpg").unlink()
                drop(present[again], images, picture=present[other].picture)
                present.pop(gone)
            for product in batch:
                drop(product, images)
                present[product.item_id] = product
            eventually("a random moment", timer(dice.uniform(0, 1.5)))
        finally:
            system.kill()
    drop_tables(products, images)
    with running(local) as system:
        eventually("everything is there", lambda: visible(local) == set(present), 120)
        for product in present.values():
            generation = (images / product.department / f"{product.item_id}.jpg").stat().st_ctime_ns
            eventually(
                f"{product.item_id} is its newest picture",
                lambda p=product, g=generation: parse_clock(str(catalogue_clock(local, p)))[0] == g,
            )
        for department in DEPARTMENTS:
            found = items(local, department)
            assert np.isfinite(found.vectors[:]).all()
            assert np.allclose(np.linalg.norm(found.vectors[:], axis=1), 1, atol=1e-5)
            count = len(found.item_ids)
            eventually("served", lambda d=department, n=count: system.items(d) == n)
        by_department = defaultdict(list)
        for product in present.values():
            by_department[product.department].append(product)
        for department, ours in by_department.items():
            titles = {
                one["item"].get("title")
                for one in system.ask(system.shopper(department), limit=100)["recommendations"]
            }
            assert titles <= {product.row["title"] for product in ours}


def timer(seconds: float) -> Any:
    """A check that is true from ``seconds`` from now on."""
    beats = itertools.count()
    return lambda: next(beats) * 0.1 >= seconds
