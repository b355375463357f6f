"""``recommend`` with a photograph: like pictures come first, nothing keeps it, no other call pays."""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from werkzeug.test import TestResponse

from functions.recommend.main import PHOTO_LIMIT
from shared import pictures
from shared.encoder import Encoder
from shared.facts import Picture, clock
from shared.log import append, delta_name
from tests.bundles import painted
from tests.functions.test_recommend import Shopper, check_problem
from tests.shop import ROOT, Shop

COLOURS = ("red", "orange", "green", "blue", "navy")


@pytest.fixture(name="shop")
def make_shop(tmp_path: Path) -> Shop:
    """Items named after the colour of their picture, embedded by the networks that average colours."""
    shop = Shop(tmp_path, colours=True)
    shop.open("womenswear", "menswear")
    encoder = Encoder.load(shop.blobs, "womenswear", shop.cards["womenswear"].version)
    for number, colour in enumerate(COLOURS):
        vector = encoder.encode(pictures.decode(painted(colour))).vector.astype("f2")
        at = clock(number + 1, 0, f"womenswear/{colour}.jpg")
        fact = Picture(colour, at, encoder.card.version, vector, None, 0.0)
        assert append(shop.blobs, "womenswear", delta_name(at, "picture", encoder.card.version), [fact])
    return shop


@pytest.fixture(name="clients")
def make_clients(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with shop.serving(monkeypatch) as clients:
        yield clients


def send(shopper: Shopper, photo: bytes, request: object = None, **fields: Any) -> TestResponse:
    form = {"photo": (BytesIO(photo), "photo.jpg"), **fields}
    if request is not None:
        form["request"] = json.dumps(request)
    client: Any = shopper.clients["recommend"]
    answer: TestResponse = client.post(
        "/", data=form, content_type="multipart/form-data", headers=shopper.headers
    )
    return answer


def found(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [entry["item"]["item_id"] for entry in json.loads(answer.text)["recommendations"]]


@pytest.mark.parametrize(("colour", "format"), [("maroon", "JPEG"), ("maroon", "PNG"), ("blue", "WEBP")])
def test_items_like_the_photograph_come_first(clients: Any, colour: str, format: str) -> None:
    answer = send(Shopper(clients), painted(colour, format), {"explore": 0, "limit": 2})
    first = {"maroon": "red", "blue": "blue"}[colour]
    assert found(answer)[0] == first
    why = json.loads(answer.text)["recommendations"][0]["why"]
    assert set(why) == {"strategy", "resnet50", "style_cnn", "weights", "adjustments"}
    assert why["strategy"] == "photograph"
    assert why["resnet50"] == pytest.approx(1, abs=1e-2)


def test_likes_do_not_count_and_are_not_shown(clients: Any) -> None:
    ada = Shopper(clients, likes=["navy"])
    assert found(send(ada, painted("red"), {"explore": 0}))[:2] == ["red", "orange"]
    assert "navy" not in found(send(ada, painted("navy"), {"explore": 0}))


def test_a_photograph_of_several_megabytes_is_taken(clients: Any) -> None:
    ada, buffer = Shopper(clients), BytesIO()
    noise = np.random.default_rng(0).integers(0, 60, (1500, 1500, 3), np.uint8)
    noise[..., 0] += 190  # mostly red
    Image.fromarray(noise).save(buffer, "JPEG", quality=98)
    assert buffer.tell() > 2_000_000
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    data = head + buffer.getvalue() + b"\r\n--x--\r\n"
    assert found(ada.post(data, content_type="multipart/form-data; boundary=x"))[0] == "red"


def test_pages_of_a_photograph(clients: Any) -> None:
    ada, photo = Shopper(clients), painted("red")
    first = send(ada, photo, {"explore": 0, "limit": 2})
    cursor = json.loads(first.text)["next"]
    second = send(ada, photo, {"explore": 0, "limit": 9, "cursor": cursor})
    assert {*found(first)} & {*found(second)} == set()
    other = send(ada, painted("green"), {"explore": 0, "cursor": cursor})
    check_problem(other, 400, "malformed-request", "cursor: expected the request it came with")


def test_the_photograph_is_kept_nowhere(shop: Shop, clients: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ada = Shopper(clients)
    before = sorted(shop.root.rglob("*"))
    capsys.readouterr()
    found(send(ada, painted("red")))
    assert sorted(shop.root.rglob("*")) == before
    line = json.loads(capsys.readouterr().out)
    assert (line["photo"], line["status"]) == (True, 200)
    assert ada.profile["likes"] == []


@pytest.mark.parametrize(
    ("photo", "says"),
    [
        (b"", "photo: expected a picture, found 0 bytes"),
        (b"hello", "photo: expected a JPEG, PNG or WebP picture"),
        (painted("red")[:200], "photo: expected a whole JPEG picture"),
        (painted("red", "PNG", (7000, 6000)), "photo: expected at most"),
    ],
    ids=["empty", "text", "cut off", "too many pixels"],
)
def test_what_is_no_photograph_is_refused(shop: Shop, clients: Any, photo: bytes, says: str) -> None:
    ada = Shopper(clients)
    check_problem(send(ada, photo, {"likes": ["red"]}), 400, "photo-refused", says)
    assert ada.profile["likes"] == []


def test_forms_that_are_none_are_refused(clients: Any) -> None:
    ada, photo = Shopper(clients), painted("red")
    client = clients["recommend"]
    check_problem(send(ada, photo, {"limit": 0}), 400, "malformed-request", "limit: expected")
    check_problem(send(ada, photo, picture="x"), 400, "malformed-request", "only request, photo", "picture")
    for data in ({}, {"request": "{}"}, {"photo": "text, not a file"}):
        answer = client.post("/", data=data, content_type="multipart/form-data", headers=ada.headers)
        check_problem(answer, 400, "malformed-request", "photo: expected a file in the form, found none")
    answer = client.post("/", data=b"--x", content_type="multipart/form-data", headers=ada.headers)
    assert answer.status_code == 400
    check_problem(send(ada, photo, "x" * 70_000), 413, "body-too-large", "request: expected at most 65536")
    two = {"photo": (BytesIO(photo), "a.jpg"), "request": "{}", "third": "x"}
    answer = client.post("/", data=two, content_type="multipart/form-data", headers=ada.headers)
    check_problem(answer, 400, "malformed-request", "found more parts")
    # by hand: the client would keep so large a form in a file and leave it open
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    data, kind = head + bytes(PHOTO_LIMIT + 70_000) + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    check_problem(ada.post(data, content_type=kind), 413, "body-too-large", "body: expected at most")
    data = head + bytes(PHOTO_LIMIT + 1) + b"\r\n--x--\r\n"
    check_problem(
        ada.post(data, content_type=kind), 413, "body-too-large", "photo: expected at most 20971520"
    )


def test_a_photograph_may_be_as_large_as_a_picture() -> None:
    assert PHOTO_LIMIT == pictures.MAX_BYTES


def test_a_photograph_needs_a_token(clients: Any) -> None:
    ada = Shopper(clients)
    ada.headers = {"Authorization": f"Bearer {'0' * 32}.{'a' * 43}"}
    check_problem(send(ada, b"hello"), 401, "unauthenticated")


def test_other_calls_start_without_the_decoder_and_the_networks(shop: Shop, clients: Any) -> None:
    """In a process of its own: after an ordinary call neither library is loaded, after a photograph both."""
    code = """
import sys
from functions_framework import create_app
client = create_app("recommend", "functions/recommend/main.py").test_client()
headers = {"Authorization": "Bearer " + sys.argv[1]}
assert client.post("/", json={}, headers=headers).status_code == 200
assert not {"PIL", "onnxruntime"} & sys.modules.keys()
form = {"photo": (open(sys.argv[2], "rb"), "photo.png")}
assert client.post("/", data=form, headers=headers).status_code == 200
assert {"PIL", "onnxruntime"} <= sys.modules.keys()
"""
    photo = shop.root / "photo.png"
    photo.write_bytes(painted("red", "PNG"))
    token = Shopper(clients).token
    subprocess.run([sys.executable, "-c", code, token, photo], cwd=ROOT, check=True)
