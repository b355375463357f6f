"""A client of ``register`` and ``recommend``: one shopper, typed answers, two errors. httpx and msgspec.

    with StylekinClient("http://127.0.0.1:8080", "http://127.0.0.1:8081") as shop:
        shop.register("womenswear", preferences=Preferences(max_price=80))
        page = shop.recommend(likes=["a1"], limit=12, filters={"sizes": ["M"]})

``docs/openapi.yaml`` says what the fields of requests and answers mean. No function imports this module.
"""

import random
import re
import secrets
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, TypeVar, Unpack

import httpx
import msgspec

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
from shared.errors import StylekinError

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

ATTEMPTS = 3  # of one call
BACKOFF = 0.25  # seconds: the longest wait before the second attempt; doubled for each further one
PATIENCE = 10.0  # seconds: who is asked to wait longer gets the problem instead
ANSWER_SECONDS = 30.0  # a first call waits for an instance to start and to read its catalogue
CONNECT_SECONDS = 5.0
TRY_AGAIN = (429, 503)  # the call was turned away

T = TypeVar("T")


class Problem(StylekinError):
    """The service answered that it could not. ``type`` is what a program decides on, such as
    ``urn:stylekin:problem:unknown-item``; it is ``about:blank`` if somebody else answered in between."""

    def __init__(self, type: str, title: str, status: int, detail: str) -> None:
        super().__init__(f"{status} {title}: {detail}")
        self.type, self.title, self.status, self.detail = type, title, status, detail


class Unreachable(StylekinError):
    """No answer came, or one that is not of this service; whether the call was done is not known."""


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
        self._register = _address("register_url", register_url)
        self._recommend = _address("recommend_url", recommend_url)
        self._token = None if token is None else _secret("token", token)
        self._identity, self._attempts = identity, max(1, attempts)
        self._http = httpx.Client(timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS))

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
        self._http.close()

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
        token = _read(data, _Started).token
        self._token = _secret("token", token)
        return _read(data, Profile)

    def profile(self) -> Profile:
        """The shopper's profile."""
        return _read(self._call(self._register, "GET", twice=True), Profile)

    def change(self, **preferences: Unpack[Wanted]) -> Profile:
        """Change the shopper's preferences; the profile as it is then."""
        return _read(self._call(self._register, "PATCH", {"preferences": preferences}, twice=True), Profile)

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
        return _read(self._call(self._register, "PATCH", told, twice=True), Profile)

    def style(self, department: str | None = None) -> Style:
        """What the shopper likes on the map of a department's style, the profile's by default."""
        wanted = {} if department is None else {"department": department}
        return _read(self._call(f"{self._recommend}/style", "POST", wanted, twice=True), Style)

    def forget(self) -> None:
        """Erase the profile and its history; the client has no token then."""
        self._call(self._register, "DELETE")
        self._token = None

    def recommend(self, photo: bytes | None = None, **request: Unpack[Request]) -> Page:
        """Items for the shopper, or items like a ``photo``, the bytes of a JPEG, PNG or WebP. Likes and
        dislikes are added to the profile. For a further page: the same, with the ``next`` as ``cursor``."""
        return _read(self._call(self._recommend, "POST", request, photo=photo), Page)

    def healthz(self) -> Ready:
        """Whether both functions are ready now; asked once."""
        self._call(f"{self._register}/healthz", "GET", attempts=1)
        return _read(self._call(f"{self._recommend}/healthz", "GET", attempts=1), Ready)

    def _call(
        self,
        url: str,
        method: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        *,
        photo: bytes | None = None,
        twice: bool = False,
        attempts: int | None = None,
    ) -> bytes:
        """The body of a good answer. ``twice``: doing it again changes nothing."""
        headers = {"Accept": "application/json", **(headers or {})}
        if self._token is not None and "Idempotency-Key" not in headers:
            headers["Authorization"] = f"Bearer {self._token}"
        if self._identity is not None:
            audience = url.removesuffix("/healthz").removesuffix("/style")
            headers["X-Serverless-Authorization"] = f"Bearer {_secret('identity', self._identity(audience))}"
        content: dict[str, Any] = {} if body is None else {"json": msgspec.to_builtins(body)}
        if photo is not None:
            content = {"files": {"photo": photo}, "data": {"request": msgspec.json.encode(body).decode()}}
        attempt, attempts = 0, attempts or self._attempts
        while True:
            attempt, asked = attempt + 1, 0.0
            try:
                response = self._http.request(method, url, headers=headers, **content)
            except httpx.RequestError as error:
                unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
                if attempt == attempts or not (unsent or twice):
                    found = f"{type(error).__name__}: {error}"
                    raise Unreachable(f"{method} {url}: expected an answer, found {found}") from error
            else:
                if response.is_success:
                    return response.content
                asked = _retry_after(response)
                if attempt == attempts or response.status_code not in TRY_AGAIN or asked > PATIENCE:
                    raise _problem(response)
            time.sleep(pause(attempt, asked, random.random()))


class _Started(msgspec.Struct, frozen=True):
    token: str


class _Told(msgspec.Struct, frozen=True):
    type: str
    title: str
    status: int
    detail: str


# Made once, here: msgspec 0.22 crashes when two threads use a type for the first time at once.
_DECODERS: dict[type, Any] = {
    kind: msgspec.json.Decoder(kind) for kind in (Page, Profile, Ready, Style, _Started, _Told)
}


def pause(attempt: int, asked: float, chance: float) -> float:
    """Seconds to wait after an attempt, from 1: those ``asked`` for, and by ``chance``, 0 to 1, some more, so
    that callers who were turned away together do not come back together."""
    return asked + chance * BACKOFF * 2.0 ** (attempt - 1)


def _address(name: str, url: str) -> str:
    """The address without a slash at its end. Raises ValueError."""
    try:
        parsed = httpx.URL(url)
        good = parsed.scheme in ("http", "https") and parsed.host and not re.search(r"[@?#\s]", url)
    except httpx.InvalidURL:
        good = False
    if not good:
        found = re.sub("//.*@", "//…@", url)  # what stands before an @ is a secret
        raise ValueError(f"{name}: expected an address such as https://host/register, found {found!r}")
    return url.rstrip("/")


def _secret(name: str, value: str) -> str:
    """What may stand in a header. Raises ValueError, which does not tell the value."""
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError(f"{name}: expected visible ASCII characters without spaces, found others or none")
    return value


def _retry_after(response: httpx.Response) -> float:
    text: str = response.headers.get("Retry-After", "")
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0.0


def _problem(response: httpx.Response) -> Problem:
    try:
        told = _DECODERS[_Told].decode(response.content)
        return Problem(told.type, told.title, told.status, told.detail)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        found = response.headers.get("Content-Type", "none")
        detail = f"{response.url}: expected application/problem+json, found {found}"
        return Problem("about:blank", response.reason_phrase, response.status_code, detail)


def _read(data: bytes, kind: type[T]) -> T:
    try:
        answer: T = _DECODERS[kind].decode(data)
        return answer
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreachable(f"expected a {kind.__name__.strip('_')} in JSON, found: {error}") from error
