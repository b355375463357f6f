"""An engine in Firestore: items as documents, found by its vector search. Imports google-cloud-firestore.

One document per item, ``catalogues/<department>.<model>/items/<SHA-256 of its id>``:

    row       everything known of the item, as ``shared.documents`` writes it
    labels    what it can be looked for by; of visible items only
    vector    its embedding, each part of length sqrt(its weight); of visible items only

and ``catalogues/<department>.<model>`` with ``filled``, once everything known was joined. A search reads
``labels`` and ``vector`` in one index, declared in firestore.indexes.json, and answers with ``row`` alone.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from google.api_core import exceptions
from google.api_core.retry import exponential_sleep_generator
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.base_vector_query import DistanceMeasure
from google.cloud.firestore_v1.field_path import FieldPath
from google.cloud.firestore_v1.vector import Vector

from shared import logs
from shared.card import Card
from shared.catalogue import Catalogue
from shared.departments import Space
from shared.documents import ALL, labels, read_row, write_row
from shared.engine import WIDEST, Engine
from shared.errors import SettingsError, StoreUnavailable
from shared.facts import Fact, Picture, Source
from shared.rows import Row, digest, forget_removed, merge
from shared.storage.firestore import PATIENCE, RETRY, Database
from shared.vectors import Floats

AT_ONCE = 100  # documents of one read and of one write, which has at most 10 MiB
SIDE_BY_SIDE = 8  # such writes of one join
LIMIT = 900_000  # bytes of a row; a document has at most 1 MiB
TIMEOUT = 30.0  # seconds of one attempt


class FirestoreItems(Database, Engine):
    """Items in a database of a project. Opens nothing before the first call.

    Raises StoreUnavailable if the database does not answer, or if others kept changing the same items for
    ``patience`` seconds.
    """

    searched = True  # whether vectors lie in the documents

    def __init__(self, project: str, database: str, patience: float = PATIENCE) -> None:
        super().__init__(project, database)
        self.patience = patience

    def join(self, card: Card, facts: Iterable[Fact]) -> int:
        if card.width > WIDEST:
            raise SettingsError(
                f"CATALOGUE_ENGINE: expected a model of at most {WIDEST} numbers, found {card.version} "
                f"with {card.width}"
            )
        named: dict[str, list[Fact]] = {}
        for fact in facts:
            own = not isinstance(fact, Picture) or (fact.model, len(fact.vector)) == (
                card.version,
                card.width,
            )
            if own and not isinstance(fact, Source):
                named.setdefault(fact.item_id, []).append(fact)
        return self._change(
            card, list(named), lambda item_id, row: merge(row or {"item_id": item_id}, named[item_id])
        )

    def forget(self, card: Card, item_ids: Collection[str]) -> None:
        self._change(card, list(item_ids), lambda item_id, row: forget_removed(row or {"item_id": item_id}))

    def rows(self, space: Space, item_ids: Sequence[str]) -> list[Row]:
        with answers():
            return [
                row_of(document) for document in self._read(space, map(name_of, item_ids)) if document.exists
            ]

    def nearest(self, space: Space, vector: Floats, labels: Sequence[str], limit: int) -> list[Row]:
        query = self._labelled(space, labels).find_nearest(
            "vector", Vector(vector.tolist()), limit, DistanceMeasure.DOT_PRODUCT
        )
        with answers():
            return [row_of(document) for document in query.get(retry=RETRY, timeout=TIMEOUT)]

    def some(self, space: Space, labels: Sequence[str], seed: int, limit: int) -> list[Row]:
        """Names are hashes, so any stretch of them is a sample; the first follows what ``seed`` hashes to."""
        first = self._items(space).document(name_of(str(seed)))
        query = self._labelled(space, labels).order_by(FieldPath.document_id())
        with answers():
            found = query.start_at({"__name__": first}).limit(limit).get(retry=RETRY, timeout=TIMEOUT)
            if left := limit - len(found):
                before = query.end_before({"__name__": first}).limit(left)
                found += before.get(retry=RETRY, timeout=TIMEOUT)
            return [row_of(document) for document in found]

    def size(self, space: Space) -> int:
        with answers():
            counted = self._labelled(space, (ALL, "!" + ALL)).count().get(retry=RETRY, timeout=TIMEOUT)
            return int(counted[0][0].value)

    def fill(self, space: Space) -> None:
        with answers():
            self._space(space).set({"filled": True}, retry=RETRY, timeout=TIMEOUT)

    def is_filled(self, space: Space) -> bool:
        with answers():
            return bool(self._space(space).get(retry=RETRY, timeout=TIMEOUT).exists)

    def _space(self, space: Space) -> Any:
        return self._client.collection("catalogues").document(f"{space.department}.{space.model}")

    def _items(self, space: Space) -> Any:
        return self._space(space).collection("items")

    def _labelled(self, space: Space, labels: Sequence[str]) -> Any:
        among = FieldFilter("labels", "array_contains_any", list(labels))
        return self._items(space).where(filter=among).select(["row"])

    def _read(self, space: Space, names: Iterable[str]) -> Iterator[Any]:
        documents = map(self._items(space).document, names)
        while some := list(islice(documents, AT_ONCE)):
            yield from self._client.get_all(some, field_paths=["row"], retry=RETRY, timeout=TIMEOUT)

    def _change(self, card: Card, ids: Sequence[str], change: Callable[[str, Row | None], Row]) -> int:
        """Write what ``change`` makes of each item's row, None if there is none; how many it changed."""
        parts = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
        with answers(), ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return sum(pool.map(partial(self._change_few, card, change), parts))

    def _change_few(self, card: Card, change: Callable[[str, Row | None], Row], ids: Sequence[str]) -> int:
        """A few items; those that somebody else wrote meanwhile are read and tried again."""
        space = Space(card.department, card.version)
        waits = exponential_sleep_generator(initial=0.02, maximum=1.0)
        until = time.monotonic() + self.patience
        changed = 0
        while time.monotonic() < until:
            there = {document.id: document for document in self._read(space, map(name_of, ids))}
            changes: dict[str, Row] = {}
            for item_id in ids:
                document = there[name_of(item_id)]
                old = row_of(document) if document.exists else None
                new = change(item_id, old)
                if old is None or digest(new) != digest(old):
                    changes[item_id] = new
            try:
                for some in _parcels(_documents(card, changes, self.searched)):
                    self._write(there, some)
                    changed += len(some)
                return changed
            except (exceptions.FailedPrecondition, exceptions.AlreadyExists, exceptions.NotFound):
                time.sleep(next(waits))  # somebody else wrote, or what got lost was the answer
        raise StoreUnavailable(f"expected {len(ids)} items to stand still for a moment, they did not")

    def _write(self, there: Mapping[str, Any], documents: Mapping[str, dict[str, Any]]) -> None:
        """Write some documents if none of them is another than the one that is ``there``: all, or none."""
        batch = self._client.batch()
        for item_id, fields in documents.items():
            document = there[name_of(item_id)]
            if document.exists:
                unchanged = self._client.write_option(last_update_time=document.update_time)
                batch.update(document.reference, fields, option=unchanged)
            else:
                batch.create(document.reference, _set(fields))
        batch.commit(retry=RETRY, timeout=TIMEOUT)


def _documents(card: Card, rows: Mapping[str, Row], searched: bool) -> dict[str, dict[str, Any]]:
    """The fields of each item's document, with its vector if they are ``searched``."""
    space = Space(card.department, card.version)
    ordered = [rows[item_id] for item_id in sorted(rows)]
    items = Catalogue.of(space, card.width, ordered).visible(card)
    told = labels(items)
    documents = {}
    for item_id, row in rows.items():
        fields: dict[str, Any] = {"row": write_row(row)}
        if len(fields["row"]) > LIMIT:
            found = {"department": card.department, "item_id": item_id, "bytes": len(fields["row"])}
            logs.write("ERROR", "left an item out of the engine", reason="too large", **found)
            continue
        if (place := items.row(item_id)) is None:
            fields |= {"labels": firestore.DELETE_FIELD, "vector": firestore.DELETE_FIELD}
        else:
            fields |= {"labels": told[place]}
            fields |= {"vector": Vector(items.vectors[place].tolist())} if searched else {}
        documents[item_id] = fields
    return documents


def _parcels(documents: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, dict[str, Any]]]:
    """The documents in parts of about ``LIMIT`` bytes of rows and more, since a write has at most 10 MiB."""
    part: dict[str, dict[str, Any]] = {}
    for item_id, fields in documents.items():
        part[item_id] = fields
        if sum(len(each["row"]) for each in part.values()) > LIMIT:
            yield part
            part = {}
    if part:
        yield part


def _set(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not firestore.DELETE_FIELD}


def name_of(text: str) -> str:
    """The name of an item's document, by its id."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def row_of(document: Any) -> Row:
    """The row in a document that is there. Raises FormatError."""
    return read_row(document.get("row"))


@contextmanager
def answers() -> Iterator[None]:
    """Say that the database did not answer in the port's words; what it said in its own goes to the log."""
    try:
        yield
    except (exceptions.GoogleAPIError, GoogleAuthError) as error:
        logs.write("ERROR", "a fault of the engine", reason=str(error)[:500])
        raise StoreUnavailable(f"expected to reach the engine, found {type(error).__name__}") from error
