"""A client of ``inspect_catalogue``: a shop's own look into its catalogue, in types. msgspec only.

    with Inspector("http://127.0.0.1:8085") as shop:
        print(shop.overview("womenswear").shown)

``docs/openapi.yaml`` says what the fields mean. No function imports this module.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import TypedDict
from urllib.parse import quote

import msgspec

from shared.calling import ANSWER_SECONDS, ATTEMPTS, Caller, address, read
from shared.contract import Catalogue, Filters, Ignored, Item, MaxPer, Recommendation


class Knobs(TypedDict, total=False):
    """How one list of a preview is made; what is left out is the default of the service."""

    strategy: str
    diversity: float
    explore: float
    max_per: MaxPer


class Overview(msgspec.Struct, frozen=True):
    """How large a department's catalogue is, and how fresh. Times are in UTC; ``newest`` is when it last
    heard of anything, ``now`` the service's own time. ``told`` counts the items that have each attribute."""

    department: str
    model: str
    version: str
    shown: int
    sold_out: int
    known: int
    told: dict[str, int]
    snapshot: str | None
    folded: datetime | None
    deltas: int
    waiting: int
    newest: datetime | None
    rejected: int
    reports: int
    now: datetime


class Refusal(msgspec.Struct, frozen=True):
    """An object that was refused, and why. ``shown``: an earlier picture of the item still shows."""

    item_id: str
    object: str
    at: datetime
    type: str
    reason: str
    shown: bool


class Refusals(msgspec.Struct, frozen=True):
    """The newest of ``total`` refusals, newest first."""

    total: int
    rejected: tuple[Refusal, ...]


class Fault(msgspec.Struct, frozen=True):
    """A row of a table that was not taken: the number of its first line, and why."""

    line: int
    reason: str


class Report(msgspec.Struct, frozen=True):
    """What became of a table of attributes, with its first faults."""

    file: str
    at: datetime
    refused: str | None
    encoding: str | None
    taken: int
    bad: int
    kept_out: tuple[str, ...]
    faults: tuple[Fault, ...]


class Reports(msgspec.Struct, frozen=True):
    """The newest of ``total`` reports, newest first."""

    total: int
    reports: tuple[Report, ...]


class Member(msgspec.Struct, frozen=True):
    """An item of a group, and its cosine with the first one."""

    item: Item
    cosine: float


class Group(msgspec.Struct, frozen=True):
    """Items that are near-duplicates ``by`` their picture or their group_id: the first of ``size``."""

    by: str
    size: int
    items: tuple[Member, ...]


class Groups(msgspec.Struct, frozen=True):
    """The first of ``total`` groups among the items ``compared``. ``next`` is the id to go on after, None if
    there are no more."""

    threshold: float
    items: int
    compared: int
    next: str | None
    total: int
    groups: tuple[Group, ...]


class Object(msgspec.Struct, frozen=True):
    """An object of the images bucket."""

    name: str
    generation: int
    at: datetime
    bytes: int
    metadata: dict[str, str]


class Heard(msgspec.Struct, frozen=True):
    """A fact in the log, in words."""

    at: datetime
    clock: str
    says: str


class Attribute(msgspec.Struct, frozen=True):
    """An attribute and the clock of who told it; a value of None was cleared."""

    name: str
    value: str | float | bool | tuple[str, ...] | None
    clock: str


class Rejection(msgspec.Struct, frozen=True):
    """Why the object at ``clock`` was refused."""

    item_id: str
    clock: str
    type: str
    reason: str


class Life(msgspec.Struct, frozen=True):
    """Everything that is known of one item, and in the ``verdict`` whether it shows or why not."""

    item_id: str
    visible: bool
    verdict: str
    model: str | None
    snapshot: str | None
    objects: tuple[Object, ...]
    facts: tuple[Heard, ...]
    picture_clock: str | None
    predicted_category: str | None
    predicted_probability: float | None
    removed_clock: str | None
    attributes: tuple[Attribute, ...]
    rejection: Rejection | None


class Previewed(msgspec.Struct, frozen=True):
    """One list of a preview."""

    recommendations: tuple[Recommendation, ...]


class Preview(msgspec.Struct, frozen=True):
    """One list for each of the knobs, in their order."""

    catalogue: Catalogue
    ignored: tuple[Ignored, ...]
    lists: tuple[Previewed, ...]


class Inspector:
    """Questions about a catalogue, for any number of threads; none changes anything.

    ``identity`` and ``attempts`` are as of ``StylekinClient``. Every call raises Problem or Unreachable.
    """

    def __init__(
        self,
        url: str,
        *,
        identity: Callable[[str], str] | None = None,
        timeout: float = ANSWER_SECONDS,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._url = address("url", url)
        self._caller = Caller(identity, timeout, attempts)

    def __enter__(self) -> "Inspector":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._caller.close()

    def overview(self, department: str) -> Overview:
        """Size and freshness."""
        return read(self._get(department), Overview)

    def rejected(self, department: str) -> Refusals:
        """Refused pictures, with reasons."""
        return read(self._get(department, "rejected"), Refusals)

    def reports(self, department: str) -> Reports:
        """What became of tables of attributes."""
        return read(self._get(department, "reports"), Reports)

    def duplicates(self, department: str, after: str | None = None) -> Groups:
        """Groups of near-duplicates, among the items that follow an id."""
        return read(self._get(department, "duplicates", *([after] if after else [])), Groups)

    def life(self, department: str, item_id: str) -> Life:
        """The life of one item."""
        return read(self._get(department, "items", item_id), Life)

    def preview(
        self,
        department: str,
        knobs: Sequence[Knobs],
        *,
        likes: Sequence[str] = (),
        dislikes: Sequence[str] = (),
        limit: int = 12,
        filters: Filters | None = None,
        seed: int = 0,
    ) -> Preview:
        """What a shopper who likes and dislikes these would be shown, with each of the knobs."""
        body = {"knobs": knobs, "likes": likes, "dislikes": dislikes, "limit": limit, "seed": seed}
        body |= {} if filters is None else {"filters": filters}
        data = self._caller.call(self._url, f"/{department}/preview", "POST", body, twice=True)
        return read(data, Preview)

    def _get(self, *steps: str) -> bytes:
        path = "".join(f"/{quote(step, safe='')}" for step in steps)
        return self._caller.call(self._url, path, "GET", twice=True)
