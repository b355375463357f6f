"""The cookie that keeps a shopper over reloads, lost connections and further tabs: one HTTP route.

Streamlit reads cookies and cannot set them, so the page hands the token it was given to this route, once,
and the answer sets a cookie that no script can read. The token is 256 random bits that ``register`` checks,
so the cookie needs no signature of its own; it never stands in an address.
"""

import json
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

COOKIE = "stylekin"
PATH = "/shopper"
MAX_AGE = 400 * 24 * 60 * 60  # seconds: the longest that browsers keep a cookie
FORM = r"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}"  # of a token, as docs/openapi.yaml has it


def told(cookies: object) -> str | None:
    """The token among a visitor's cookies, if there is one that can be a token."""
    value = cookies.get(COOKIE) if hasattr(cookies, "get") else None
    return value if isinstance(value, str) and re.fullmatch(FORM, value) else None


async def keep(request: Request) -> Response:
    """``POST {"token": …}`` sets the cookie, ``DELETE`` clears it: 204. Asked from another site: 403.

    400 if the body has no token. Neither answer nor log tells it.
    """
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return Response("expected a request of this page, found one of another site", 403)
    answer = Response(status_code=204, headers={"Cache-Control": "no-store"})
    secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
    if request.method == "DELETE":
        answer.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="lax")
        return answer
    # Another site's form cannot send this content type without asking first, and nothing answers that.
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return Response("Content-Type: expected application/json, found another", 415)
    try:
        token = json.loads(await request.body())["token"]
    except (ValueError, TypeError, KeyError):
        token = None
    if not isinstance(token, str) or not re.fullmatch(FORM, token):
        return Response("token: expected one that register gave, found none", 400)
    answer.set_cookie(COOKIE, token, max_age=MAX_AGE, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


ROUTE = Route(PATH, keep, methods=["POST", "DELETE"])
