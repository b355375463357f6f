"""Calling a function of Stylekin over HTTP: tried again where that is safe, answered in types, two errors.

Imports httpx and msgspec. No function imports this module.
"""

import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from shared.errors import StylekinError

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


class Caller:
    """Calls of one program, for any number of threads. ``StylekinClient`` says what its arguments mean."""

    def __init__(
        self,
        identity: Callable[[str], str] | None = None,
        timeout: float = ANSWER_SECONDS,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._identity, self._attempts = identity, max(1, attempts)
        self._http = httpx.Client(timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self,
        function: str,
        path: str,
        method: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        photo: bytes | None = None,
        twice: bool = False,
        attempts: int | None = None,
    ) -> bytes:
        """The body of a good answer to a ``path`` below the address of a ``function``, the audience of the
        caller's identity. ``twice``: doing it again changes nothing. Raises Problem or Unreachable."""
        url = function + path
        told = {"Accept": "application/json", **(headers or {})}
        if self._identity is not None:
            told["X-Serverless-Authorization"] = f"Bearer {secret('identity', self._identity(function))}"
        content: dict[str, Any] = {} if body is None else {"json": msgspec.to_builtins(body)}
        if photo is not None:
            content = {"files": {"photo": photo}, "data": {"request": msgspec.json.encode(body).decode()}}
        attempt, attempts = 0, attempts or self._attempts
        while True:
            attempt, asked = attempt + 1, 0.0
            try:
                response = self._http.request(method, url, headers=told, **content)
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


class _Told(msgspec.Struct, frozen=True):
    type: str
    title: str
    status: int
    detail: str


_decoders: dict[type, Any] = {}
_learning = threading.Lock()


def _decoder(kind: type) -> Any:
    """Of a type that one thread alone was the first to use: msgspec 0.22 crashes when two do so at once."""
    with _learning:
        if kind not in _decoders:
            _decoders[kind] = msgspec.json.Decoder(kind)
        return _decoders[kind]


def pause(attempt: int, asked: float, chance: float) -> float:
    """Seconds to wait after an attempt, from 1: those ``asked`` for, and by ``chance``, 0 to 1, some more, so
    that callers who were turned away together do not come back together."""
    return asked + chance * BACKOFF * 2.0 ** (attempt - 1)


def address(name: str, url: str) -> str:
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


def secret(name: str, value: str) -> str:
    """What may stand in a header. Raises ValueError, which does not tell the value."""
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError(f"{name}: expected visible ASCII characters without spaces, found others or none")
    return value


def _retry_after(response: httpx.Response) -> float:
    text: str = response.headers.get("Retry-After", "")
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0.0


def _problem(response: httpx.Response) -> Problem:
    try:
        told = _decoder(_Told).decode(response.content)
        return Problem(told.type, told.title, told.status, told.detail)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        found = response.headers.get("Content-Type", "none")
        detail = f"{response.url}: expected application/problem+json, found {found}"
        return Problem("about:blank", response.reason_phrase, response.status_code, detail)


def read(data: bytes, kind: type[T]) -> T:
    """An answer's body. Raises Unreachable for another."""
    try:
        answer: T = _decoder(kind).decode(data)
        return answer
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreachable(f"expected a {kind.__name__.strip('_')} in JSON, found: {error}") from error
