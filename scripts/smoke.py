"""Try a running system as a shop and a shopper would: register, upload a picture, wait until it is
recommended, delete both, and wait until it is gone. Exit status 1, with a reason, if any of it fails.

IMAGES, REGISTER_URL and RECOMMEND_URL say where; `terraform output -raw environment` has them. Where IAM
guards the functions the calls carry an identity: IDENTITY_TOKEN if that is set, otherwise that of the
machine on Google Cloud that this runs on.

    IMAGES=gs://… REGISTER_URL=https://… RECOMMEND_URL=https://… python -m scripts.smoke
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

from scripts.wardrobe import draw
from shared import wiring
from shared.departments import DEPARTMENTS
from shared.errors import BlobNotFound, StylekinError

METADATA = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity"


class Failed(Exception):
    """The system did not do what it should; the message says what."""


class Shopper:
    """The two HTTP functions, asked with an identity where there is one."""

    def __init__(self, register: str, recommend: str) -> None:
        self.register, self.recommend = register, recommend
        self.http = httpx.Client(timeout=60, trust_env=False)
        self.identities = {url: identity(self.http, url) for url in (register, recommend)}

    def call(self, method: str, url: str, status: int, token: str | None = None, body: Any = None) -> Any:
        """The JSON of an answer. Raises Failed if its status is another."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if self.identities[url]:
            headers["X-Serverless-Authorization"] = f"Bearer {self.identities[url]}"
        try:
            answer = self.http.request(method, url, json=body, headers=headers)
        except httpx.TransportError as error:
            raise Failed(f"{method} {url}: expected an answer, found {error}") from error
        if answer.status_code != status:
            raise Failed(f"{method} {url}: expected {status}, found {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else None


def identity(http: httpx.Client, url: str) -> str:
    """An identity for calls of ``url``: given, or the machine's, or none for a system on this machine."""
    if given := os.environ.get("IDENTITY_TOKEN"):
        return given
    if not url.startswith("https://"):
        return ""
    try:
        answer = http.get(METADATA, params={"audience": url}, headers={"Metadata-Flavor": "Google"})
    except httpx.TransportError as error:
        expected = "IDENTITY_TOKEN=$(gcloud auth print-identity-token), or a machine on Google Cloud"
        raise Failed(f"identity: expected {expected}, found {error}") from error
    return answer.raise_for_status().text


def wait(what: str, seconds: float, holds: Callable[[], bool]) -> None:
    """Ask until it holds. Raises Failed after ``seconds``."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise Failed(f"expected {what} within {seconds:.0f} seconds, found it not so")
        time.sleep(1)


def try_out(shopper: Shopper, seconds: float) -> None:
    """The whole round. What it made it deletes, also when it fails."""
    images = wiring.images()
    # A brand nobody has finds the one item, however many there are.
    brand = f"smoke-{secrets.token_hex(8)}"
    name = f"{DEPARTMENTS[0]}/{brand}.jpg"
    wish = {"filters": {"brands": [brand]}, "limit": 1}
    token = shopper.call("POST", shopper.register, 201, body={"department": DEPARTMENTS[0]})["token"]
    print("registered", flush=True)

    def shown() -> bool:
        found = shopper.call("POST", shopper.recommend, 200, token, wish)["recommendations"]
        return bool(found)

    try:
        images.write(name, next(draw(DEPARTMENTS[0], 1)).picture(), metadata={"brand": brand})
        print(f"uploaded {name}", flush=True)
        wait(f"{name} to be recommended", seconds, shown)
        print("recommended", flush=True)
        images.delete(name)
        wait(f"{name} to be recommended no more", seconds, lambda: not shown())
        print("gone", flush=True)
    finally:
        with suppress(BlobNotFound):
            images.delete(name)
        shopper.call("DELETE", shopper.register, 204, token)


def main() -> None:
    """Try the system that the environment names."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.smoke", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--seconds", type=float, default=300, help="how long to wait; default: 300")
    seconds = parser.parse_args().seconds
    wanted = ("IMAGES", "REGISTER_URL", "RECOMMEND_URL")
    if missing := [variable for variable in wanted if not os.environ.get(variable)]:
        parser.error(f"expected {', '.join(wanted)} in the environment, found no {', '.join(missing)}")
    try:
        try_out(Shopper(os.environ["REGISTER_URL"], os.environ["RECOMMEND_URL"]), seconds)
    except (Failed, StylekinError, httpx.HTTPError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
