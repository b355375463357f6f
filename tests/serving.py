"""Functions under test on a port of this machine, for clients that speak real HTTP."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Requests that are not told on standard error."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def served(clients: Mapping[str, FlaskClient]) -> Iterator[str]:
    """The address below which each function stands under its name."""
    server = make_server(
        "127.0.0.1",
        0,
        lambda environ, start: clients[name_in(environ)].application(environ, start),
        request_handler=Quiet,
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def name_in(environ: Mapping[str, Any]) -> str:
    """The function that a path belongs to."""
    first: str = environ["PATH_INFO"].split("/")[1]
    return first if first in ("recommend", "inspect_catalogue") else "register"
