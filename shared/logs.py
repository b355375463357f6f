"""Structured logs: one JSON object per line on standard output, as Cloud Logging reads it.

Callers pass counts, names and times; never a token, never a picture. ``docs/operations.md`` has the table
of the fields. Standard library only.
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


def about(function: str, headers: Headers, project: str | None = None) -> dict[str, object]:
    """What every function's line has: the function, and the trace that the request belongs to.

    ``trace`` is its 32 hex digits, None without one. If the Google Cloud ``project`` is known, the fields
    that Cloud Logging links traces by are there too: the trace's resource name and, if the request came
    from a span, the span's 16 hex digits.
    """
    trace, span = _trace(headers)
    fields: dict[str, object] = {"function": function, "trace": trace}
    if project and trace:
        fields["logging.googleapis.com/trace"] = f"projects/{project}/traces/{trace}"
        if span:
            fields["logging.googleapis.com/spanId"] = span
    return fields


def _trace(headers: Headers) -> tuple[str | None, str | None]:
    """The ids of the trace and of the span, in hex, from ``traceparent`` or Google's own header."""
    parent = headers.get("traceparent") or ""
    if found := re.match(r"\A[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}", parent):
        return found[1], found[2]
    context = headers.get("X-Cloud-Trace-Context") or ""
    if found := re.match(r"\A([0-9a-f]{32})(?:/([0-9]{1,20})(?=;|\Z)|/|\Z)", context):
        span = int(found[2] or 0)  # decimal here
        return found[1], f"{span:016x}" if 0 < span < 2**64 else None
    return None, None
