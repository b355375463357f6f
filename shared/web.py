"""HTTP for the functions: one request in, one answer or problem out, one log line. Flask and msgspec only.

Here is the one table of statuses. Errors are ``application/problem+json`` (RFC 9457) with a stable type;
nothing a client sends gives a 500.
"""

import re
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeVar

import flask
import msgspec
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from shared import bodies, cors, logs
from shared.errors import (
    BodyTooLarge,
    IdempotencyConflict,
    MalformedRequest,
    MethodNotAllowed,
    ModelMissing,
    NotFound,
    PhotoRefused,
    StoreUnavailable,
    StylekinError,
    Unauthenticated,
    UnknownItem,
    UnsupportedMediaType,
)
from shared.stages import Stages

BODY_LIMIT = 64 * 1024  # bytes
TYPE = "urn:stylekin:problem:"

# error: (status, type after "urn:stylekin:problem:", title)
PROBLEMS: dict[type[Exception], tuple[int, str, str]] = {
    MalformedRequest: (400, "malformed-request", "Malformed request"),
    UnknownItem: (400, "unknown-item", "Unknown item"),
    PhotoRefused: (400, "photo-refused", "Not a photograph"),
    Unauthenticated: (401, "unauthenticated", "Missing or wrong token"),
    NotFound: (404, "not-found", "Nothing here"),
    MethodNotAllowed: (405, "method-not-allowed", "Method not allowed"),
    IdempotencyConflict: (409, "idempotency-conflict", "Same key, another request"),
    BodyTooLarge: (413, "body-too-large", "Body too large"),
    UnsupportedMediaType: (415, "unsupported-media-type", "Content type not read here"),
    ModelMissing: (503, "model-missing", "No model published"),
    StoreUnavailable: (503, "store-unavailable", "Try again later"),
}
INTERNAL = (500, "internal", "Our fault")

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True)
class Answer:
    """A status and a body to be sent as JSON; None sends no body."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One HTTP request. ``named`` are the path's named parts; the log line gets ``facts`` and ``stages``."""

    request: flask.Request
    named: dict[str, str]
    facts: dict[str, object] = field(default_factory=dict)
    stages: Stages = field(default_factory=Stages)

    def body(self, kind: type[T]) -> T:
        """The JSON body. Raises UnsupportedMediaType, BodyTooLarge or MalformedRequest."""
        self.stages.begin("body")
        self._of_type("application/json")
        return bodies.read(self._data(BODY_LIMIT), kind)

    def body_with_file(self, kind: type[T], name: str, limit: int) -> tuple[T, bytes | None]:
        """The JSON body and None; or of a form, its field ``request`` as the body and the bytes of its file
        ``name``, at most ``limit``. Raises UnsupportedMediaType, BodyTooLarge or MalformedRequest."""
        self.stages.begin("body")
        if self._of_type("application/json", "multipart/form-data") == "application/json":
            return bodies.read(self._data(BODY_LIMIT), kind), None
        data, options = self._data(limit + BODY_LIMIT), self.request.mimetype_params
        parser = FormDataParser(_in_memory, max_form_parts=2)
        try:
            _, texts, files = parser.parse(BytesIO(data), self.request.mimetype, len(data), options)
        except RequestEntityTooLarge as error:
            raise MalformedRequest(f"body: expected only request, {name}, found more parts") from error
        if unknown := sorted({*texts, *files} - {"request", name}):
            raise MalformedRequest(f"body: expected only request, {name}, found {bodies.shown(unknown[0])}")
        if name not in files:
            raise MalformedRequest(f"{name}: expected a file in the form, found none")
        text, file = texts.get("request", "{}").encode(), files[name].read()
        for part, content, most in (("request", text, BODY_LIMIT), (name, file, limit)):
            if len(content) > most:
                raise BodyTooLarge(f"{part}: expected at most {most} bytes, found {len(content)}")
        return bodies.read(text, kind), file

    def _of_type(self, *accepted: str) -> str:
        """The body's content type. Raises UnsupportedMediaType."""
        if self.request.mimetype not in accepted:
            found = bodies.shown(self.request.content_type) if self.request.content_type else "none"
            raise UnsupportedMediaType(f"Content-Type: expected {' or '.join(accepted)}, found {found}")
        if self.request.content_encoding:
            found = bodies.shown(self.request.content_encoding)
            raise UnsupportedMediaType(f"Content-Encoding: expected none, found {found}")
        return self.request.mimetype

    def _data(self, limit: int) -> bytes:
        """The body's bytes. Raises BodyTooLarge or MalformedRequest."""
        length = self.request.content_length or 0
        data = b"" if length > limit else _read(self.request, limit + 1)
        if max(length, len(data)) > limit:
            found = f"{length}" if length else "more"
            raise BodyTooLarge(f"body: expected at most {limit} bytes, found {found}")
        return data

    def header(self, name: str, limit: int) -> str | None:
        """A header of 1 to ``limit`` visible ASCII characters, or None. Raises MalformedRequest."""
        value = self.request.headers.get(name)
        if value is not None and not re.fullmatch(rf"[!-~]{{1,{limit}}}", value):
            expected = f"1 to {limit} visible ASCII characters without spaces"
            raise MalformedRequest(f"{name}: expected {expected}, found {bodies.shown(value)}")
        return value

    def token(self) -> str:
        """The shopper's token. Raises Unauthenticated if none was sent."""
        value = self.request.headers.get("Authorization")
        scheme, _, token = (value or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            found = "no such header" if value is None else "something else"
            raise Unauthenticated(f"Authorization: expected Bearer and a token, found {found}")
        return token.strip()


Handler = Callable[[Call], Answer]


class Function:
    """The routes of one function: exact paths, ``{name}`` for one segment.

    ``/<name>`` in front of a path is optional, as the cloud serves functions below their name. ``ready``
    answers ``GET /healthz``: it returns what to tell besides the status, or raises. Web pages of the
    ``origins`` may call, and ``OPTIONS`` tells them what; see ``shared.cors``. ``project`` is the Google
    Cloud project whose traces the log lines belong to.
    """

    def __init__(
        self,
        name: str,
        ready: Callable[[], dict[str, object]],
        origins: Callable[[], Collection[str]] = tuple,
        project: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.name = name
        self._origins, self._project = origins, project
        self._routes: dict[str, dict[str, Handler]] = {}
        if flask.has_app_context():  # functions-framework loads us: what it would refuse by itself, in HTML,
            # such as a path with a line break, is answered here as well.
            flask.current_app.register_error_handler(404, lambda error: self(flask.request))
        self.on("GET", "/healthz")(lambda call: Answer(200, {"status": "ready", **ready()}))

    def on(self, method: str, *paths: str) -> Callable[[Handler], Handler]:
        """Register a handler for one method of some paths."""

        def keep(handler: Handler) -> Handler:
            for path in paths:
                self._routes.setdefault(path, {})[method] = handler
            return handler

        return keep

    def __call__(self, request: flask.Request) -> flask.Response:
        """Answer one request, and write one log line about it."""
        call = Call(request, {})
        path, method = "unknown", request.method
        problem: Exception | None = None
        origin = request.headers.get("Origin")
        origins: Collection[str] = ()
        project: str | None = None
        try:
            origins, project = self._origins(), self._project()
            path, handler = self._find(call, origin in origins)
            answer = handler(call)
            call.stages.begin("answer")
            response = _json(answer)
        except (
            Exception
        ) as error:  # the last line of defence: what is no client's fault is logged with its stack
            problem = error
            call.stages.begin("answer")
            response = _problem(error)
        _drain(request)
        response.headers.update({"Cache-Control": "no-store", **cors.answered(origin, origins)})
        if path != "/healthz" or response.status_code != 200:
            facts = logs.about(self.name, request.headers, project)
            told = method if re.fullmatch("[A-Z]{3,7}", method) else "other"  # it may be anything
            facts |= {"method": told, "route": path, "status": response.status_code}
            _log(facts | call.facts | call.stages.milliseconds(), problem)
        return response

    def _find(self, call: Call, page: bool) -> tuple[str, Handler]:
        """The route and its handler. Raises NotFound or MethodNotAllowed."""
        path = re.sub(rf"\A/{re.escape(self.name)}(?=/|\Z)", "", call.request.path) or "/"
        for route in self._routes:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(route))
            if match := re.fullmatch(pattern, path):
                methods = self._routes[route]
                call.named = match.groupdict()
                if handler := methods.get(call.request.method):
                    return route, handler
                if page and call.request.method == "OPTIONS":
                    return route, _preflight(tuple(methods))
                expected, found = " or ".join(methods), bodies.shown(call.request.method)
                raise MethodNotAllowed(f"method: expected {expected}, found {found}", tuple(methods))
        raise NotFound(f"path: expected {' or '.join(self._routes)}, found {bodies.shown(path)}")


def _preflight(methods: tuple[str, ...]) -> Handler:
    return lambda call: Answer(204, headers=cors.preflight(methods))


def _read(request: flask.Request, limit: int) -> bytes:
    """Up to ``limit`` bytes of the body. Raises MalformedRequest if the client stops in the middle."""
    data = b""
    try:
        while len(data) < limit and (more := request.stream.read(limit - len(data))):
            data += more
    except (ClientDisconnected, OSError) as error:
        raise MalformedRequest(f"body: expected {request.content_length} bytes, found fewer") from error
    return data


def _drain(request: flask.Request) -> None:
    """Read what is left of the body in small pieces: a server that answers early loses the connection."""
    try:
        while request.stream.read(BODY_LIMIT):
            pass
    except (ClientDisconnected, OSError):
        pass


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> BytesIO:
    """Where a form's file is kept: nothing of a photograph ever lies on a disk."""
    return BytesIO()


def _json(answer: Answer) -> flask.Response:
    if answer.body is None:
        response = flask.Response(status=answer.status, headers=dict(answer.headers))
        del response.headers["Content-Type"]
        return response
    body, headers = msgspec.json.encode(answer.body), dict(answer.headers)
    return flask.Response(body, answer.status, headers, mimetype="application/json")


def _problem(error: Exception) -> flask.Response:
    status, slug, title = PROBLEMS.get(type(error), INTERNAL)
    detail = "an unexpected error; it is in the log" if status == 500 else str(error)
    body: dict[str, Any] = {"type": TYPE + slug, "title": title, "status": status, "detail": detail}
    response = flask.Response(msgspec.json.encode(body), status, mimetype="application/problem+json")
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


def _log(facts: dict[str, object], problem: Exception | None) -> None:
    if problem is None:
        logs.write("INFO", "answered", **facts)
        return
    status, slug, _ = PROBLEMS.get(type(problem), INTERNAL)
    if status < 500:
        logs.write("INFO", "refused", problem=slug, **facts)
        return
    if not isinstance(problem, StylekinError) or status == 500:
        facts["stack"] = "".join(traceback.format_exception(problem))
    logs.write("ERROR", str(problem) or type(problem).__name__, problem=slug, **facts)
