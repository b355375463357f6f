"""What the page is configured with: environment variables, nothing else.

``REGISTER_URL`` and ``RECOMMEND_URL`` are the addresses of the two functions, ``IMAGES`` is the folder or
bucket of the pictures, as the functions have it. ``MERCHANDISER_URL`` is the address of
``inspect_catalogue``; without it there is no merchandiser's page.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

LOCAL = {
    "REGISTER_URL": "http://127.0.0.1:8080",
    "RECOMMEND_URL": "http://127.0.0.1:8081",
    "IMAGES": "file://.local/images",
}


class BadSetting(Exception):
    """A variable has a value that nothing can be made of."""


@dataclass(frozen=True)
class Settings:
    """``private``: the functions ask for the caller's Google identity, as they do on Cloud Run.
    ``merchandiser_url`` is None where nobody is to look behind the shop."""

    register_url: str
    recommend_url: str
    images: str
    private: bool
    merchandiser_url: str | None = None


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, with what ``make serve`` uses where a variable is not set. Raises BadSetting."""
    found = {name: environment.get(name) or default for name, default in LOCAL.items()}
    merchandiser = environment.get("MERCHANDISER_URL") or None
    told = {**found, "MERCHANDISER_URL": merchandiser} if merchandiser else found
    for name in told.keys() - {"IMAGES"}:
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", told[name]):
            raise BadSetting(
                f"{name}: expected an address such as https://host/register, found {told[name]!r}"
            )
    if not re.fullmatch(r"file://.+|gs://[a-z0-9][a-z0-9._-]+", found["IMAGES"]):
        raise BadSetting(f"IMAGES: expected file://FOLDER or gs://BUCKET, found {found['IMAGES']!r}")
    # K_SERVICE is what Cloud Run sets; there the functions are private unless they were made public, and a
    # public one does not mind an identity.
    private = "K_SERVICE" in environment and found["REGISTER_URL"].startswith("https://")
    return Settings(found["REGISTER_URL"], found["RECOMMEND_URL"], found["IMAGES"], private, merchandiser)
