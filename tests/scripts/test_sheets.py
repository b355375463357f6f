"""The sheets and figures of docs/ranking.md: a shop's table, its shoppers, their lists, what is measured."""

import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from scripts.sheets import figures, lists
from scripts.sheets.__main__ import main
from scripts.sheets.drawing import CELL, MARGIN, REPEATED, ROW, SURPRISE, sheet
from scripts.sheets.figures import FOLDER, PAGE, measures, tables
from scripts.sheets.lists import LENGTH, STEPS, Shopper, drawn, plain, repeated, shoppers, steps
from scripts.sheets.measures import Department, Knob, Measures, Step, distance, knobs, relevance, step
from scripts.sheets.shop import Shop, embedded, listed
from scripts.wardrobe.folder import TABLE, fill
from shared.card import read_card
from shared.departments import DEPARTMENTS, Space
from shared.errors import TableRefused
from shared.items import Items
from shared.likeness import Entry
from shared.vectors import unit
from tests.bundles import card, painted
from tests.running import DATA, ROOT, needs

LUMA = DATA / "luma_osl3/dev/metadata.csv"


def shop(vectors: np.ndarray, groups: list[str | None], kinds: list[str]) -> Shop:
    """A shop of items with these vectors, each painted in a grey of its own."""
    n = len(vectors)
    ids = [f"{i:03d}" for i in range(n)]
    rows = unit(np.asarray(vectors, np.float32))
    items = Items.of(
        Space("womenswear", "colours-1"), ids, rows, (rows.shape[1],), category=kinds, group_id=groups
    )
    squares = np.full((n, 224, 224, 3), np.arange(n, dtype=np.uint8)[:, None, None, None])
    return Shop(items, squares, card())


def crowd(seed: int = 0, n: int = 90) -> Shop:
    """``n`` items, every three of them one product in three colours, around a few styles."""
    random = np.random.default_rng(seed)
    styles = random.normal(size=(6, 12))
    products = styles[np.arange(n // 3) % 6] + random.normal(0, 0.5, (n // 3, 12))
    vectors = np.repeat(products, 3, axis=0) + random.normal(0, 0.05, (n, 12))
    return shop(vectors, [str(i // 3) for i in range(n)], ["coat", "hat", "shoe"] * (n // 3))


def entries(*rows: int) -> list[Entry]:
    return [Entry(row, 0.5, "similar") for row in rows]


# the shop


def written(folder: Path, header: str, *lines: str) -> Path:
    """A table in a folder that has pictures of a1, a2 and a3."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("a1.jpg", "a2.jpg", "a3.jpg"):
        (folder / name).write_bytes(painted("red"))
    table = folder / "items.csv"
    table.write_text("\n".join([header, *lines]) + "\n")
    return table


def test_pictures_lie_beside_the_table_of_a_department(tmp_path: Path) -> None:
    table = written(tmp_path / "menswear", "item_id,group_id,price", "a1,g,12.50", "a2,,", "a9,,")
    found, left_out = listed(table, {})
    assert [(row.item_id, row.department, row.picture.name) for row in found] == [
        ("a1", "menswear", "a1.jpg"),
        ("a2", "menswear", "a2.jpg"),
    ]
    assert found[0].fields == {"group_id": "g", "price": 12.5}
    assert left_out == ["a9: expected the picture a9.jpg, found none"]


def test_a_table_may_name_departments_pictures_and_columns_its_own_way(tmp_path: Path) -> None:
    table = written(
        tmp_path, "SKU,Model,image,department", "x,m,a1.jpg,womenswear", "y,m,a3.jpg,menswear", "z/,m,a1.jpg,"
    )
    found, left_out = listed(table, {"item_id": "sku", "group_id": "Model"})
    assert [(row.item_id, row.department, row.picture.name, row.fields) for row in found] == [
        ("x", "womenswear", "a1.jpg", {"group_id": "m"}),
        ("y", "menswear", "a3.jpg", {"group_id": "m"}),
    ]
    assert [line.split(":")[0] for line in left_out] == ["line 4"]


@pytest.mark.parametrize(
    ("header", "columns", "told"),
    [
        ("item_id", {}, "expected womenswear or menswear in the column department or as the folder's name"),
        ("item_id", {"group_id": "sku"}, "expected the column sku, found item_id"),
        ("name", {}, "expected a header with one item_id"),
    ],
)
def test_a_table_that_does_not_say_enough_is_refused(
    tmp_path: Path, header: str, columns: dict[str, str], told: str
) -> None:
    with pytest.raises(TableRefused, match=told):
        listed(written(tmp_path / "kidswear", header, "a1"), columns)


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "items.csv"
    table.write_bytes(b"item_id\n\xff\xfe\n")
    with pytest.raises(TableRefused, match="expected a CSV table in UTF-8"):
        listed(table, {})


def test_a_shop_of_a_few_products_is_refused(tmp_path: Path) -> None:
    found, _ = listed(written(tmp_path / "menswear", "item_id", "a1", "a2", "a3"), {})
    with pytest.raises(TableRefused, match="menswear: expected at least 20 products with pictures, found 3"):
        embedded(found, "menswear")


# shoppers and their lists


def test_shoppers_like_products_that_go_together() -> None:
    ours = crowd()
    who = shoppers(ours, 10, seed=3)
    assert [len(shopper.liked) for shopper in who] == [3, 4] * 5
    assert [shopper.liked.tolist() for shopper in shoppers(ours, 10, seed=3)] == [
        shopper.liked.tolist() for shopper in who
    ]
    for shopper in who:
        assert len(set(ours.products[shopper.liked])) == len(shopper.liked)
    together = [relevance(ours, s.liked[:1], s.liked[1:]) for s in who if len(s.liked) == 3]
    apart = [relevance(ours, s.liked[:1], np.arange(90)) for s in who if len(s.liked) == 3]
    assert np.mean(together) > np.mean(apart) + 0.2
    assert len({shopper.seed for shopper in who}) == 10


def test_the_plain_list_is_the_order_of_the_cosines() -> None:
    ours, shopper = crowd(), Shopper(np.array([0, 40]), 1)
    cosines = (ours.items.vectors @ ours.items.vectors[shopper.liked].T).max(axis=1)
    cosines[shopper.liked] = -2
    assert [entry.row for entry in plain(ours, shopper)] == np.argsort(-cosines)[:LENGTH].tolist()


def test_what_is_repeated_is_near_a_like_or_what_stands_above() -> None:
    ours = shop(np.eye(6)[[0, 1, 2, 3, 2, 4]], ["a", "a", None, None, None, "b"], ["coat"] * 6)
    shopper = Shopper(np.array([0]), 1)
    # 1 is of the liked product, 4 looks like 2
    assert repeated(ours, shopper, entries(1, 2, 3, 4, 5)) == [True, False, False, True, False]


def test_every_step_but_the_plain_one_is_without_near_duplicates() -> None:
    ours = crowd()
    apart = []
    for shopper in shoppers(ours, 6, seed=1):
        found = steps(ours, shopper)
        rows = {name: np.array([entry.row for entry in each]) for name, each in found.items()}
        apart.append([distance(ours, rows[name]) for name in list(STEPS)[1:4]])
        assert list(found) == list(STEPS)
        assert {len(each) for each in found.values()} == {LENGTH}
        assert sum(repeated(ours, shopper, found.pop("plain cosine"))) > 2
        assert not any(any(repeated(ours, shopper, each)) for each in found.values())
        assert {entry.kind for entry in found["exploration 0.2"]} == {"similar", "explore"}
    removed, little, much = np.mean(apart, axis=0)
    assert removed < little < much


def test_without_groups_colours_come_back() -> None:
    ours = crowd()
    ours = Shop(ours.items, ours.squares, card(duplicate_threshold=1))
    shopper = shoppers(ours, 1, seed=1)[0]
    assert any(repeated(ours, shopper, lists.by_picture(ours, shopper)))


def test_a_list_at_random_knows_nothing_of_the_shopper() -> None:
    ours, shopper = crowd(), Shopper(np.array([0, 40]), 1)
    rows = [entry.row for entry in drawn(ours, shopper)]
    assert len({*rows}) == LENGTH
    assert not {*rows} & {0, 40}


# measures


def test_measures_of_lists_whose_answers_can_be_seen() -> None:
    x, y, z = np.eye(3)
    ours = shop(
        np.array([x, y, z, x + y, x]), [None, None, None, "a", "a"], ["coat", "hat", "shoe", "coat", "hat"]
    )
    who = [Shopper(np.array([0]), 1), Shopper(np.array([1]), 1)]
    found = step(ours, who, [entries(1, 2), entries(2, 4)])
    assert found == Step(
        distance=1.0,
        relevance=0.0,
        duplicates=0.0,
        categories=2.0,
        category_coverage=round(2 / 3, 4),
        product_coverage=round(3 / 4, 4),
        overlap=0.5,
    )
    assert distance(ours, np.array([0, 3, 4])) == pytest.approx((0 + 2 * (1 - math.sqrt(0.5))) / 3, abs=1e-6)
    assert relevance(ours, np.array([0, 1]), np.array([3, 2])) == pytest.approx(math.sqrt(0.5) / 2, abs=1e-6)
    assert step(ours, who, [entries(4, 3), entries(2, 3)]).duplicates == 1.0


def test_diversity_gives_distance_and_takes_relevance() -> None:
    found = knobs(crowd(), 40, seed=0)
    assert found[-1].distance > found[0].distance + 0.05
    assert found[-1].relevance < found[0].relevance - 0.05


# sheets


def test_a_sheet_shows_likes_then_every_step_and_frames_what_is_special() -> None:
    ours = crowd()
    shopper = Shopper(np.array([3, 60]), 5)
    found = steps(ours, shopper)
    page = np.asarray(sheet(ours, shopper, found))
    assert page.shape == (ROW * 6, MARGIN + LENGTH * CELL, 3)

    def cell(place: int, row: int) -> np.ndarray:
        left, top = MARGIN + place * CELL, row * ROW + 5
        return page[top : top + CELL, left : left + CELL]

    assert cell(0, 0)[50, 50].tolist() == [3] * 3
    assert cell(1, 0)[50, 50].tolist() == [60] * 3
    for number, each in enumerate(found.values(), start=1):
        again = repeated(ours, shopper, each)
        for place, (entry, repeats) in enumerate(zip(each, again, strict=True)):
            assert cell(place, number)[50, 50].tolist() == [entry.row] * 3
            frame = cell(place, number)[50, 2].tolist()
            expected = REPEATED if repeats else SURPRISE if entry.kind == "explore" else (255, 255, 255)
            assert frame == list(expected)


@pytest.fixture(scope="module")
def drawn_sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command writes for a small wardrobe, by the demo models."""
    folder = tmp_path_factory.mktemp("sheets")
    for department in DEPARTMENTS:
        fill(folder / "shop", department, 48)
    arguments = [str(folder / "shop" / department / TABLE) for department in DEPARTMENTS]
    options = ["--out", str(folder), "--name", "small", "--shoppers", "4", "--random-shoppers", "8"]
    assert main([*arguments, *options]) == 0
    return folder / "small"


def test_the_command_draws_a_sheet_per_shopper_and_measures(drawn_sheets: Path) -> None:
    names = [f"{department}-{number}.jpg" for department in DEPARTMENTS for number in (1, 2)]
    assert sorted(path.name for path in drawn_sheets.iterdir()) == sorted([*names, "measures.json"])
    for name in names:
        with Image.open(drawn_sheets / name) as picture:
            assert picture.size == (MARGIN + LENGTH * CELL, ROW * 6)
    found = msgspec.json.decode((drawn_sheets / "measures.json").read_bytes(), type=Measures)
    assert [(each.department, each.items, each.shoppers) for each in found.departments] == [
        ("womenswear", 48, 2),
        ("menswear", 48, 2),
    ]


def test_the_command_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = written(tmp_path / "menswear", "item_id", "a1")
    assert main([str(table), "--out", str(tmp_path)]) == 1
    assert "expected at least 20 products with pictures, found 1" in capsys.readouterr().err
    for wrong in (["--column", "group_id"], ["--shoppers", "3"]):
        with pytest.raises(SystemExit):
            main([str(table), *wrong])
        assert "expected" in capsys.readouterr().err


# the page


def test_the_page_tells_the_committed_measures() -> None:
    page = PAGE.read()
    assert [each.shop for each in measures()] == ["luma", "wardrobe"]
    assert PAGE.filled(page, tables(measures())) == page


def test_the_committed_measures_are_of_the_committed_models() -> None:
    """After a new model or threshold: make ranking-figures."""
    for each in (department for found in measures() for department in found.departments):
        path = ROOT / "models" / each.department / each.model / "card.json"
        assert each.duplicate_threshold == read_card(path.read_bytes(), str(path)).duplicate_threshold


def departments() -> list[Department]:
    return [department for found in measures() for department in found.departments]


@pytest.mark.parametrize("found", departments(), ids=lambda each: f"{each.department}-{each.items}")
def test_each_step_does_what_it_is_for(found: Department) -> None:
    before = found.steps["plain cosine"]
    removed = found.steps["duplicates removed"]
    assert before.duplicates > 4
    assert all(found.steps[name].duplicates == 0 for name in list(STEPS)[1:])
    assert removed.categories > before.categories
    assert found.steps["diversity 0.5"].distance > removed.distance
    assert found.steps["exploration 0.2"].distance > removed.distance
    for name in ("duplicates removed", "diversity 0.5", "exploration 0.2"):
        assert found.steps[name].relevance > found.steps["at random"].relevance


@pytest.mark.parametrize("found", measures(), ids=lambda each: each.shop)
def test_without_duplicates_lists_show_more_of_a_shops_products(found: Measures) -> None:
    before, removed = (
        sum(each.steps[name].product_coverage * each.products for each in found.departments)
        for name in ("plain cosine", "duplicates removed")
    )
    assert removed > before


@pytest.mark.parametrize("found", measures(), ids=lambda each: each.shop)
def test_over_200_random_shoppers_distance_never_falls_as_diversity_rises(found: Measures) -> None:
    assert sum(each.random_shoppers for each in found.departments) == 200
    weights = [each.random_shoppers for each in found.departments]
    knobs = [*zip(*(each.knobs for each in found.departments), strict=True)]
    assert [knobs[0][0].diversity, knobs[-1][0].diversity] == [0, 1]
    distances = [np.average([knob.distance for knob in both], weights=weights) for both in knobs]
    relevances = [np.average([knob.relevance for knob in both], weights=weights) for both in knobs]
    assert distances == sorted(distances)
    assert relevances == sorted(relevances, reverse=True)


def test_the_measures_can_be_taken_again(tmp_path: Path) -> None:
    """On the real shop; another processor rounds differently, which may change a place here and there."""
    needs(LUMA.exists(), "the data set luma_osl3")
    options = ["--column", "group_id=product_id", "--column", "sizes=size", "--name", "luma"]
    assert main([str(LUMA), *options, "--out", str(tmp_path)]) == 0
    again = msgspec.json.decode((tmp_path / "luma" / "measures.json").read_bytes(), type=Measures)
    told = next(each for each in measures() if each.shop == "luma")
    for ours, theirs in zip(again.departments, told.departments, strict=True):
        assert (ours.items, ours.products) == (theirs.items, theirs.products)
        for name, each in theirs.steps.items():
            assert ours.steps[name].distance == pytest.approx(each.distance, abs=0.01)
            assert ours.steps[name].duplicates == pytest.approx(each.duplicates, abs=0.5)
        for knob, other in zip(ours.knobs, theirs.knobs, strict=True):
            assert knob.distance == pytest.approx(other.distance, abs=0.01)
            assert knob.relevance == pytest.approx(other.relevance, abs=0.01)


def test_pictures_of_the_page_are_small_and_of_the_wardrobe_alone() -> None:
    pictures = sorted(path.name for path in FOLDER.glob("*.jpg"))
    assert pictures == sorted(figures.PICTURES)
    assert all((FOLDER / name).stat().st_size < 150_000 for name in pictures)
    page = PAGE.read()
    assert all(f"ranking/{name}" in page for name in pictures)


def test_a_table_of_measures() -> None:
    one = Step(0.1234, 0.9, 7.2, 3, 1, 0.5, 0.25)
    found = Measures(
        "small", 7, 12,
        (
            Department(
                "womenswear", "demo-4", 0.991, 40, 20, 5, 100, {"plain cosine": one},
                (Knob(0, 0.1, 0.95), Knob(1, 0.2, 0.9)),
            ),
        ),
    )  # fmt: skip
    lines = tables([found]).splitlines()
    assert "| small, womenswear | plain cosine | 0.123 | 0.900 | 7.2 | 3.0 | 100% | 50% | 25% |" in lines
    assert "| shop | diversity | 0 | 1 |" in lines
    assert "| small, womenswear | distance | 0.100 | 0.200 |" in lines
    assert "| small, womenswear | relevance lost | 0.000 | 0.050 |" in lines
    assert "| small, womenswear | demo-4 | 0.991 | 40 | 20 | 5 | 100 |" in lines
    assert tables([]) == ""
