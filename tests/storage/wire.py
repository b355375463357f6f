"""The wire between Google's libraries and the emulators: what goes over it is kept, and can be lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import grpc
import requests
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from requests.adapters import HTTPAdapter

from shared.storage.firestore import Firestore
from shared.storage.gcs import Bucket


@dataclass(frozen=True)
class Sent:
    """One HTTP request to a bucket; ``query`` without the words that say only how to answer."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(repr=False)


class HttpWire(HTTPAdapter):
    """Under a bucket's connections. ``after`` may change or lose an answer that the server did give."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self.after: Callable[[Sent, requests.Response], None] = lambda sent, answer: None
        session = bucket._bucket.client._http
        session.mount("http://", self)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        url = urlsplit(str(request.url))
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        for name in ("prettyPrint", "projection", "alt", "uploadType", "fields"):
            query.pop(name, None)
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        sent = Sent(str(request.method), url.path, query, headers)
        self.sent.append(sent)
        answer = super().send(request, *args, **options)
        self.after(sent, answer)
        return answer

    def lose(self, method: str, count: int = 1) -> None:
        """The next answers to requests of a method do not arrive."""
        left = [None] * count

        def after(sent: Sent, answer: requests.Response) -> None:
            if sent.method == method and left:
                left.pop()
                answer.close()
                raise requests.ConnectionError("the answer got lost")

        self.after = after


class GrpcWire(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):  # type: ignore[misc]
    """Under a Firestore's connection. ``calls`` counts them by name; ``lost`` is the next answers to lose."""

    def __init__(self, users: Firestore, address: str) -> None:
        self.calls: Counter[str] = Counter()
        self.lost: list[str] = []
        channel = grpc.intercept_channel(grpc.insecure_channel(address), self)
        users._client._firestore_api_internal = FirestoreClient(
            transport=FirestoreGrpcTransport(channel=channel)
        )

    def taken(self) -> dict[str, int]:
        """The calls since the last look."""
        calls, self.calls = dict(self.calls), Counter()
        return calls

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        answer = self.intercept_unary_stream(continuation, details, request)
        name = details.method.rpartition("/")[2]
        if name in self.lost:
            self.lost.remove(name)
            answer.result()
            return Lost()
        return answer

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        self.calls[details.method.rpartition("/")[2]] += 1
        return continuation(details, request)


class Lost(grpc.RpcError):  # type: ignore[misc]
    """What a caller sees whose connection broke before the answer."""

    def result(self) -> Any:
        raise self

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        return "the answer got lost"

    def trailing_metadata(self) -> tuple[()]:
        return ()
