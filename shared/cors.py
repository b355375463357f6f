"""Which web pages may call: the headers of cross-origin requests (the Fetch standard). Standard library only.

There are no cookies, so no answer allows credentials; a page sends the shopper's token itself. A page that
is not on the list gets the answer without these headers, and its browser keeps it from reading it.
"""

from collections.abc import Collection, Iterable

SENT = ("Authorization", "Content-Type", "Idempotency-Key")  # what a page may send
SEEN = ("Retry-After", "WWW-Authenticate")  # what it may read beside the body
MAX_AGE = 600  # seconds a browser may remember a preflight's answer


def answered(origin: str | None, allowed: Collection[str]) -> dict[str, str]:
    """What every answer to a request from ``origin`` says; nothing where no page may call."""
    if not allowed:
        return {}
    if origin not in allowed or origin is None:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": ", ".join(SEEN),
        "Vary": "Origin",
    }


def preflight(methods: Iterable[str]) -> dict[str, str]:
    """What the answer to OPTIONS says besides: the methods of the path, and the headers they take."""
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": ", ".join(SENT),
        "Access-Control-Max-Age": str(MAX_AGE),
    }
