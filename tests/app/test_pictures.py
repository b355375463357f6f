"""Pictures by item id: the newest of its name, small, upright, on white; the route that serves them."""

import os
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.pictures import FRESH, FolderPictures, NoPicture, address, route, samples
from tests.app.asking import Routes

RED, BLUE = (255, 0, 0), (0, 0, 255)


def save(path: Path, size: tuple[int, int], colour: object, mode: str = "RGB", **options: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)  # type: ignore[arg-type]


def small(folder: Path, item_id: str, width: int = 320) -> Image.Image:
    _, found = FolderPictures(folder).small("womenswear", item_id, width)
    assert isinstance(found, bytes)
    image = Image.open(BytesIO(found))
    assert image.format == "JPEG"
    return image


def test_a_picture_is_as_wide_as_shown_and_no_wider(tmp_path: Path) -> None:
    save(tmp_path / "womenswear/a.jpg", (1200, 900), RED)
    save(tmp_path / "womenswear/b.png", (100, 300), RED)
    assert small(tmp_path, "a").size == (320, 240)
    assert small(tmp_path, "b").size == (100, 300)


def test_a_picture_is_upright_and_on_white(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter
    save(tmp_path / "womenswear/a.jpg", (400, 200), RED, exif=turned)
    save(tmp_path / "womenswear/b.webp", (20, 20), (0, 0, 0, 0), "RGBA")
    assert small(tmp_path, "a").size == (200, 400)
    assert small(tmp_path, "b").getpixel((9, 9)) == (255, 255, 255)


def test_the_newest_ending_counts(tmp_path: Path) -> None:
    save(tmp_path / "womenswear/a.png", (9, 9), RED)
    time.sleep(0.02)  # the clock that files are stamped with is coarse
    save(tmp_path / "womenswear/a.jpg", (9, 9), BLUE)
    before = small(tmp_path, "a").getpixel((4, 4))
    time.sleep(0.02)
    os.utime(tmp_path / "womenswear/a.png")
    after = small(tmp_path, "a").getpixel((4, 4))
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    assert before[2] > 200
    assert after[0] > 200


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "womenswear").mkdir()
    (tmp_path / "womenswear/a.jpg").write_bytes(content)
    with pytest.raises(NoPicture, match="expected a picture"):
        small(tmp_path, "a")


def test_a_few_items_stand_for_a_department(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.png", "c.webp", "d.jpeg", "e.csv", ".f.jpg"):
        save(tmp_path / "womenswear" / name, (9, 9), RED, format="PNG")
    pictures = FolderPictures(tmp_path)
    assert samples(pictures, "womenswear", 2) == ["a", "c"]
    assert samples(pictures, "womenswear", 9) == ["a", "b", "c", "d"]
    assert samples(pictures, "menswear", 3) == []


@pytest.fixture(name="client")
def make_client(tmp_path: Path) -> Routes:
    save(tmp_path / "womenswear/a b&c.jpg", (640, 640), RED)
    save(tmp_path / "secret.jpg", (9, 9), RED)
    return Routes(route(FolderPictures(tmp_path)))


def test_the_route_serves_and_lets_browsers_keep(client: Routes) -> None:
    path = address("womenswear", "a b&c", 160)
    answer = client.ask("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == f"public, max-age={FRESH}"
    assert Image.open(BytesIO(answer.content)).size == (160, 160)
    again = client.ask("GET", path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/pictures/womenswear?item=z&width=160", 404),
        ("/pictures/womenswear?item=../secret&width=160", 404),
        ("/pictures/..?item=secret&width=160", 404),
        ("/pictures/shoes?item=a&width=160", 404),
        ("/pictures/womenswear?item=%00&width=160", 404),
        ("/pictures/womenswear?item=a&width=161", 400),
        ("/pictures/womenswear", 400),
    ],
)
def test_the_route_serves_nothing_else(client: Routes, path: str, status: int) -> None:
    assert client.ask("GET", path).status_code == status
