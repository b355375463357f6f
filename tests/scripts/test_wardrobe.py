"""The drawn wardrobe: the same from the same seed, balanced, cut out on white, styles not told by colour."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.wardrobe import WardrobeItem, draw
from scripts.wardrobe.__main__ import main
from scripts.wardrobe.curves import box, mirrored, smooth, turned
from scripts.wardrobe.folder import COLUMNS, TABLE, fill, table
from scripts.wardrobe.garments import GARMENTS
from scripts.wardrobe.items import cell
from scripts.wardrobe.look import FABRICS
from scripts.wardrobe.palettes import COLOURS, MAIN, SECOND, blend, schemes, shaded
from scripts.wardrobe.patterns import PATTERNS
from scripts.wardrobe.styles import CATEGORIES, PLAN, STYLES
from shared.departments import DEPARTMENTS

ROOT = Path(__file__).parents[2]
COUNT = 320


@pytest.fixture(scope="module", params=DEPARTMENTS)
def wardrobe(request: pytest.FixtureRequest) -> list[WardrobeItem]:
    return list(draw(request.param, COUNT))


def pixels(item: WardrobeItem) -> np.ndarray:
    return np.asarray(item.image)


def garment(item: WardrobeItem) -> np.ndarray:
    """The colours of what is not background, float (n, 3)."""
    picture = pixels(item)
    return picture[picture.min(axis=2) < 235].astype(float)


# one seed


def test_the_same_seed_gives_the_same_items_and_bytes() -> None:
    for department in DEPARTMENTS:
        once, again = list(draw(department, 25)), list(draw(department, 25))
        assert once == again
        assert [item.picture() for item in once] == [item.picture() for item in again]


def test_an_item_does_not_depend_on_how_many_are_drawn() -> None:
    few, many = list(draw("womenswear", 7)), list(draw("womenswear", 40))
    assert few == many[:7]
    assert [item.picture() for item in few] == [item.picture() for item in many[:7]]


def test_another_seed_gives_other_pictures() -> None:
    assert [i.picture() for i in draw("menswear", 5, seed=1)] != [
        i.picture() for i in draw("menswear", 5, seed=2)
    ]


def test_another_process_draws_the_same_whatever_its_hash_seed() -> None:
    code = (
        "import hashlib; from scripts.wardrobe import draw; "
        "print(hashlib.sha256(b''.join(i.picture() for i in draw('menswear', 12))).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
            capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(answers) == 1


def test_items_are_drawn_only_when_asked_for() -> None:
    stream = draw("womenswear", 10**9)
    assert next(stream).item_id.startswith("W0000-")


def test_an_unknown_department_is_refused() -> None:
    with pytest.raises(KeyError):
        next(draw("kidswear", 1))


# what is drawn


def test_count_and_ids(wardrobe: list[WardrobeItem]) -> None:
    assert len(wardrobe) == COUNT
    assert len({item.item_id for item in wardrobe}) == COUNT
    assert all(item.item_id.isascii() and "/" not in item.item_id for item in wardrobe)


def test_departments_share_no_id() -> None:
    women, men = ({item.item_id for item in draw(d, 60)} for d in DEPARTMENTS)
    assert not women & men


def test_styles_are_balanced(wardrobe: list[WardrobeItem]) -> None:
    counts = Counter(item.style for item in wardrobe)
    assert set(counts) == set(STYLES)
    assert min(counts.values()) > 0.75 * COUNT / len(STYLES)
    assert max(counts.values()) < 1.25 * COUNT / len(STYLES)


def test_every_category_appears_and_none_crowds_out_others(wardrobe: list[WardrobeItem]) -> None:
    department = wardrobe[0].department
    counts = Counter(item.category for item in wardrobe)
    assert set(counts) == set(CATEGORIES[department])
    assert max(counts.values()) < 2.5 * COUNT / len(counts)
    assert min(counts.values()) > COUNT / len(counts) / 3


def test_one_round_of_products_deals_every_planned_cell() -> None:
    for department in DEPARTMENTS:
        rounds = len(PLAN[department]["casual"]) * len(STYLES)
        dealt = Counter(cell(department, product, seed=3) for product in range(rounds))
        planned = Counter((c, style) for style, row in PLAN[department].items() for c in row)
        assert dealt == planned


def test_at_least_twelve_categories_each_in_two_styles_or_more() -> None:
    for department in DEPARTMENTS:
        assert len(CATEGORIES[department]) >= 12
        for category in CATEGORIES[department]:
            worn = [style for style in STYLES if category in PLAN[department][style]]
            assert len(worn) >= 2, (department, category)
        assert len({len(row) for row in PLAN[department].values()}) == 1


def test_tables_name_only_what_exists() -> None:
    for department in DEPARTMENTS:
        assert set(CATEGORIES[department]) <= set(GARMENTS)
        assert {c for row in PLAN[department].values() for c in row} == set(CATEGORIES[department])
    for style in STYLES:
        assert {*SECOND[style], *(n for names in MAIN[style].values() for n in names)} <= set(COLOURS)
        for kinds in FABRICS.values():
            assert {pattern for pattern, _, _ in kinds[style]} <= {"", *PATTERNS}


# colour variants


def test_a_group_is_one_product_in_other_colours(wardrobe: list[WardrobeItem]) -> None:
    groups: dict[str, list[WardrobeItem]] = {}
    for item in wardrobe:
        groups.setdefault(item.group_id, []).append(item)
    several = [group for group in groups.values() if len(group) > 1]
    assert 0.2 < len(several) / len(groups) < 0.5
    assert max(len(group) for group in several) <= 4
    for group in several:
        shared = {(i.category, i.style, i.brand, i.price, i.currency, i.sizes, i.description) for i in group}
        assert len(shared) == 1
        assert len({i.colour for i in group}) == len(group)
        assert len({i.title for i in group}) == len(group)
        for a, b in pairwise(group):
            assert np.abs(pixels(a).astype(int) - pixels(b)).mean() > 0.5


def test_variants_have_the_same_outline(wardrobe: list[WardrobeItem]) -> None:
    pairs = [
        (a, b)
        for a, b in pairwise(wardrobe)
        if a.group_id == b.group_id
        and a.colour not in ("white", "ivory")
        and b.colour not in ("white", "ivory")
    ]
    alike = []
    for a, b in pairs:
        one, other = pixels(a).min(axis=2) < 225, pixels(b).min(axis=2) < 225
        alike.append((one & other).sum() / (one | other).sum())
    assert np.median(alike) > 0.95


# pictures


def test_pictures_are_cut_out_on_white(wardrobe: list[WardrobeItem]) -> None:
    for item in wardrobe:
        picture = pixels(item)
        assert picture.shape == (224, 224, 3)
        for rim in (picture[:4], picture[-4:], picture[:, :4], picture[:, -4:]):
            assert (rim == 255).all(), item.item_id
        for inner in (picture[4:7], picture[-7:-4], picture[:, 4:7], picture[:, -7:-4]):
            assert inner.min() > 200, f"{item.item_id} runs out of the frame"
        assert picture.min(axis=2).max() == 255
        share = (picture.min(axis=2) < 250).mean()
        assert 0.06 < share < 0.75, item.item_id


def test_the_file_is_a_jpeg_close_to_the_picture(wardrobe: list[WardrobeItem]) -> None:
    for item in wardrobe[:12]:
        read = Image.open(io.BytesIO(item.picture()))
        assert (read.format, read.size, read.mode) == ("JPEG", (224, 224), "RGB")
        assert np.abs(np.asarray(read).astype(int) - pixels(item)).mean() < 4


def test_no_style_has_colours_of_its_own(wardrobe: list[WardrobeItem]) -> None:
    """Nearest centroid of the mean colour, fitted on half of the products, tested on the other half."""
    colour = np.array([garment(item).mean(axis=0) for item in wardrobe])
    style = np.array([item.style for item in wardrobe])
    fitted = np.array([int(item.group_id[1:]) % 2 == 0 for item in wardrobe])
    centres = np.array([colour[fitted & (style == s)].mean(axis=0) for s in STYLES])
    nearest = ((colour[~fitted][:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    assert (np.array(STYLES)[nearest] == style[~fitted]).mean() < 0.45


def test_palettes_of_any_two_styles_overlap() -> None:
    for department in DEPARTMENTS:
        worn = {s: {*MAIN[s]["both"], *MAIN[s][department]} for s in STYLES}
        for a in STYLES:
            for b in STYLES:
                assert len(worn[a] & worn[b]) >= 4, (department, a, b)


def test_every_planned_garment_differs_between_styles_in_the_same_colour() -> None:
    """A category drawn in one scheme looks different in each style: cut and detail tell, not colour."""
    import random

    from scripts.wardrobe.canvas import Canvas
    from scripts.wardrobe.look import Look

    for department in DEPARTMENTS:
        scheme = schemes("smart", department, 1, random.Random(1))[0]
        for category in CATEGORIES[department]:
            drawn = []
            for style in (s for s in STYLES if category in PLAN[department][s]):
                canvas = Canvas(random.Random(5))
                GARMENTS[category](canvas, Look(department, category, style, scheme, "key"))
                drawn.append(np.asarray(canvas.finished()).astype(int))
            for i, one in enumerate(drawn):
                for other in drawn[i + 1 :]:
                    assert np.abs(one - other).mean() > 0.8, (department, category)


# words


def test_words_are_plausible(wardrobe: list[WardrobeItem]) -> None:
    for item in wardrobe:
        assert item.brand
        assert item.colour in item.title
        assert 5 < item.price < 600
        assert item.price == round(item.price, 2)
        assert item.currency == "EUR"
        assert item.sizes
        assert len(set(item.sizes)) == len(item.sizes)
        assert len(item.description) > 30
        assert not any(style in item.description.lower().split() for style in STYLES)
    gone = sum(not item.available for item in wardrobe)
    assert 3 <= gone <= COUNT * 0.15


# curves and colours


def test_a_box_stays_a_box_and_a_half_is_mirrored() -> None:
    assert smooth(box(0, 0, 2, 1)) == [(0, 0), (2, 0), (2, 1), (0, 1)]
    whole = mirrored([(0, 0), (3, 1), (0, 2)])
    assert whole == [(0, 0), (3, 1), (0, 2), (-3, 1)]


def test_a_smooth_curve_passes_through_its_points() -> None:
    points = [(0.0, 0.0), (4.0, 1.0), (5.0, 6.0), (-1.0, 3.0)]
    assert set(points) <= set(smooth(points))


def test_turning_is_clockwise_on_the_picture() -> None:
    (x, y), = turned([(1, 0)], 90)  # fmt: skip
    assert (round(x, 9), round(y, 9)) == (0, 1)


def test_shades_and_blends() -> None:
    assert shaded((100, 50, 10), 0.5) == (50, 25, 5)
    assert shaded((100, 50, 10), 2.0) == (255, 255, 255)
    assert blend((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)


# the folder


def test_fill_writes_every_picture_and_a_readable_table(tmp_path: Path) -> None:
    assert fill(tmp_path, "menswear", 30)
    folder = tmp_path / "menswear"
    with (folder / TABLE).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert {row["item_id"] for row in rows} == {path.stem for path in folder.glob("*.jpg")}
    assert len(rows) == 30
    assert all(path.name == TABLE or path.suffix == ".jpg" for path in folder.iterdir())
    for row, item in zip(rows, draw("menswear", 30), strict=True):
        assert float(row["price"]) == item.price
        assert tuple(row["sizes"].split("|")) == item.sizes
        assert row["available"] == str(item.available).lower()
        assert (folder / f"{item.item_id}.jpg").read_bytes() == item.picture()


def test_the_table_does_not_tell_the_style() -> None:
    header = table(list(draw("womenswear", 3))).decode().splitlines()[0].split(",")
    assert "style" not in header
    assert header[0] == "item_id"


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--count", "6"]) == 0
    before = {path: path.stat().st_ctime_ns for path in tmp_path.rglob("*")}
    assert len([path for path in before if path.suffix == ".jpg"]) == 12
    assert main(["--out", str(tmp_path), "--count", "9"]) == 0
    assert not fill(tmp_path, "menswear", 6)
    assert {path: path.stat().st_ctime_ns for path in tmp_path.rglob("*")} == before


def test_only_the_department_asked_for(tmp_path: Path) -> None:
    main(["--out", str(tmp_path), "--count", "2", "--department", "womenswear"])
    assert [path.name for path in tmp_path.iterdir()] == ["womenswear"]


def test_an_interrupted_run_leaves_no_torn_file_and_is_completed_by_the_next(tmp_path: Path) -> None:
    count, folder = 400, tmp_path / "womenswear"
    run = subprocess.Popen(
        [sys.executable, "-m", "scripts.wardrobe", "--out", str(tmp_path), "--count", str(count),
         "--department", "womenswear"], cwd=ROOT, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.jpg")) if folder.exists() else []) < 9 and time.monotonic() < deadline:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    done = {path.name: path.stat().st_ctime_ns for path in folder.glob("[!.]*.jpg")}
    assert 9 <= len(done) < count
    assert not (folder / TABLE).exists()
    for name in done:
        Image.open(io.BytesIO((folder / name).read_bytes())).load()
    assert fill(tmp_path, "womenswear", len(done) + 2)
    assert {name: (folder / name).stat().st_ctime_ns for name in done} == done
    assert len(list(folder.glob("[!.]*.jpg"))) == len(done) + 2


def test_a_torn_picture_is_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "menswear"
    folder.mkdir()
    item = next(draw("menswear", 1))
    (folder / f"{item.item_id}.jpg").write_bytes(item.picture()[:100])
    fill(tmp_path, "menswear", 1)
    assert (folder / f"{item.item_id}.jpg").read_bytes() == item.picture()


def test_contact_sheet_shows_every_style_and_category(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    assert main(["--sheet", str(path), "--department", "menswear"]) == 0
    sheet = np.asarray(Image.open(io.BytesIO(path.read_bytes())))
    for row, style in enumerate(STYLES):
        for column, category in enumerate(CATEGORIES["menswear"]):
            top, left = 26 + row * 224, 64 + column * 112
            filled = (sheet[top + 4 : top + 108, left + 4 : left + 108] < 200).mean() > 0.05
            assert filled == (category in PLAN["menswear"][style]), (style, category)
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.png"]


@pytest.mark.parametrize("arguments", [[], ["--count", "0", "--out", "x"], ["--department", "kids"]])
def test_wrong_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage" in capsys.readouterr().err
