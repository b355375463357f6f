"""Pages of one list: together they are the long list, and none repeats an item whatever happens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.asking import Asked, MaxPer, Request
from shared.cursor import GIVEN
from shared.errors import MalformedRequest
from shared.recommending import recommend
from shared.storage.sqlite import Sqlite
from tests.test_recommending import NOW, Still, ids, register

KINDS = ("coat", "hat", "shoe", "dress")


@pytest.fixture(name="users")
def make_users(tmp_path: Path) -> Iterator[Sqlite]:
    users = Sqlite(tmp_path / "users.db")
    yield users
    users.close()


def shop(n: int, seed: int = 0) -> Still:
    random = np.random.default_rng(seed)
    return Still(
        {
            f"{i:03d}": (
                random.normal(size=8),
                {"category": KINDS[i % 4], "price": float(i), "brand": f"{i % 7}"},
            )
            for i in range(n)
        }
    )


def pages(
    users: Sqlite, reader: Any, token: str, request: Request, now: int = NOW
) -> Iterator[dict[str, Any]]:
    """Every page of a list, a minute between two."""
    while True:
        body = recommend(users, reader, token, request, now).body
        yield body
        if body["next"] is None:
            return
        request, now = msgspec.structs.replace(request, cursor=body["next"]), now + 60


requests = st.builds(
    Request,
    limit=st.integers(3, 30),
    explore=st.sampled_from([0, 0.2, 1]),
    diversity=st.sampled_from([0, 0.5]),
    strategy=st.sampled_from(["best_match", "centroid"]),
    seed=st.none() | st.integers(0, 99),
    max_per=st.sampled_from([MaxPer(), MaxPer(brand=2), MaxPer(category=5)]),
    filters=st.sampled_from([Asked(), Asked(min_price=20)]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests, st.lists(st.sampled_from(["000", "001", "002"]), unique=True), st.integers(0, 3))
def test_the_pages_together_are_the_long_list(
    users: Sqlite, request: Request, likes: list[str], calls: int
) -> None:
    """Also after earlier calls, some of them in the same second."""
    reader = shop(70)
    long, short = register(users, *likes), register(users, *likes)
    # one history for both, though their user ids differ
    request = msgspec.structs.replace(request, seed=request.seed or 7)
    for call in range(calls):
        for token in (long, short):
            recommend(users, reader, token, Request(limit=20, seed=call), NOW - 30 * (call % 2))
    (whole,) = pages(users, reader, long, msgspec.structs.replace(request, limit=100))
    parts = [*pages(users, reader, short, request)]
    assert [len(ids(body)) for body in parts[:-1]] == [request.limit] * (len(parts) - 1)
    told = [entry for body in parts for entry in body["recommendations"]]
    assert told == whole["recommendations"]


def test_a_page_repeats_nothing_whatever_happened(users: Sqlite) -> None:
    """Between two pages items come, go and move, the shopper likes some, and asks for other lists."""
    random, token = np.random.default_rng(1), register(users, "000")
    request, seen, cursor = Request(limit=7, explore=0.3, diversity=0.3), list[str](), None
    for step in range(8):
        n = int(random.integers(60, 120))
        reader, there = shop(n, seed=step), tuple(item_id for item_id in seen if int(item_id) < n)
        request = msgspec.structs.replace(request, cursor=cursor, likes=there[-1:])
        body = recommend(users, reader, token, request, NOW + step).body
        seen += ids(body)
        recommend(users, reader, token, Request(limit=5), NOW + step)
        cursor = body["next"]
        if cursor is None:
            break
    assert len(seen) == len({*seen}) >= 42


def test_pages_may_differ_in_length_and_end(users: Sqlite) -> None:
    reader, token = shop(30), register(users, "000")
    body = recommend(users, reader, token, Request(limit=20), NOW).body
    assert len(ids(body)) == 20
    last = recommend(users, reader, token, Request(limit=9, cursor=body["next"]), NOW).body
    assert (len(ids(last)), last["next"]) == (9, None)  # 29 besides the like
    assert recommend(users, reader, register(users, "000"), Request(limit=29), NOW).body["next"] is None
    assert recommend(users, reader, register(users, "000"), Request(limit=28), NOW).body["next"] is not None


def test_a_list_ends_after_a_thousand(users: Sqlite) -> None:
    reader, token = shop(GIVEN + 60), register(users)
    bodies = [*pages(users, reader, token, Request(limit=100))]
    seen = [item_id for body in bodies for item_id in ids(body)]
    assert len(seen) == len({*seen}) == GIVEN


@pytest.mark.parametrize(
    "change",
    [{"diversity": 0.5}, {"explore": 0.3}, {"filters": Asked(max_price=9)}, {"department": "menswear"}],
)
def test_a_cursor_is_of_one_list(users: Sqlite, change: dict[str, Any]) -> None:
    reader, token = shop(30), register(users, "000")
    body = recommend(users, reader, token, Request(limit=3), NOW).body
    with pytest.raises(MalformedRequest, match="cursor: expected the request it came with"):
        recommend(users, reader, token, Request(limit=3, cursor=body["next"], **change), NOW)
