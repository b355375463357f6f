"""Groups of near-duplicates, against the definition that lists use, and in cases one can see."""

import numpy as np
import pytest

from shared.departments import Space
from shared.diversity import Shelf
from shared.duplicates import SLICE, near_duplicates
from shared.items import Items
from shared.vectors import unit

SPACE = Space("womenswear", "m1")


def shop(vectors: np.ndarray, groups: list[str | None] | None = None) -> Items:
    ids = [f"i{place:05d}" for place in range(len(vectors))]
    return Items.of(SPACE, ids, unit(vectors.astype(np.float32)), (vectors.shape[1],), group_id=groups)


def test_a_group_has_a_leader_and_no_chain() -> None:
    angles = np.radians([0, 8, 16, 90])  # each 8 degrees is near, twice that is not
    items = shop(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    (group,) = near_duplicates(items, 0, 4, float(np.cos(np.radians(10))))
    assert group.rows.tolist() == [0, 1]
    assert group.cosines.tolist() == pytest.approx([1, np.cos(np.radians(8))], abs=1e-6)
    assert not group.told


def test_what_the_shop_tells_and_what_only_looks_the_same() -> None:
    items = shop(np.eye(3)[[0, 1, 2, 2, 0]], ["g", "g", None, None, None])
    told, looks = sorted(near_duplicates(items, 0, 5, 0.9), key=lambda group: len(group.rows))[::-1]
    assert (told.rows.tolist(), told.told) == ([0, 1, 4], False), "4 only looks like 0"
    assert (looks.rows.tolist(), looks.told) == ([2, 3], False)
    (alone,) = near_duplicates(items, 0, 2, 0.9)
    assert (alone.rows.tolist(), alone.told) == ([0, 1], True)
    assert [group.rows.tolist() for group in near_duplicates(items, 1, 4, 0.9)] == [[2, 3]]


@pytest.mark.parametrize("seed", range(3))
def test_groups_are_those_of_a_list(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = SLICE + 100
    groups = [random.choice(["a", "b", "c", *[None] * 60]) for _ in range(count)]
    items = shop(random.normal(size=(count, 4)), groups)
    expected, left = [], list(range(count))
    shelf = Shelf(items.vectors, items.group_id.codes, 0.95)
    while left:
        rows = np.array(left)
        near = [
            row for row in rows[shelf.near(left[0], rows, items.vectors[rows])].tolist() if row != left[0]
        ]
        if near:
            expected.append([left[0], *near])
        left = [row for row in left[1:] if row not in near]
    assert [group.rows.tolist() for group in near_duplicates(items, 0, count, 0.95)] == expected
    assert len(expected) > 10
