"""How good lists are, in figures that tell more than one list would. numpy and msgspec; pure functions."""

from collections.abc import Sequence
from itertools import combinations

import msgspec
import numpy as np

from scripts.sheets.lists import STEPS, Shopper, by_picture, drawn, ranked, repeated
from scripts.sheets.shop import Shop
from shared.exploration import clusters
from shared.filters import Filters, matching
from shared.likeness import Entry
from shared.ranking import Rows

KNOBS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0)
RANDOM_LIKES = 3


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Means over shoppers of one step's lists.

    ``distance`` is the mean of 1 - cosine over the pairs of a list; ``relevance`` the mean cosine of its
    items with the closest like; ``duplicates`` how many of it are near-duplicates of a like or of what
    stands above; ``categories`` how many it has. ``category_coverage`` and ``product_coverage`` are the
    shares of all the department's categories and products that some list shows. ``overlap`` is the share of
    a list's products that another shopper's list of the department has too.
    """

    distance: float
    relevance: float
    duplicates: float
    categories: float
    category_coverage: float
    product_coverage: float
    overlap: float


class Knob(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Mean ``distance`` and ``relevance`` of random shoppers' lists at one ``diversity``."""

    diversity: float
    distance: float
    relevance: float


class Department(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured on one department, by which model, with which threshold of near-duplicates."""

    department: str
    model: str
    duplicate_threshold: float
    items: int
    products: int
    shoppers: int
    random_shoppers: int
    steps: dict[str, Step]
    knobs: tuple[Knob, ...]


class Measures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured on one shop."""

    shop: str
    seed: int
    length: int
    departments: tuple[Department, ...]


def step(shop: Shop, shoppers: Sequence[Shopper], lists: Sequence[list[Entry]]) -> Step:
    """The measures of one list per shopper, none of them empty."""
    rows = [np.array([entry.row for entry in entries], np.intp) for entries in lists]
    codes = shop.items.category.codes
    told = [np.unique(codes[own]) for own in rows]
    products = [np.unique(shop.products[own]) for own in rows]
    pairs = [len(np.intersect1d(a, b)) / max(len(a), len(b)) for a, b in combinations(products, 2)]
    return Step(
        distance=_mean([distance(shop, own) for own in rows]),
        relevance=_mean([relevance(shop, who.liked, own) for who, own in zip(shoppers, rows, strict=True)]),
        duplicates=_mean([sum(repeated(shop, *each)) for each in zip(shoppers, lists, strict=True)]),
        categories=_mean([len(each) for each in told]),
        category_coverage=_share(np.unique(np.concatenate(told)), np.unique(codes)),
        product_coverage=_share(np.unique(np.concatenate(products)), np.unique(shop.products)),
        overlap=_mean(pairs),
    )


def distance(shop: Shop, rows: Rows) -> float:
    """The mean of 1 - cosine over the pairs of ``rows``, of which there must be two."""
    vectors = shop.items.vectors[rows]
    return float((1 - vectors @ vectors.T)[np.triu_indices(len(rows), 1)].mean())


def relevance(shop: Shop, liked: Rows, rows: Rows) -> float:
    """The mean over ``rows`` of the cosine with the closest of ``liked``."""
    return float((shop.items.vectors[rows] @ shop.items.vectors[liked].T).max(axis=1).mean())


def knobs(shop: Shop, count: int, seed: int) -> tuple[Knob, ...]:
    """What diversity gives and takes, over ``count`` shoppers who like three items drawn at random."""
    random = np.random.default_rng(seed)
    available = np.flatnonzero(matching(shop.items, Filters()))
    who = [Shopper(np.sort(random.choice(available, RANDOM_LIKES, replace=False)), 0) for _ in range(count)]
    styles = clusters(shop.items.vectors)
    found = []
    for diversity in KNOBS:
        lists = [ranked(shop, shopper, styles, diversity=diversity) for shopper in who]
        rows = [np.array([entry.row for entry in entries], np.intp) for entries in lists]
        near = [relevance(shop, shopper.liked, own) for shopper, own in zip(who, rows, strict=True)]
        found.append(Knob(diversity, _mean([distance(shop, own) for own in rows]), _mean(near)))
    return tuple(found)


def department(
    shop: Shop, shoppers: Sequence[Shopper], lists: Sequence[dict[str, list[Entry]]], count: int, seed: int
) -> Department:
    """Everything that is measured on one department; ``lists`` are every step's, per shopper.

    Two more lists have no row on the sheets: without any ``group_id``, and drawn at random.
    """
    every = {name: [each[name] for each in lists] for name in STEPS}
    every["without `group_id`"] = [by_picture(shop, shopper) for shopper in shoppers]
    every["at random"] = [drawn(shop, shopper) for shopper in shoppers]
    measured = {name: step(shop, shoppers, each) for name, each in every.items()}
    return Department(
        department=shop.card.department,
        model=shop.card.version,
        duplicate_threshold=shop.card.duplicate_threshold,
        items=len(shop.items),
        products=len(np.unique(shop.products)),
        shoppers=len(shoppers),
        random_shoppers=count,
        steps=measured,
        knobs=knobs(shop, count, seed),
    )


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4)


def _share(shown: Rows, of: Rows) -> float:
    return round(len(shown) / len(of), 4)
