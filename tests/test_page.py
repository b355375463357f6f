"""A page on catalogues whose answer one can see, and its promises on random ones."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import page
from shared.departments import Space
from shared.exploration import clusters, far
from shared.filters import Filters, matching
from shared.items import Items
from shared.likeness import STRATEGIES, Entry, Taste
from shared.page import Wish, first_page, similar_page
from shared.ranking import Rows
from shared.vectors import unit

SPACE = Space("womenswear", "test")
THRESHOLD = 0.95
NOTHING = np.array([], np.intp)


def shelf(vectors: object, groups: list[str | None] | None = None) -> Items:
    rows = unit(np.array(vectors, np.float32))
    ids = [f"{number:05d}" for number in range(len(rows))]
    return Items.of(SPACE, ids, rows, (rows.shape[1],), group_id=groups)


def taste(liked: list[int], disliked: list[int] | None = None, shown: list[int] | None = None) -> Taste:
    return Taste(*(np.array(sorted(rows or []), np.intp) for rows in (liked, disliked, shown)))


def similar(items: Items, known: Taste, wish: Wish) -> tuple[list[Entry], Rows]:
    rows = known.candidates(items, matching(items, Filters()), THRESHOLD)
    return similar_page(items, clusters(items.vectors), rows, known, wish, THRESHOLD), rows


X, Y, Z = np.eye(3)


def test_candidates_leave_out_what_is_known_and_its_near_duplicates() -> None:
    items = shelf([X, X + Y / 9, Y, Y + Z, Z, Y - X, X - Z], ["coat", None, None, None, "hat", "coat", "hat"])
    everything = np.ones(7, bool)
    # 1 is near 0, 5 is of its group; 6 is of the group of 4
    assert taste([0]).candidates(items, everything, THRESHOLD).tolist() == [2, 3, 4, 6]
    assert taste([], [4]).candidates(items, everything, THRESHOLD).tolist() == [0, 1, 2, 3, 5]
    assert taste([2], [4]).candidates(items, everything, THRESHOLD).tolist() == [0, 1, 3, 5]
    assert taste([]).candidates(items, ~everything, THRESHOLD).tolist() == []
    assert everything.all()
    assert taste([]).candidates(items, everything, THRESHOLD).tolist() == [0, 1, 2, 3, 4, 5, 6]


@given(st.integers(0, 2**32 - 1), st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_candidates_are_those_that_are_compared_one_by_one(
    seed: int, likes: int, dislikes: int, near: bool
) -> None:
    random = np.random.default_rng(seed)
    vectors = unit(random.normal(size=(30, 3)))
    groups = [str(label) if label < 4 else None for label in random.integers(12, size=30)]
    items, mask = shelf(vectors, groups), random.random(30) < 0.8
    known = taste(*(random.integers(30, size=size).tolist() for size in (likes, dislikes)))
    if near:
        known = replace(known, near=3, photograph=items.vectors[3])
    named = {*known.liked.tolist(), *known.disliked.tolist(), *([3] if near else [])}
    cosines = items.vectors[:].astype(np.float64) @ items.vectors[:].astype(np.float64).T
    expected = [
        row
        for row in np.flatnonzero(mask).tolist()
        if row not in named
        and not any(cosines[row, other] > THRESHOLD for other in named)
        and not any(groups[row] is not None and groups[row] == groups[other] for other in named)
    ]
    assert known.candidates(items, mask, THRESHOLD).tolist() == expected


def test_the_closest_to_any_like_comes_first() -> None:
    items = shelf([X, Y, 3 * X + Z, 2 * Y + Z, X + Z])
    entries, _ = similar(items, taste([0, 1]), Wish(12, 0, 0))
    assert [(entry.row, entry.like, entry.kind) for entry in entries] == [
        (2, 0, "similar"),
        (3, 1, "similar"),
        (4, 0, "similar"),
    ]
    assert [entry.score for entry in entries] == pytest.approx([3 / 10**0.5, 2 / 5**0.5, 0.5**0.5], abs=1e-6)


def test_the_closest_to_the_mean_comes_first_where_that_is_asked_for() -> None:
    items = shelf([X, Y, 3 * X + Y, X + Y + Z / 4, Z])
    known, wish = taste([0, 1]), Wish(12, 0, 0, "centroid")
    assert [entry.row for entry in similar(items, known, Wish(12, 0, 0))[0]] == [2, 3, 4]
    entries, _ = similar(items, known, wish)
    assert [(entry.row, entry.like, entry.why["strategy"]) for entry in entries] == [
        (3, 0, "centroid"),
        (2, 0, "centroid"),
        (4, 0, "centroid"),
    ]
    assert entries[1].score == pytest.approx(4 / 20**0.5, abs=1e-6)


@pytest.mark.parametrize("strategy", [*STRATEGIES, "photograph"])
@pytest.mark.parametrize("copies", [1, 40])
def test_a_long_catalogue_is_ranked_as_if_every_score_were_worked_out(strategy: str, copies: int) -> None:
    """Also where the best are near-duplicates by the hundred, so that a list goes deep."""
    random = np.random.default_rng(copies)
    n = 6000
    rows = unit(random.normal(size=(n // copies, 24)))[np.arange(n) % (n // copies)]
    rows = unit(rows + random.normal(size=rows.shape) * 0.002)
    items = shelf(rows)
    known = taste([0, 1, 2], [7, 9], [*range(20, 400)])
    photograph = rows[5] if strategy == "photograph" else None
    known = Taste(known.liked, known.disliked, known.shown, np.arange(380) % 3, photograph)
    entries, left = similar(items, known, Wish(60, 0, 1, strategy))
    # the reference
    exact = rows.astype(np.float64)
    named = exact[[0, 1, 2, 7, 9]]
    assert left.tolist() == np.flatnonzero((rows @ rows[[0, 1, 2, 7, 9]].T).max(axis=1) <= THRESHOLD).tolist()
    with_whom = exact[[5]] if strategy == "photograph" else named[:3]
    if strategy == "centroid":
        with_whom = named[:3].mean(axis=0, keepdims=True) / np.linalg.norm(named[:3].mean(axis=0))
    pushed = (exact @ with_whom.T).max(axis=1) - 0.25 * np.maximum((exact @ named[3:].T).max(axis=1), 0)
    scores = pushed - np.abs(pushed) * (1 - 0.5 ** known.times(items))
    kept = list[int]()
    for row in left[np.argsort(-np.round(scores[left], 6), kind="stable")].tolist():
        if len(kept) < 60 and not (rows[kept] @ rows[row] > THRESHOLD).any():
            kept.append(row)
    assert [entry.row for entry in entries] == kept
    assert [entry.score for entry in entries] == pytest.approx(scores[kept], abs=2e-6)


def test_dislikes_push_away() -> None:
    items = shelf([X, Y, 4 * X + 3 * Y, X + Z, X - 2 * Y])
    plain, _ = similar(items, taste([0]), Wish(12, 0, 0))
    assert [entry.row for entry in plain] == [2, 3, 4, 1]
    entries, _ = similar(items, taste([0], [1]), Wish(12, 0, 0))
    assert [(entry.row, entry.dislike) for entry in entries] == [(3, None), (2, 1), (4, None)]
    assert [entry.adjustments for entry in entries] == [{}, {"dislike": -0.15}, {}]
    assert entries[1].score == pytest.approx(0.8 - 0.15, abs=1e-6)


def test_what_was_shown_lately_sinks_by_half_each_time() -> None:
    items = shelf([X, 4 * X + 3 * Y, 3 * X + 4 * Z, X - 2 * Y, Z - X])
    known = Taste(*(np.array(rows, np.intp) for rows in ([0], [], [1, 4], [1, 1])))
    entries, _ = similar(items, known, Wish(12, 0, 0))
    assert [entry.row for entry in entries] == [2, 3, 1, 4]
    assert [entry.score for entry in entries] == pytest.approx([0.6, 5**-0.5, 0.4, -1.5 * 0.5**0.5], abs=2e-6)
    assert entries[2].adjustments == {"shown_lately": -0.4}
    assert entries[0].adjustments == {}


def test_a_photograph_is_compared_with_instead_of_the_likes() -> None:
    items = shelf([X, Y, 3 * Y + Z, 2 * X + Z, Y + Z - X])
    photo = unit(np.array([2 * Y + Z], np.float32))[0]
    known = Taste(np.array([0]), np.array([4]), NOTHING, photograph=photo)
    entries, _ = similar(items, known, Wish(12, 0, 0))
    assert [(entry.row, entry.like, entry.why["strategy"]) for entry in entries] == [
        (2, None, "photograph"),
        (1, None, "photograph"),
        (3, None, "photograph"),
    ]
    cosines = items.vectors[[2, 1, 3]].astype(float) @ photo
    assert [sum(entry.parts) for entry in entries] == pytest.approx(cosines, abs=1e-6)
    assert entries[1].adjustments == {"dislike": pytest.approx(-0.25 * 3**-0.5, abs=1e-6)}
    alone = Taste(NOTHING, NOTHING, NOTHING, photograph=photo)
    assert [entry.row for entry in similar(items, alone, Wish(2, 0, 0))[0]] == [2, 1]


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 20), st.sampled_from([0, 0.5]), st.sampled_from([0, 0.4, 1]),
    st.booleans(),
)  # fmt: skip
def test_a_long_page_begins_with_the_short_one(
    seed: int, limit: int, diversity: float, explore: float, likes: bool
) -> None:
    random = np.random.default_rng(seed)
    rows = unit(random.normal(size=(60, 5)).astype(np.float32))
    names = [("Ada", "Bo", None)[b] for b in random.integers(3, size=60).tolist()]
    items = Items.of(SPACE, [f"{i:02d}" for i in range(60)], rows, (5,), brand=names, category=names)

    def first(length: int) -> list[Entry]:
        wish = Wish(length, explore, seed, diversity=diversity, max_per={"brand": 9})
        if not likes:
            return first_page(items, np.arange(60), taste([], shown=[3, 5]), wish, THRESHOLD)
        return similar(items, taste([0, 1], [2], [3, 5]), wish)[0]

    assert first(60)[:limit] == first(limit)


def test_a_first_page_goes_round_the_categories() -> None:
    random = np.random.default_rng(0)
    kinds = ["coat"] * 40 + ["Coat "] * 10 + ["hat"] * 8 + ["shoe"] * 2
    rows = unit(random.normal(size=(60, 8)).astype(np.float32))
    items = Items.of(SPACE, [f"{i:02d}" for i in range(60)], rows, (8,), category=kinds)
    for seed in range(20):
        page = first_page(items, np.arange(60), taste([]), Wish(9, 0, seed), THRESHOLD)
        told = Counter(kinds[entry.row].strip().lower() for entry in page)
        assert told["shoe"] == 2
        assert sorted((told["coat"], told["hat"])) == [3, 4]


def test_a_first_page_shows_first_what_was_not_shown_lately() -> None:
    items = shelf(np.eye(6))
    known = Taste(*(np.array(rows, np.intp) for rows in ([], [], [0, 2, 3], [1, 2, 0])))
    entries = first_page(items, np.arange(6), known, Wish(12, 0, 0), THRESHOLD)
    rows = [entry.row for entry in entries]
    assert (sorted(rows[:4]), rows[4:]) == ([1, 3, 4, 5], [0, 2])


def test_likes_that_cancel_out_fall_back_to_the_best_match() -> None:
    items = shelf([X, -X, X + Y, 2 * Y - X, Z])
    pages = [similar(items, taste([0, 1]), Wish(12, 0, 0, strategy))[0] for strategy in STRATEGIES]
    assert pages[0] == pages[1] != []


@given(st.integers(0, 2**32 - 1), st.integers(2, 40))
def test_with_one_like_both_strategies_give_one_order(seed: int, n: int) -> None:
    items = shelf(np.random.default_rng(seed).normal(size=(n, 5)))
    pages = [similar(items, taste([n // 2]), Wish(20, 0.2, seed, strategy))[0] for strategy in STRATEGIES]
    assert [(e.row, e.score, e.kind) for e in pages[0]] == [(e.row, e.score, e.kind) for e in pages[1]]


def test_one_item_per_group() -> None:
    items = shelf([X, 2 * X + Y, 1.9 * X + Y, X + Y, X + 2 * Y, Z], [None, "a", None, "b", "a", None])
    entries, _ = similar(items, taste([0]), Wish(12, 0, 0))
    assert [entry.row for entry in entries] == [1, 3, 5]  # 2 is near 1, 4 is of its group


KNOBS = (0, 0.2, 0.4, 0.6, 0.8, 1)


def test_the_more_diversity_the_farther_apart_a_page_over_200_shoppers() -> None:
    """The distance of a page is the mean of 1 - cosine over its pairs."""
    random = np.random.default_rng(0)
    centres = random.normal(size=(20, 16))
    items = shelf(centres[random.integers(20, size=400)] + random.normal(0, 0.6, (400, 16)))
    likes = [random.choice(400, 3, replace=False).tolist() for _ in range(200)]
    distances, scores = [], []
    for knob in KNOBS:
        pages = [similar(items, taste(liked), Wish(12, 0, 0, diversity=knob))[0] for liked in likes]
        shown = [items.vectors[[entry.row for entry in entries]] for entries in pages]
        assert {len(rows) for rows in shown} == {12}
        distances.append(np.mean([(1 - rows @ rows.T)[np.triu_indices(12, 1)].mean() for rows in shown]))
        scores.append(np.mean([entry.score for entries in pages for entry in entries]))
    assert distances == sorted(distances)
    assert distances[-1] > distances[0] + 0.1
    assert scores == sorted(scores, reverse=True)


def test_without_diversity_the_page_is_the_plain_one() -> None:
    items = shelf(np.random.default_rng(2).normal(size=(80, 6)))
    for explore in (0, 0.3):
        plain = similar(items, taste([3], [4]), Wish(10, explore, 1))[0]
        assert similar(items, taste([3], [4]), Wish(10, explore, 1, diversity=0))[0] == plain
        assert similar(items, taste([3], [4]), Wish(10, explore, 1, diversity=0.5))[0] != plain


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 3), st.booleans(), st.sampled_from([0, 0.5])
)
def test_a_capped_page_is_full_whenever_one_brand_more_is_there(
    seed: int, limit: int, most: int, likes: bool, diversity: float
) -> None:
    """With one cap the longest page has, of every brand, as many as there are or as the cap says."""
    random = np.random.default_rng(seed)
    names = [None if b < 0 else ("Ada", "ada ", "Bo")[b] for b in random.integers(-1, 3, 30).tolist()]
    rows = unit(random.normal(size=(30, 16)).astype(np.float32))
    items = Items.of(SPACE, [f"{i:02d}" for i in range(30)], rows, (16,), brand=names)
    wish = Wish(limit, 0.3, seed, diversity=diversity, max_per={"brand": most})
    page = (
        similar(items, taste([0]), wish)[0]
        if likes
        else first_page(items, np.arange(30), taste([]), wish, THRESHOLD)
    )
    brands = [None if name is None else name.strip().lower() for name in names]
    left = [brands[row] for row in range(int(likes), 30)]
    longest = left.count(None) + sum(min(most, left.count(brand)) for brand in ("ada", "bo"))
    assert len(page) == min(limit, longest)
    told = [brands[entry.row] for entry in page]
    assert all(told.count(brand) <= most for brand in ("ada", "bo"))


def test_surprises_come_from_styles_far_from_the_likes() -> None:
    items = shelf(np.repeat(np.eye(6), 10, axis=0) + np.random.default_rng(0).normal(0, 0.2, (60, 6)))
    styles = clusters(items.vectors)
    known = taste([0], [10])
    entries, rows = similar(items, known, Wish(8, 0.5, 7))
    assert [entry.kind for entry in entries].count("explore") == 4
    away = far(styles, rows, items.vectors[[0]], np.array([0, 10])).tolist()
    assert not {*away} & {*styles.labels[[0, 10]].tolist()}
    for entry in entries:
        if entry.kind == "explore":
            assert entry.why["cluster"] == styles.labels[entry.row]
            assert entry.why["cluster"] in away
            assert isinstance(entry.why["probability"], float)
            assert 0 < entry.why["probability"] <= 1
            assert entry.like is None


def test_without_exploring_no_surprise_and_with_it_the_rest_stays() -> None:
    items = shelf(np.random.default_rng(1).normal(size=(80, 6)))
    plain, _ = similar(items, taste([3]), Wish(10, 0, 1))
    exploring, _ = similar(items, taste([3]), Wish(10, 0.3, 1))
    assert {entry.kind for entry in plain} == {"similar"}
    rest = [entry for entry in exploring if entry.kind == "similar"]
    assert rest == plain[: len(rest)]
    surprises = {entry.row for entry in exploring if entry.kind == "explore"}
    assert len(surprises) == 3
    assert not surprises & {entry.row for entry in plain[: len(rest)]}


def test_places_move_with_the_seed() -> None:
    items = shelf(np.random.default_rng(1).normal(size=(80, 6)))
    pages = [similar(items, taste([3]), Wish(10, 0.2, seed))[0] for seed in range(30)]
    places = {place for some in pages for place, entry in enumerate(some) if entry.kind == "explore"}
    assert places == set(range(10))


def test_exploring_everything_fills_the_page_even_so() -> None:
    items = shelf(np.eye(4))
    entries, _ = similar(items, taste([0]), Wish(12, 1, 0))
    assert sorted(entry.row for entry in entries) == [1, 2, 3]
    # three other styles, all as far: the two of the farther half surprise, the third is similar
    assert sorted(entry.kind for entry in entries) == ["explore", "explore", "similar"]
    entries, _ = similar(shelf([X, X + Y, X + 2 * Y]), taste([0, 1, 2]), Wish(12, 1, 0))
    assert entries == []


cases = st.tuples(
    st.integers(0, 2**32 - 1), st.integers(2, 60), st.integers(1, 20), st.sampled_from([0, 0.1, 0.5, 1])
)
knobs = st.sampled_from([0, 0.3, 1])


@given(cases, knobs)
def test_a_page_keeps_its_promises(case: tuple[int, int, int, float], diversity: float) -> None:
    seed, n, limit, explore = case
    wish = Wish(limit, explore, seed, diversity=diversity)
    random = np.random.default_rng(seed)
    groups = [None if g < 0 else str(g) for g in random.integers(-5, 5, n).tolist()]
    items = shelf(random.normal(size=(n, 3)), groups)
    known = taste(*(np.unique(random.integers(n, size=3)).tolist() for _ in range(3)))
    entries, rows = similar(items, known, wish)
    assert entries == similar(items, known, wish)[0]
    same = np.array([[a == b and a is not None for a in groups] for b in groups])
    near = same | (items.vectors @ items.vectors.T > THRESHOLD)
    chosen = [entry.row for entry in entries]
    named = [*known.liked, *known.disliked]
    assert not near[np.ix_(chosen, named)].any()
    assert (near[np.ix_(chosen, chosen)] == np.eye(len(chosen), dtype=bool)).all()
    left = np.setdiff1d(rows, chosen)
    assert len(chosen) == limit or near[np.ix_(left, chosen)].any(axis=1).all()
    scores = [entry.score for entry in entries if entry.kind == "similar"]
    assert diversity or scores == sorted(scores, reverse=True)
    for entry in entries:
        closest = (items.vectors[entry.row] @ items.vectors[known.liked].T).max()
        away = 0.25 * max(0, (items.vectors[entry.row] @ items.vectors[known.disliked].T).max())
        assert entry.score == pytest.approx(closest - away, abs=2e-6)


@given(cases)
def test_a_first_page_is_diverse_and_full(case: tuple[int, int, int, float]) -> None:
    seed, n, limit, explore = case
    items = shelf(np.random.default_rng(seed).normal(size=(n, 3)))
    entries = first_page(items, np.arange(n), taste([]), Wish(limit, explore, seed), THRESHOLD)
    assert entries == first_page(items, np.arange(n), taste([]), Wish(limit, explore, seed), THRESHOLD)
    chosen = [entry.row for entry in entries]
    near = items.vectors @ items.vectors.T > THRESHOLD
    assert {(entry.kind, entry.score) for entry in entries} == {("diverse", 0.0)}
    assert (near[np.ix_(chosen, chosen)] == np.eye(len(chosen), dtype=bool)).all()
    left = np.setdiff1d(np.arange(n), chosen)
    assert len(chosen) == limit or near[np.ix_(left, chosen)].any(axis=1).all()


def test_a_first_page_shows_every_style() -> None:
    items = shelf(np.repeat(np.eye(6), 10, axis=0) + np.random.default_rng(0).normal(0, 0.1, (60, 6)))
    for seed in range(20):
        entries = first_page(items, np.arange(60), taste([]), Wish(6, 0, seed), THRESHOLD)
        assert sorted(entry.row // 10 for entry in entries) == [0, 1, 2, 3, 4, 5]


def test_a_first_page_of_nothing_is_empty() -> None:
    assert first_page(shelf(np.eye(3)), NOTHING, taste([]), Wish(12, 0, 0), THRESHOLD) == []


def test_a_first_page_of_a_large_catalogue_is_full() -> None:
    """Most rows are one picture: the sample holds few others, and the rest of the catalogue fills in."""
    n = page.SAMPLE * 3
    vectors = np.tile(np.eye(40)[0], (n, 1))
    vectors[:30] = np.eye(40)[1:31]
    entries = first_page(shelf(vectors), np.arange(n), taste([]), Wish(31, 0, 5), THRESHOLD)
    assert len(entries) == 31
    assert {entry.row for entry in entries} >= set(range(30))
