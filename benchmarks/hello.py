"""The least a function can do: what the framework, HTTP and this machine cost without any work."""

import flask


def hello(request: flask.Request) -> flask.Response:
    """Say hello."""
    return flask.Response(b'{"hello": "world"}', mimetype="application/json")
