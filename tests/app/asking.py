"""Requests to routes of the page's server, without a server."""

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Route


class Routes:
    """A client of some routes, with the cookies that they set."""

    def __init__(self, *routes: Route) -> None:
        self.cookies = httpx.Cookies()
        self._transport = httpx.ASGITransport(Starlette(routes=routes))

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The answer of a route."""

        async def asked() -> httpx.Response:
            client = httpx.AsyncClient(
                transport=self._transport, base_url="http://127.0.0.1", cookies=self.cookies
            )
            async with client:
                answer = await client.request(method, path, **request)
                self.cookies = client.cookies
                return answer

        return asyncio.run(asked())
