"""In which sizes the items of a catalogue are offered, whatever the shop calls them. numpy only.

Made once per catalogue from the distinct labels, not from every item's, and then only read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from shared.items import Items
from shared.sizes import KINDS, kind_of, names, order


@dataclass(frozen=True, eq=False)
class Offered:
    """The sizes of ``n`` items: item ``rows[i]`` has the size ``keys[codes[i]]``, each of its sizes once.

    A key is a kind of ``shared.sizes`` and a name there; an item is of one kind. ``spelling`` is how the
    shop first writes a name that no table knows.
    """

    department: str
    n: int
    rows: NDArray[np.intp]
    codes: NDArray[np.intp]
    keys: tuple[tuple[str, str], ...]
    spelling: dict[str, str]

    def among(self, wanted: Iterable[str]) -> NDArray[np.bool_]:
        """Which items are offered in one of the wanted sizes, as each reads on an item: ``(n,)`` bool."""
        keys = {(kind, names(label, self.department, kind)[0]) for label in wanted for kind in KINDS}
        places = [place for place, key in enumerate(self.keys) if key in keys]
        mask = np.zeros(self.n, np.bool_)
        mask[self.rows[np.isin(self.codes, places)]] = True
        return mask

    def counts(self, mask: NDArray[np.bool_]) -> list[tuple[str, int]]:
        """The sizes of the items in ``mask`` ``(n,)``, in the order of sizes, and how many match each.

        A size counts what ``among`` finds of it: 38 also a dress of EU 38.
        """
        found = np.bincount(self.codes[mask[self.rows]], minlength=len(self.keys)).tolist()
        count = dict(zip(self.keys, found, strict=True))
        known = {name for (_, name), number in count.items() if number}
        told = dict.fromkeys(self.spelling.get(name, name) for name in sorted(known, key=order))
        return [
            (size, sum(count.get((kind, names(size, self.department, kind)[0]), 0) for kind in KINDS))
            for size in told
        ]


_offered: WeakKeyDictionary[Items, Offered] = WeakKeyDictionary()


def offered(items: Items) -> Offered:
    """The sizes of a catalogue's items, made when first asked for."""
    if (sizes := _offered.get(items)) is None:
        sizes = _offered[items] = _read(items)
    return sizes


def _read(items: Items) -> Offered:
    department, labels = items.space.department, items.sizes.names
    kinds = [*(KINDS.index(kind_of(category)) for category in items.category.names), KINDS.index("")]
    kind_of_row = np.array(kinds, np.intp)[items.category.codes]  # -1, no category, is the last
    rows = np.repeat(np.arange(len(items)), np.diff(items.sizes.bounds))
    at = kind_of_row[rows] * len(labels) + items.sizes.codes  # a kind and a label
    places: dict[tuple[str, str], int] = {}
    spelling: dict[str, str] = {}
    meant: list[list[int]] = [[] for _ in range(len(KINDS) * len(labels))]
    for pair in np.flatnonzero(np.bincount(at)).tolist():
        kind, label = KINDS[pair // len(labels)], labels[pair % len(labels)]
        told = names(label, department, kind)
        meant[pair] = [places.setdefault((kind, name), len(places)) for name in told]
    for label in labels:
        spelling.setdefault(label.strip().casefold(), label.strip())
    entries = [np.zeros(0, np.intp)]
    for nth in zip_longest(*meant, fillvalue=-1):
        codes = np.array(nth, np.intp)[at]
        entries.append((rows * len(places) + codes)[codes >= 0])
    sizes = np.sort(np.concatenate(entries))  # np.unique hashes, which takes longer than all the rest
    rows, codes = np.divmod(sizes[np.diff(sizes, prepend=-1) > 0], max(len(places), 1))
    return Offered(department, len(items), rows, codes, tuple(places), spelling)
