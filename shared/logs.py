"""Structured logs: one JSON object per line on standard output, as Cloud Logging reads it.

Callers pass counts, names and times; never a token, never a picture. Standard library only.
"""

import json
import re
import sys
from typing import Protocol


class Headers(Protocol):
    """The headers of a request."""

    def get(self, name: str, /) -> str | None: ...


def write(severity: str, message: str, **fields: object) -> None:
    """Write one line: ``severity`` is DEBUG, INFO, WARNING or ERROR; the fields must be JSON's types."""
    line = json.dumps({"severity": severity, "message": message, **fields}, default=str)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def trace(headers: Headers) -> str | None:
    """The 32 hex digits that name a request's trace, from ``traceparent`` or Google's own header."""
    for header, pattern in (
        ("traceparent", r"\A[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}"),
        ("X-Cloud-Trace-Context", r"\A([0-9a-f]{32})(?:/|\Z)"),
    ):
        if found := re.match(pattern, headers.get(header) or ""):
            return found[1]
    return None
