"""An engine whose items lie in Firestore and are found by Vertex AI Vector Search. Imports google-auth.

Rows and labels are documents, as in ``shared.storage.firestore_items``, without vectors. A visible item is
also a datapoint of one index, deployed to one public endpoint:

    datapointId      <department>.<model>.<name of the document>
    featureVector    the embedding, each part of length sqrt(its weight); the index must take dot products
    restricts        ``space`` is <department>.<model>, ``label`` are the item's labels

The index must take updates as a stream (STREAM_UPDATE). It was never tried against the service itself, for
which there is no emulator: its tests run against what the service's reference says.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import google.auth
from google.api_core.retry import exponential_sleep_generator
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from requests import RequestException, Session

from shared import logs
from shared.card import Card
from shared.catalogue import Catalogue
from shared.departments import Space
from shared.documents import each_once, labels
from shared.errors import StoreUnavailable
from shared.facts import Fact, Source
from shared.rows import Row
from shared.storage.firestore_items import AT_ONCE, TIMEOUT, FirestoreItems, answers, name_of, row_of
from shared.vectors import Floats

SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class VertexItems(FirestoreItems):
    """Items in a database of a project, and in the index that is deployed to ``endpoint`` in ``location``.

    ``session`` is what requests are made with; by default one with the credentials that the library finds.
    """

    searched = False

    def __init__(
        self, project: str, database: str, location: str, endpoint: str, session: Session | None = None
    ) -> None:
        super().__init__(project, database)
        self._service = f"https://{location}-aiplatform.googleapis.com/v1"
        self._endpoint = f"projects/{project}/locations/{location}/indexEndpoints/{endpoint}"
        self._session = session
        self._found: Mapping[str, Any] | None = None
        self._finding = threading.Lock()

    def join(self, card: Card, facts: Iterable[Fact]) -> int:
        """Documents first, then the datapoints of all items that were named, also of those that did not
        change: somebody may have died in between."""
        told = list(facts)
        changed = super().join(card, told)
        ids = list(dict.fromkeys(fact.item_id for fact in told if not isinstance(fact, Source)))
        for start in range(0, len(ids), AT_ONCE):
            self._show(card, ids[start : start + AT_ONCE])
        return changed

    def nearest(self, space: Space, vector: Floats, labels: Sequence[str], limit: int) -> list[Row]:
        found = self._deployed()
        query = {
            "datapoint": {"featureVector": vector.tolist(), "restricts": _restricts(space, labels)},
            "neighborCount": limit,
        }
        address = f"https://{found['publicEndpointDomainName']}/v1/{self._endpoint}:findNeighbors"
        deployed = found["deployedIndexes"][0]["id"]
        answer = self._call("POST", address, {"deployedIndexId": deployed, "queries": [query]})
        near = [each for one in answer.get("nearestNeighbors", ()) for each in one.get("neighbors", ())]
        names = [each["datapoint"]["datapointId"].rpartition(".")[2] for each in near]
        with answers():
            return [row_of(document) for document in self._read(space, names) if document.exists]

    def _show(self, card: Card, item_ids: Sequence[str]) -> None:
        """Make the datapoints of some items what their documents say.

        A datapoint has no condition. So the documents are read again afterwards: whoever finds that somebody
        else wrote meanwhile does it again, and the last one finds nothing new.
        """
        space = Space(card.department, card.version)
        index = f"{self._service}/{self._deployed()['deployedIndexes'][0]['index']}"
        waits = exponential_sleep_generator(initial=0.02, maximum=1.0)
        until = time.monotonic() + self.patience
        before = self._versions(space, item_ids)
        while time.monotonic() < until:
            rows = each_once(row for _, row in before.values())
            items = Catalogue.of(space, card.width, rows).visible(card)
            shown = [
                {
                    "datapointId": _id(space, item_id),
                    "featureVector": vector,
                    "restricts": _restricts(space, told),
                }
                for item_id, vector, told in zip(
                    items.item_ids.tolist(), items.vectors[:].tolist(), labels(items), strict=True
                )
            ]
            hidden = [_id(space, row["item_id"]) for row in rows if items.row(row["item_id"]) is None]
            if shown:
                self._call("POST", f"{index}:upsertDatapoints", {"datapoints": shown})
            if hidden:
                self._call("POST", f"{index}:removeDatapoints", {"datapointIds": hidden})
            after = self._versions(space, item_ids)
            if {name: at for name, (at, _) in after.items()} == {
                name: at for name, (at, _) in before.items()
            }:
                return
            before = after
            time.sleep(next(waits))
        raise StoreUnavailable(f"expected {len(item_ids)} items to stand still for a moment, they did not")

    def _versions(self, space: Space, item_ids: Sequence[str]) -> dict[str, tuple[object, Row]]:
        with answers():
            found = self._read(space, map(name_of, item_ids))
            there = sorted((each for each in found if each.exists), key=lambda each: str(each.id))
            return {each.id: (each.update_time, row_of(each)) for each in there}

    def _deployed(self) -> Mapping[str, Any]:
        """The endpoint, which says where it is reached, and what is deployed to it."""
        with self._finding:
            if self._found is None:
                found = self._call("GET", f"{self._service}/{self._endpoint}", None)
                if not found.get("publicEndpointDomainName") or not found.get("deployedIndexes"):
                    raise StoreUnavailable(
                        f"{self._endpoint}: expected a public endpoint with an index deployed to it, found "
                        "none; see docs/engines.md"
                    )
                self._found = found
            return self._found

    def _call(self, method: str, address: str, body: Mapping[str, Any] | None) -> Mapping[str, Any]:
        with _reached():
            if self._session is None:
                credentials, _ = google.auth.default(scopes=[SCOPE])
                self._session = AuthorizedSession(credentials)
            answer = self._session.request(method, address, json=body, timeout=TIMEOUT)
            answer.raise_for_status()
            found: Mapping[str, Any] = answer.json()
            return found


def _id(space: Space, item_id: str) -> str:
    return f"{space.department}.{space.model}.{name_of(item_id)}"


def _restricts(space: Space, labels: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"namespace": "space", "allowList": [f"{space.department}.{space.model}"]},
        {"namespace": "label", "allowList": list(labels)},
    ]


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (RequestException, GoogleAuthError) as error:
        logs.write("ERROR", "a fault of the engine", reason=str(error)[:500])
        raise StoreUnavailable(f"expected to reach the engine, found {type(error).__name__}") from error
