"""``register`` as HTTP clients see it, through functions-framework."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from shared import wiring
from shared.storage.patient import ATTEMPTS, PatientProfiles

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "functions" / "register" / "main.py"
PROBLEM = "urn:stylekin:problem:"


@pytest.fixture(name="client")
def make_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setenv("USERS", f"sqlite:///{tmp_path}/users.db")
    wiring.settings.cache_clear()
    wiring.users.cache_clear()
    yield functions_framework.create_app("register", str(SOURCE)).test_client()
    users = wiring.users()
    assert isinstance(users, PatientProfiles)
    users.close()
    wiring.settings.cache_clear()
    wiring.users.cache_clear()


def post(client: FlaskClient, body: object, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/", data=json.dumps(body), content_type="application/json", headers=named)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def check_problem(answer: TestResponse, status: int, slug: str, *says: str) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = json.loads(answer.text)
    assert set(problem) == {"type", "title", "status", "detail"}
    assert (problem["type"], problem["status"]) == (PROBLEM + slug, status)
    for words in says:
        assert words in problem["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_starts_shows_and_erases_a_profile(client: FlaskClient) -> None:
    body = {
        "department": "womenswear",
        "preferences": {"max_price": 80, "sizes": ["M", "L"], "categories": ["coat"]},
        "likes": ["a", "b"],
    }
    answer = post(client, body)
    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    made = json.loads(answer.text)
    token = made.pop("token")
    assert made.pop("user_id") == token.partition(".")[0]
    assert made == {
        "department": "womenswear",
        "preferences": {"max_price": 80.0, "sizes": ["M", "L"], "categories": ["coat"]},
        "likes": ["a", "b"],
        "history": {"womenswear": {"likes": ["a", "b"], "dislikes": [], "shown": []}},
    }
    shown = client.get("/", headers=bearer(token))
    assert (shown.status_code, json.loads(shown.text)) == (200, {"user_id": token.partition(".")[0]} | made)
    erased = client.delete("/", headers=bearer(token))
    assert (erased.status_code, erased.data) == (204, b"")
    check_problem(client.get("/", headers=bearer(token)), 401, "unauthenticated")
    check_problem(client.delete("/", headers=bearer(token)), 401, "unauthenticated")


def test_two_posts_make_two_profiles(client: FlaskClient) -> None:
    first, second = (json.loads(post(client, {"department": "menswear"}).text) for _ in range(2))
    assert first["user_id"] != second["user_id"]
    assert first["preferences"] == {}


@pytest.mark.parametrize("prefix", ["", "/register"])
def test_paths_may_begin_with_the_functions_name(client: FlaskClient, prefix: str) -> None:
    made = json.loads(client.post(prefix or "/", json={"department": "menswear"}).text)
    path = f"{prefix}/{made['user_id']}"
    assert json.loads(client.get(path, headers=bearer(made["token"])).text)["user_id"] == made["user_id"]
    assert client.get(f"{prefix}/healthz").status_code == 200
    assert client.delete(path, headers=bearer(made["token"])).status_code == 204


def test_another_shoppers_id_is_not_found(client: FlaskClient) -> None:
    ada, bob = (json.loads(post(client, {"department": "menswear"}).text) for _ in range(2))
    for call in (client.get, client.delete, partial(client.patch, json={"preferences": {"max_price": 1}})):
        check_problem(call(f"/{bob['user_id']}", headers=bearer(ada["token"])), 404, "not-found")
        check_problem(call("/nobody", headers=bearer(ada["token"])), 404, "not-found")
    bobs = client.get("/", headers=bearer(bob["token"]))
    assert (bobs.status_code, bobs.get_json()["preferences"]) == (200, {})


@pytest.mark.parametrize("by_id", [False, True])
def test_preferences_change_where_they_are_named(client: FlaskClient, by_id: bool) -> None:
    before = {"max_price": 80.0, "sizes": ["M", "L"], "categories": ["coat"]}
    body = {"department": "womenswear", "preferences": before, "likes": ["a"]}
    made = json.loads(post(client, body).text)
    token, path = made.pop("token"), f"/{made['user_id']}" if by_id else "/"
    for change, after in (
        ({}, before),
        ({"max_price": 60}, {**before, "max_price": 60.0}),
        ({"sizes": ["S"], "categories": []}, {"max_price": 60.0, "sizes": ["S"]}),
        ({"max_price": None, "sizes": None}, {}),
        ({"categories": ["dress"]}, {"categories": ["dress"]}),
    ):
        for _ in range(2):
            answer = client.patch(path, json={"preferences": change}, headers=bearer(token))
            assert (answer.status_code, answer.get_json()) == (200, {**made, "preferences": after})
            assert answer.headers["Cache-Control"] == "no-store"
            assert client.get("/", headers=bearer(token)).get_json() == answer.get_json()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"preferences": None}, "preferences: expected an object, found null"),
        ({"preferences": {"max_price": -1}}, "preferences.max_price: expected a number >= 0.0, found -1"),
        ({"preferences": {"sizes": [""]}}, "preferences.sizes[0]: expected a string"),
        ({"preferences": {"colour": "red"}}, "expected only max_price, sizes, categories, found"),
        ({"likes": ["a"], "dislikes": ["b", "a"]}, 'expected no item that is in likes, found "a"'),
        ({"likes": ["a", "b/c"]}, "likes[1]: expected an item id without slashes"),
        ({"undo": ["a"] * 51}, "undo: expected an array of length <= 50"),
        ({"department": "shoes"}, 'department: expected "womenswear" or "menswear", found "shoes"'),
        ({"shown": []}, 'expected only preferences, department, likes, dislikes, undo, found "shown"'),
    ],
)
def test_changes_out_of_form_change_nothing(client: FlaskClient, body: object, says: str) -> None:
    made = json.loads(post(client, {"department": "womenswear", "preferences": {"max_price": 5}}).text)
    answer = client.patch("/", json=body, headers=bearer(made["token"]))
    check_problem(answer, 400, "malformed-request", says)
    assert client.get("/", headers=bearer(made["token"])).get_json()["preferences"] == {"max_price": 5.0}


def test_likes_and_dislikes_are_added_and_taken_back(client: FlaskClient) -> None:
    token = json.loads(post(client, {"department": "womenswear", "likes": ["a"]}).text)["token"]
    for change, likes, dislikes in (
        ({"likes": ["b"], "dislikes": ["c"]}, ["a", "b"], ["c"]),
        ({"dislikes": ["a"]}, ["b"], ["c", "a"]),
        ({"undo": ["c", "never"]}, ["b"], ["a"]),
        ({"undo": ["a"], "likes": ["a"]}, ["b", "a"], []),
        ({}, ["b", "a"], []),
    ):
        for _ in range(2):
            answer = client.patch("/", json=change, headers=bearer(token))
            told = answer.get_json()["history"]["womenswear"]
            assert (told["likes"], told["dislikes"]) == (likes, dislikes)
    answer = client.patch("/", json={"department": "menswear", "likes": ["m"]}, headers=bearer(token))
    history = answer.get_json()["history"]
    assert (history["menswear"]["likes"], history["womenswear"]["likes"]) == (["m"], ["b", "a"])


def test_a_profile_that_is_erased_cannot_be_changed(client: FlaskClient) -> None:
    token = json.loads(post(client, {"department": "menswear"}).text)["token"]
    client.delete("/", headers=bearer(token))
    answer = client.patch("/", json={"preferences": {}}, headers=bearer(token))
    check_problem(answer, 401, "unauthenticated")


def test_concurrent_changes_of_different_preferences_are_both_kept(client: FlaskClient) -> None:
    token = json.loads(post(client, {"department": "menswear"}).text)["token"]
    changes = [{"max_price": 7}, {"sizes": ["M"]}, {"categories": ["coat"]}]
    start = threading.Barrier(len(changes))

    def call(change: dict[str, Any]) -> None:
        start.wait()
        one = client.application.test_client()
        assert one.patch("/", json={"preferences": change}, headers=bearer(token)).status_code == 200

    threads = [threading.Thread(target=call, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = client.get("/", headers=bearer(token)).get_json()["preferences"]
    assert kept == {"max_price": 7.0, "sizes": ["M"], "categories": ["coat"]}


def test_a_repeat_with_one_key_gives_one_profile_and_a_fresh_token(client: FlaskClient) -> None:
    body = {"department": "menswear", "likes": ["x"]}
    first, second = (json.loads(post(client, body, Idempotency_Key="key-1").text) for _ in range(2))
    assert first["user_id"] == second["user_id"]
    assert first["token"] != second["token"]
    for made in (first, second):
        assert client.get("/", headers=bearer(made["token"])).status_code == 200
    other = json.loads(post(client, body, Idempotency_Key="key-2").text)
    assert other["user_id"] != first["user_id"]


@pytest.mark.parametrize("path", ["/token", "/register/token"])
def test_a_rotated_token_is_the_only_one(client: FlaskClient, path: str) -> None:
    body = {"department": "menswear", "likes": ["x"], "preferences": {"max_price": 5}}
    first, second = (json.loads(post(client, body, Idempotency_Key="k").text) for _ in range(2))
    answer = client.post(path, headers=bearer(first["token"]))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    fresh = answer.get_json().pop("token")
    assert {**answer.get_json(), "token": ""} == {**first, "token": ""}
    assert fresh not in (first["token"], second["token"])
    for dead in (first["token"], second["token"]):
        for call in (client.get, client.delete, client.post):
            way = path if call == client.post else "/"
            check_problem(call(way, headers=bearer(dead)), 401, "unauthenticated")
    assert client.get("/", headers=bearer(fresh)).get_json()["likes"] == ["x"]
    again = post(client, body, Idempotency_Key="k")  # whoever recorded the first request gets no token by it
    check_problem(again, 409, "idempotency-conflict", "expected one whose token was not rotated since")


def test_a_rotation_whose_answer_was_lost_is_repeated_with_its_key(client: FlaskClient) -> None:
    old = json.loads(post(client, {"department": "menswear"}).text)["token"]
    first, second = (client.post("/token", headers={**bearer(old), "Idempotency-Key": "r"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    for made in (first, second):
        assert client.get("/", headers=bearer(made.get_json()["token"])).status_code == 200
    for key in ({}, {"Idempotency-Key": "other"}):
        check_problem(client.post("/token", headers={**bearer(old), **key}), 401, "unauthenticated")
    last = client.post("/token", headers=bearer(second.get_json()["token"])).get_json()["token"]
    for token, key in ((old, "r"), (first.get_json()["token"], "r"), (second.get_json()["token"], "r")):
        answer = client.post("/token", headers={**bearer(token), "Idempotency-Key": key})
        check_problem(answer, 401, "unauthenticated")
    assert client.get("/", headers=bearer(last)).status_code == 200


def test_of_concurrent_rotations_one_wins(client: FlaskClient) -> None:
    old = json.loads(post(client, {"department": "menswear"}).text)["token"]
    start, answers = threading.Barrier(8), []

    def call() -> None:
        start.wait()
        answers.append(client.application.test_client().post("/token", headers=bearer(old)))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    (made,) = [answer.get_json()["token"] for answer in answers if answer.status_code == 200]
    assert client.get("/", headers=bearer(made)).status_code == 200


def test_only_a_token_rotates(client: FlaskClient) -> None:
    check_problem(client.post("/token"), 401, "unauthenticated", "found no such header")
    for token in ("x", "a" * 32 + "." + "b" * 43):
        check_problem(client.post("/token", headers=bearer(token)), 401, "unauthenticated")
    answer = client.get("/token")
    check_problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "POST"
    token = json.loads(post(client, {"department": "menswear"}).text)["token"]
    answer = client.post("/token", headers={**bearer(token), "Idempotency-Key": "two words"})
    check_problem(answer, 400, "malformed-request")
    assert client.get("/", headers=bearer(token)).status_code == 200


def test_a_key_with_another_body_is_a_conflict(client: FlaskClient) -> None:
    made = json.loads(post(client, {"department": "menswear"}, Idempotency_Key="k").text)
    answer = post(client, {"department": "womenswear"}, Idempotency_Key="k")
    check_problem(answer, 409, "idempotency-conflict", "Idempotency-Key: expected", "found another one")
    assert json.loads(client.get("/", headers=bearer(made["token"])).text)["department"] == "menswear"
    # the same request said differently is the same request
    same = client.post(
        "/",
        data=b' {"likes":[], "department":\n"menswear"}',
        headers={"Idempotency-Key": "k", "Content-Type": "application/json; charset=utf-8"},
    )
    assert json.loads(same.text)["user_id"] == made["user_id"]


def test_fifty_concurrent_posts_with_one_key_make_one_profile(client: FlaskClient) -> None:
    body = {"department": "menswear", "likes": ["x"]}
    start = threading.Barrier(50)
    made: list[dict[str, Any]] = []

    def call() -> None:
        start.wait()
        answer = client.application.test_client().post("/", json=body, headers={"Idempotency-Key": "k"})
        made.append(json.loads(answer.text))

    threads = [threading.Thread(target=call) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["user_id"] for answer in made}) == 1
    assert len({answer["token"] for answer in made}) == 50
    for answer in made:
        assert client.get("/", headers=bearer(answer["token"])).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "\u00e9"])
def test_keys_are_visible_ascii(client: FlaskClient, key: str) -> None:
    answer = post(client, {"department": "menswear"}, Idempotency_Key=key)
    check_problem(
        answer, 400, "malformed-request", "Idempotency-Key: expected 1 to 255 visible ASCII", "found"
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, ["body: expected the field department, found none"]),
        ([], ["body: expected an object, found an array of 0"]),
        (None, ["body: expected an object, found null"]),
        ("menswear", ['body: expected an object, found "menswear"']),
        ({"department": "kids"}, ['department: expected "womenswear" or "menswear", found "kids"']),
        ({"department": 7}, ["department: expected a string, found 7"]),
        ({"department": None}, ["department: expected a string, found null"]),
        (
            {"department": "menswear", "name": "Ada"},
            ['body: expected only department, preferences, likes, found "name"'],
        ),
        (
            {"department": "menswear", "preferences": {"colour": "red"}},
            ['preferences: expected only max_price, sizes, categories, found "colour"'],
        ),
        (
            {"department": "menswear", "preferences": {"max_price": -1}},
            ["preferences.max_price: expected", ">= 0", "found -1"],
        ),
        (
            {"department": "menswear", "preferences": {"max_price": "9"}},
            ["preferences.max_price:", 'found "9"'],
        ),
        ({"department": "menswear", "preferences": {"max_price": 1e13}}, ["found 10000000000000"]),
        ({"department": "menswear", "preferences": {"sizes": "M"}}, ["preferences.sizes:", 'found "M"']),
        ({"department": "menswear", "preferences": {"sizes": [""]}}, ["preferences.sizes[0]:", 'found ""']),
        (
            {"department": "menswear", "likes": ["x"] * 51},
            ["likes: expected", "an array of length <= 50", "found an array of 51"],
        ),
        ({"department": "menswear", "likes": ["x", 3]}, ["likes[1]: expected a string, found 3"]),
        ({"department": "menswear", "likes": ["x", ""]}, ["likes[1]: expected", 'found ""']),
        (
            {"department": "menswear", "likes": ["x" * 201]},
            ["likes[0]: expected", "<= 200", "found a string of 201 characters"],
        ),
        ({"department": "menswear", "likes": {"a": 1}}, ["likes: expected an array, found an object of 1"]),
    ],
)
def test_bodies_out_of_form_are_refused(client: FlaskClient, body: object, says: list[str]) -> None:
    check_problem(post(client, body), 400, "malformed-request", *says)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "found an empty body"),
        (b"{", "expected JSON, found a body of 1 bytes"),
        (b"{}x", "trailing characters"),
        (b"\x00", "expected JSON"),
        (b'{"department":"menswear\x00"}', "expected JSON"),
        (b'{"department":"menswear","likes":["\\u0000a"]}', "likes[0]: expected"),
        (b'{"department":NaN}', "expected JSON"),
        (b'{"department":Infinity}', "expected JSON"),
        (b'{"department":' + b"9" * 5000 + b"}", "expected JSON"),
        (b'{"department":' + b"9" * 300 + b"}", "department: expected a string, found 9999"),
        (b'{"department":1e999}', "expected JSON"),
        (b"[" * 60_000, "nested too deeply"),
        (b'{"a":' * 12_000, "nested too deeply"),
        (b'{"department":"\\ud800"}', "expected JSON"),
        (b'{"department":"\\udc00x"}', "expected JSON"),
        (b'{"department":"\xed\xa0\x80"}', "expected JSON in UTF-8"),
        (b'{"department":"\xff"}', "expected JSON in UTF-8"),
        (b"\xff\xfe{\x00}\x00", "expected JSON"),
    ],
)
def test_bytes_that_are_no_json_are_refused(client: FlaskClient, data: bytes, says: str) -> None:
    check_problem(
        client.post("/", data=data, content_type="application/json"), 400, "malformed-request", says
    )


def test_a_body_over_64_kib_is_refused(client: FlaskClient) -> None:
    def padded(size: int) -> bytes:
        body = b'{"department":"menswear"}'
        return body + b" " * (size - len(body))

    assert client.post("/", data=padded(64 * 1024), content_type="application/json").status_code == 201
    answer = client.post("/", data=padded(64 * 1024 + 1), content_type="application/json")
    check_problem(answer, 413, "body-too-large", "body: expected at most 65536 bytes, found 65537")


@pytest.mark.parametrize("method", ["PUT", "HEAD", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    for path, allowed in (
        ("/", "POST, GET, PATCH, DELETE"),
        ("/abc", "GET, PATCH, DELETE"),
        ("/healthz", "GET"),
    ):
        answer = client.open(path, method=method)
        assert answer.headers["Allow"] == allowed
        if method == "HEAD":
            assert (answer.status_code, answer.data) == (405, b"")
        else:
            says = f'method: expected {allowed.replace(", ", " or ")}, found "{method}"'
            check_problem(answer, 405, "method-not-allowed", says)


@pytest.mark.parametrize(
    "kind",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"],
)
def test_other_content_types_are_not_read(client: FlaskClient, kind: str | None) -> None:
    answer = client.post("/", data=b'{"department":"menswear"}', content_type=kind)
    check_problem(answer, 415, "unsupported-media-type", "expected application/json, found", kind or "none")


def test_compressed_bodies_are_not_read(client: FlaskClient) -> None:
    answer = post(client, {"department": "menswear"}, Content_Encoding="gzip")
    check_problem(answer, 415, "unsupported-media-type", 'Content-Encoding: expected none, found "gzip"')


@pytest.mark.parametrize("path", ["/a/b", "/register/a/b", "/healthz/x", "/registered/x"])
def test_other_paths_are_not_found(client: FlaskClient, path: str) -> None:
    check_problem(
        client.get(path), 404, "not-found", "path: expected /healthz or / or /token or /{user_id}, found"
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer x",
        f"Bearer {'a' * 32}.{'b' * 43}",
        f"Bearer {'a' * 32}.{'é' * 43}",
        "Bearer " + "x" * 5000,
    ],
)
def test_missing_and_wrong_tokens(client: FlaskClient, value: str | None) -> None:
    for call in (client.get, client.delete, partial(client.patch, json={"preferences": {}})):
        for path in ("/", "/abc"):
            answer = call(path, headers={} if value is None else {"Authorization": value})
            check_problem(answer, 401, "unauthenticated", "Authorization: expected", "found")
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_of_the_right_shopper_with_another_secret_is_wrong(client: FlaskClient) -> None:
    ada, bob = (json.loads(post(client, {"department": "menswear"}).text) for _ in range(2))
    mixed = f"{ada['user_id']}.{bob['token'].partition('.')[2]}"
    check_problem(client.get("/", headers=bearer(mixed)), 401, "unauthenticated")


def test_a_store_that_is_down_is_unavailable(
    client: FlaskClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "users.db").mkdir()
    for answer in (post(client, {"department": "menswear"}), client.get("/healthz")):
        check_problem(answer, 503, "store-unavailable", "expected to open the profiles")
        assert answer.headers["Retry-After"] == "1"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    again = [line["call"] for line in lines if line["message"] == "asked a store again"]
    assert again == ["create"] * (ATTEMPTS - 1) + ["get"] * (ATTEMPTS - 1)
    assert [line["severity"] for line in lines if line["severity"] != "WARNING"] == ["ERROR", "ERROR"]
    (tmp_path / "users.db").rmdir()
    assert client.get("/healthz").get_json() == {"status": "ready"}


def test_one_log_line_per_request_and_never_a_token(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    made = json.loads(post(client, {"department": "menswear"}, Idempotency_Key="my-secret-key").text)
    token, user_id = made["token"], made["user_id"]
    client.get(f"/{user_id}?token={token}", headers={**bearer(token), "X-Cloud-Trace-Context": "1c" * 16})
    client.get(f"/{token}", headers=bearer(token))
    client.get("/", headers=bearer(token[:-1]))
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/", 201),
        ("GET", "/{user_id}", 200),
        ("GET", "/{user_id}", 404),
        ("GET", "/", 401),
    ]
    assert lines[1]["trace"] == "1c" * 16
    assert lines[3]["problem"] == "unauthenticated"
    assert all(line["function"] == "register" and line["ms"] >= 0 for line in lines)
    assert token.partition(".")[2][:-1] not in out
    assert "my-secret-key" not in out


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["menswear", "a"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
near = st.fixed_dictionaries(
    {"department": st.sampled_from(["menswear", "womenswear"]) | anything},
    optional={
        "likes": anything,
        "preferences": st.fixed_dictionaries(
            {}, optional={"max_price": anything, "sizes": anything, "categories": anything}
        ),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | (near | anything).map(lambda value: json.dumps(value).encode()))
def test_no_body_gives_a_500(client: FlaskClient, data: bytes) -> None:
    answer = client.post("/", data=data, content_type="application/json")
    assert answer.status_code in (201, 400), answer.text
    if answer.status_code == 400:
        check_problem(answer, 400, "malformed-request", "expected", "found")
