"""The use-case: filters against an oracle on random catalogues, seeds, and calls that meet."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.asking import Asked, Request
from shared.card import Part
from shared.catalogue import Catalogue, fold
from shared.departments import Space
from shared.engine import Hand, Need
from shared.errors import MalformedRequest, ModelMissing, Unauthenticated, UnknownItem
from shared.facts import Attributes, Picture, clock
from shared.filters import NAMES, Filters
from shared.likeness import STRATEGIES
from shared.preparing import ready
from shared.profile import LATELY, Preferences, Profile
from shared.recommending import recommend, seed_of
from shared.registering import Registration, start
from shared.storage.sqlite import Sqlite
from tests.bundles import WEIGHTS, card
from tests.shop import AXES, WIDTH, embedding

CARD = card(parts=tuple(Part(name, f"{name}.onnx", WIDTH, weight) for name, weight in WEIGHTS.items()))
NOW = 1_700_000_000


class Still:
    """A reader of a catalogue that never changes."""

    def __init__(self, items: dict[str, tuple[Any, dict[str, Any]]]) -> None:
        facts: list[Any] = []
        for item_id, (direction, fields) in items.items():
            at = clock(1, 0, f"womenswear/{item_id}.jpg")
            facts.append(Picture(item_id, at, CARD.version, embedding(direction), None, 0.0))
            facts.append(Attributes(item_id, at, fields))
        space = Space("womenswear", CARD.version)
        self.catalogue = fold(Catalogue.empty(space, CARD.width), facts)

    def at_hand(self, need: Need) -> Hand:
        return Hand(self.catalogue, CARD, self.size())

    def size(self) -> int:
        return len(self.catalogue.visible(CARD))

    def __call__(self, department: str) -> Any:
        return self


@pytest.fixture(name="users")
def make_users(tmp_path: Path) -> Iterator[Sqlite]:
    users = Sqlite(tmp_path / "users.db")
    yield users
    users.close()


def register(users: Sqlite, *likes: str) -> str:
    token = start(users, Registration("womenswear", likes=likes)).token
    assert token is not None
    return token


def ids(body: dict[str, Any]) -> list[str]:
    return [entry["item"]["item_id"] for entry in body["recommendations"]]


fields = st.fixed_dictionaries(
    {},
    optional={
        "price": st.sampled_from([5.0, 10.0, 15.0]),
        "sizes": st.lists(st.sampled_from(["S", "m", "M", "L"]), min_size=1, max_size=2, unique=True).map(
            tuple
        ),
        "category": st.sampled_from(["coat", "Coat", "dress"]),
        "brand": st.sampled_from(["Ada", "bo"]),
        "available": st.booleans(),
        "group_id": st.sampled_from(["g", "h", "i"]),
    },
)
asked = st.builds(
    Asked,
    min_price=st.none() | st.sampled_from([0.0, 5.0, 10.0]),
    max_price=st.none() | st.sampled_from([10.0, 12.0]),
    sizes=st.none() | st.lists(st.sampled_from(["s", "M", "XL"]), max_size=2).map(tuple),
    categories=st.none() | st.lists(st.sampled_from(["COAT", "dress"]), max_size=2).map(tuple),
    brands=st.none() | st.lists(st.sampled_from(["ADA", "Bo"]), max_size=2).map(tuple),
    available=st.booleans(),
)


def matches(item: dict[str, Any], wanted: Asked) -> bool:
    """Whether an item as it was put in matches, read off word by word."""
    price = item.get("price")
    sizes = {size.casefold() for size in item.get("sizes", ())}
    return (
        (wanted.min_price is None or (price is not None and price >= wanted.min_price))
        and (wanted.max_price is None or (price is not None and price <= wanted.max_price))  # type: ignore[operator]
        and (not wanted.sizes or bool(sizes & {size.casefold() for size in wanted.sizes}))
        and (
            not wanted.categories
            or item.get("category", "").casefold() in {w.casefold() for w in wanted.categories}
        )
        and (not wanted.brands or item.get("brand", "").casefold() in {w.casefold() for w in wanted.brands})
        and (not wanted.available or item.get("available") is not False)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(fields, min_size=1, max_size=15), asked, st.booleans(), st.integers(0, 99))
def test_what_is_recommended_is_what_matches(
    users: Sqlite, shelf: list[dict[str, Any]], wanted: Asked, likes: bool, seed: int
) -> None:
    """Every match is returned, or one of its group is: with likes, without, and while exploring."""
    random = np.random.default_rng(seed)
    items = {f"{i:02d}": (random.normal(size=WIDTH), row) for i, row in enumerate(shelf)}
    reader = Still(items)
    liked = ("00",) if likes else ()
    request = Request(likes=liked, filters=wanted, limit=100, explore=0.5, seed=seed)
    answer = recommend(users, reader, register(users), request, NOW).body
    groups = {item_id: row.get("group_id", item_id) for item_id, (_, row) in items.items()}
    barred = {groups[item_id] for item_id in liked}
    right = [i for i, (_, row) in items.items() if matches(row, wanted) and groups[i] not in barred]
    found = ids(answer)
    assert set(found) <= set(right)
    assert sorted({groups[item_id] for item_id in right}) == sorted(groups[item_id] for item_id in found)
    again = recommend(users, reader, register(users), request, NOW).body
    assert msgspec.json.encode(again) == msgspec.json.encode(answer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(fields, min_size=1, max_size=15), asked, st.permutations(NAMES), st.integers(0, 6))
def test_relaxing_and_counting_go_by_what_can_be_recommended(
    users: Sqlite, shelf: list[dict[str, Any]], wanted: Asked, order: list[str], few: int
) -> None:
    """The liked item and its group match filters, and yet are neither found nor counted."""
    random = np.random.default_rng(few)
    items = {f"{i:02d}": (random.normal(size=WIDTH), row) for i, row in enumerate(shelf)}
    group = shelf[0].get("group_id", "none")
    rest = [row for row in shelf[1:] if row.get("group_id") != group]
    steps: list[tuple[Asked, list[str]]] = [(wanted, [])]
    for name in order[:few]:
        last, dropped = steps[-1]
        if (asks := getattr(last, name)) is not False and asks not in (None, ()):
            looser = msgspec.structs.replace(last, **{name: False if name == "available" else None})
            steps.append((looser, [*dropped, name]))
    kept, dropped = next((step for step in steps if any(matches(row, step[0]) for row in rest)), steps[0])
    request = Request(("00",), filters=wanted, relax=tuple(order[:few]), facets=True, limit=100)
    answer = recommend(users, Still(items), register(users), request, NOW).body
    assert answer["relaxed"] == dropped
    assert bool(answer["recommendations"]) == any(matches(row, kept) for row in rest)
    for facet in ("sizes", "categories", "brands"):
        for value, count in ((each["value"], each["count"]) for each in answer["facets"][facet]):
            choice = msgspec.structs.replace(kept, **{facet: (value,)})
            assert count == sum(matches(row, choice) for row in rest) > 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.integers(3, 30), st.sampled_from(STRATEGIES))
def test_the_reasons_sum_to_the_score(users: Sqlite, seed: int, n: int, strategy: str) -> None:
    random = np.random.default_rng(seed)
    reader = Still({f"{i:02d}": (random.normal(size=WIDTH), {}) for i in range(n)})
    named = [f"{i:02d}" for i in random.permutation(n)[: int(random.integers(1, 7))]]
    request = Request(tuple(named[::2]), tuple(named[1::2]), 100, explore=0, strategy=strategy)
    token = register(users)
    first, again = (recommend(users, reader, token, request, now).body["recommendations"] for now in (1, 2))
    assert not any("shown_lately" in entry["why"]["adjustments"] for entry in first)
    for entry in [*first, *again]:
        why = entry["why"]
        cosines = sum(weight * why[part] for part, weight in why["weights"].items())
        assert entry["score"] == pytest.approx(cosines + sum(why["adjustments"].values()), abs=1e-6)
        assert why["liked_item"] in named[::2]
        assert (why.get("disliked_item") in named[1::2]) == ("dislike" in why["adjustments"])
        assert all(-1 - 1e-6 <= why[part] <= 1 + 1e-6 for part in why["weights"])


def overlaps(users: Sqlite, vectors: Any, likes: list[int]) -> list[float]:
    """The mean share of the first page that four repeats show again, the last of them two hours later."""
    reader = Still({f"{i:03d}": (vector, {}) for i, vector in enumerate(vectors)})
    times = [NOW, NOW + 1, NOW + 2, NOW + 3, NOW + 3 + LATELY]
    shares = []
    for liked in likes:
        token = register(users, f"{liked:03d}")
        pages = [{*ids(recommend(users, reader, token, Request(explore=0), now).body)} for now in times]
        shares.append([len(page & pages[0]) / len(pages[0]) for page in pages[1:]])
    return [round(float(share), 6) for share in np.mean(shares, axis=0)]


def test_repeat_calls_overlap_less_and_less(users: Sqlite) -> None:
    """Twelve items have a cosine of 0.9 with the like and 150 others a smaller one, so one can see how often
    the twelve may be halved before others pass them: 0.9, 0.45, 0.225, 0.1125."""

    def around(cosine: float, sides: Any) -> Any:
        return cosine * AXES[0] + (1 - cosine**2) ** 0.5 * sides

    sides = np.concatenate([AXES[1:], -AXES[1:]])[:12]
    others = np.random.default_rng(0).normal(size=(150, WIDTH)) * (1 - AXES[0])
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    shares = []
    for cosine, stays in ((0.6, [0, 0, 0]), (0.3, [1, 0, 0]), (0.15, [1, 1, 0])):
        shelf = np.concatenate([AXES[:1], around(0.9, sides), around(cosine, others)])
        *soon, later = overlaps(users, shelf, [0])
        assert soon == stays, cosine
        assert later == 1  # two hours later all has risen again
        shares.append(soon)
    first, second, third = np.mean(shares, axis=0)
    assert 1 > first > second > third == 0


def test_a_page_does_not_come_again_soon(users: Sqlite) -> None:
    """Where there are enough other items, most of every repeat is new. (Without fading nothing would be.)"""
    random = np.random.default_rng(0)
    *soon, later = overlaps(users, random.normal(size=(300, WIDTH)), list(range(40)))
    assert max(soon) < 0.5
    assert later == 1


@pytest.mark.parametrize("likes", [(), ("000",)])
def test_one_profile_gives_the_same_bytes_whenever_nothing_was_shown_lately(
    users: Sqlite, likes: tuple[str, ...]
) -> None:
    random = np.random.default_rng(0)
    reader = Still({f"{i:03d}": (random.normal(size=WIDTH), {}) for i in range(50)})
    request = Request(likes=likes, seed=3)
    bodies = [recommend(users, reader, register(users), request, now).body for now in (1, NOW, NOW + 1)]
    assert bodies[0] == bodies[1] == bodies[2]


def test_filters_lie_over_preferences() -> None:
    preferences = Preferences(max_price=50, sizes=("M",), categories=("coat",))
    assert Asked().over(preferences) == Filters(max_price=50, sizes=("M",), categories=("coat",))
    assert Asked(max_price=None, sizes=(), categories=None).over(preferences) == Filters()
    assert Asked(min_price=5, max_price=9, sizes=("L",), brands=("bo",), available=False).over(
        preferences
    ) == Filters(5, 9, ("L",), ("coat",), ("bo",), available_only=False)
    assert Asked().over(Preferences()) == Filters()


def test_seeds_move_with_the_history_alone() -> None:
    ada = Profile(user_id="a" * 32, department="womenswear")
    seeds = [
        seed_of(profile)
        for profile in (
            ada,
            ada.with_tastes("womenswear", ["x"]),
            ada.with_tastes("womenswear", [], ["x"]),
            ada.with_shown("womenswear", ["x"], NOW),
            msgspec.structs.replace(ada, user_id="b" * 32),
        )
    ]
    assert len(set(seeds)) == 5
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert seed_of(ada.with_token("t")) == seeds[0]
    assert seed_of(ada.with_shown("womenswear", ["x"], NOW + 1)) == seeds[3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"strategy": "worst_match"}, 'strategy: expected "best_match" or "centroid", found "worst_match"'),
        ({"department": "kids"}, "department: expected"),
        ({"likes": ("a/b",)}, r"likes\[0\]: expected an item id"),
        ({"likes": ("a", "b"), "dislikes": ("b",)}, 'dislikes: expected no item that is in likes, found "b"'),
    ],
)
def test_requests_that_contradict_themselves_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedRequest, match=message):
        Request(**change)


def test_unknown_items_are_refused_before_anything_is_written(users: Sqlite) -> None:
    token = register(users)
    reader = Still({"a": (AXES[0], {})})
    with pytest.raises(UnknownItem, match='expected ids of womenswear items, found "b", "c"'):
        recommend(users, reader, token, Request(likes=("a", "b"), dislikes=("c",)), NOW)
    assert users.get(token.partition(".")[0]).tastes == ()


class ErasedMeanwhile(Sqlite):
    """A store in which another call erases the profile before ours is written."""

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        def late(profile: Profile) -> Profile:
            self.delete(user_id)
            return change(profile)

        return super().update(user_id, late)


def test_a_shopper_erased_meanwhile_gets_nothing(users: Sqlite) -> None:
    token = register(users)
    meanwhile = ErasedMeanwhile(users.path)
    with pytest.raises(Unauthenticated, match="given by register"):
        recommend(meanwhile, Still({"a": (AXES[0], {})}), token, Request(), NOW)
    meanwhile.close()


class LikedMeanwhile(Sqlite):
    """A store in which another call adds a like before ours is written."""

    liked = False

    def update(self, user_id: str, change: Callable[[Profile], Profile]) -> Profile:
        def late(profile: Profile) -> Profile:
            if not self.liked:
                self.liked = True
                self.update(user_id, lambda profile: profile.with_tastes("womenswear", ["b"]))
            return change(profile)

        return super().update(user_id, late)


def test_a_like_given_meanwhile_is_kept(users: Sqlite) -> None:
    token = register(users)
    meanwhile = LikedMeanwhile(users.path)
    items = {name: (AXES[place], {}) for place, name in enumerate("abc")}
    recommend(meanwhile, Still(items), token, Request(likes=("a",)), NOW)
    assert sorted(users.get(token.partition(".")[0]).likes("womenswear")) == ["a", "b"]
    meanwhile.close()


def test_ready_while_one_department_is_served() -> None:
    def readers(department: str) -> Any:
        if department == "menswear":
            raise ModelMissing("menswear: expected a manifest, found none")
        return Still({"a": (AXES[0], {})})

    def nothing(department: str) -> Any:
        raise ModelMissing(f"{department}: expected a manifest, found none")

    assert ready(readers) == {"womenswear": 1}
    with pytest.raises(ModelMissing):
        ready(nothing)
