"""A client of ``register`` and ``recommend``: one shopper, typed answers, two errors. msgspec only.

    with StylekinClient("http://127.0.0.1:8080", "http://127.0.0.1:8081") as shop:
        shop.register("womenswear", preferences=Preferences(max_price=80))
        page = shop.recommend(likes=["a1"], limit=12, filters={"sizes": ["M"]})

``docs/openapi.yaml`` says what the fields of requests and answers mean. No function imports this module.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Unpack

import msgspec

from shared.calling import ANSWER_SECONDS, ATTEMPTS, Caller, Problem, Unreachable, address, read, secret
from shared.contract import (
    Catalogue,
    Count,
    Facets,
    Filters,
    History,
    Ignored,
    Item,
    MaxPer,
    Page,
    Place,
    Preferences,
    Profile,
    Ready,
    Recommendation,
    Request,
    Style,
    Wanted,
    Why,
)

__all__ = [
    "Catalogue",
    "Count",
    "Facets",
    "Filters",
    "History",
    "Ignored",
    "Item",
    "MaxPer",
    "Page",
    "Place",
    "Preferences",
    "Problem",
    "Profile",
    "Ready",
    "Recommendation",
    "Request",
    "Style",
    "StylekinClient",
    "Unreachable",
    "Wanted",
    "Why",
]


class StylekinClient:
    """The calls of one shopper, for any number of threads. ``register`` gives it the shopper's token.

    ``identity`` is for functions that are private: called with a function's address, the audience, it gives
    the caller's Google identity token, which goes beside the shopper's (``X-Serverless-Authorization``).
    Every call raises Problem or Unreachable. A call that was turned away or found no connection is tried
    again, ``attempts`` times in all; one whose answer got lost only where doing it twice changes nothing,
    which leaves out ``recommend`` and ``forget``.
    """

    def __init__(
        self,
        register_url: str,
        recommend_url: str,
        token: str | None = None,
        *,
        identity: Callable[[str], str] | None = None,
        timeout: float = ANSWER_SECONDS,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._register = address("register_url", register_url)
        self._recommend = address("recommend_url", recommend_url)
        self._token = None if token is None else secret("token", token)
        self._caller = Caller(identity, timeout, attempts)

    def __enter__(self) -> "StylekinClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        token = "no token" if self._token is None else "a token"
        return f"<StylekinClient of {self._register} and {self._recommend} with {token}>"

    def close(self) -> None:
        """Close the connections."""
        self._caller.close()

    @property
    def token(self) -> str | None:
        """The shopper's token, to be kept by whoever wants to come back; a secret."""
        return self._token

    def register(
        self, department: str, *, preferences: Preferences | None = None, likes: Sequence[str] = ()
    ) -> Profile:
        """Begin a profile; from here on the client is this shopper's."""
        body = {"department": department, "preferences": preferences or Preferences(), "likes": likes}
        key = {"Idempotency-Key": secrets.token_urlsafe(32)}  # one for all attempts: one profile
        data = self._call(self._register, "POST", body, key, twice=True)
        token = read(data, _Started).token
        self._token = secret("token", token)
        return read(data, Profile)

    def profile(self) -> Profile:
        """The shopper's profile."""
        return read(self._call(self._register, "GET", twice=True), Profile)

    def change(self, **preferences: Unpack[Wanted]) -> Profile:
        """Change the shopper's preferences; the profile as it is then."""
        return read(self._call(self._register, "PATCH", {"preferences": preferences}, twice=True), Profile)

    def rate(
        self,
        *,
        likes: Sequence[str] = (),
        dislikes: Sequence[str] = (),
        undo: Sequence[str] = (),
        department: str | None = None,
    ) -> Profile:
        """Add likes and dislikes, and take back what was said of the items of ``undo``; nothing is
        recommended. ``department``: the profile's by default."""
        told = {"likes": likes, "dislikes": dislikes, "undo": undo, "department": department}
        return read(self._call(self._register, "PATCH", told, twice=True), Profile)

    def style(self, department: str | None = None) -> Style:
        """What the shopper likes on the map of a department's style, the profile's by default."""
        wanted = {} if department is None else {"department": department}
        return read(self._call(self._recommend, "POST", wanted, path="/style", twice=True), Style)

    def forget(self) -> None:
        """Erase the profile and its history; the client has no token then."""
        self._call(self._register, "DELETE")
        self._token = None

    def recommend(self, photo: bytes | None = None, **request: Unpack[Request]) -> Page:
        """Items for the shopper, or items like a ``photo``, the bytes of a JPEG, PNG or WebP. Likes and
        dislikes are added to the profile. For a further page: the same, with the ``next`` as ``cursor``."""
        return read(self._call(self._recommend, "POST", request, photo=photo), Page)

    def healthz(self) -> Ready:
        """Whether both functions are ready now; asked once."""
        self._call(self._register, "GET", path="/healthz", attempts=1)
        return read(self._call(self._recommend, "GET", path="/healthz", attempts=1), Ready)

    def _call(
        self,
        function: str,
        method: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        path: str = "",
        photo: bytes | None = None,
        twice: bool = False,
        attempts: int | None = None,
    ) -> bytes:
        """The body of a good answer, with the shopper's token told unless ``headers`` make a new one."""
        if headers is None and self._token is not None:
            headers = {"Authorization": f"Bearer {self._token}"}
        return self._caller.call(
            function, path, method, body, headers, photo=photo, twice=twice, attempts=attempts
        )


class _Started(msgspec.Struct, frozen=True):
    token: str
