"""Configuration is an address: what the environment says, parsed once. Standard library only.

IMAGES             file://FOLDER, gs://BUCKET   default file://.local/images
CATALOGUE          file://FOLDER, gs://BUCKET   default file://.local/catalogue
USERS              sqlite:///FILE, firestore://PROJECT/DATABASE   default sqlite:///.local/users.db
CATALOGUE_MAX_AGE  seconds a reader goes without looking for news, 0 to 3600   default 10
CATALOGUE_ENGINE   memory, firestore://PROJECT/DATABASE, vertex://PROJECT/DATABASE/LOCATION/ENDPOINT: where
                   recommend finds items   default memory
ENCODER_THREADS    threads of one network's run, 1 to 64   default 1
CORS_ORIGINS       https://HOST, http://HOST:PORT: web pages that may call, with commas between   default none
GOOGLE_CLOUD_PROJECT  the project whose traces log lines belong to   default none
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import SettingsError

_DATABASE = r"([a-z][a-z0-9.:-]*)/(\(default\)|[a-z][a-z0-9-]*)"
DATABASE = rf"firestore://{_DATABASE}"
VERTEX = rf"vertex://{_DATABASE}/([a-z]+-[a-z]+[0-9]+)/([0-9]+)"  # ends with the number of an index endpoint


@dataclass(frozen=True)
class Settings:
    """The environment, checked. ``images``, ``catalogue`` and ``users`` are addresses."""

    images: str = "file://.local/images"
    catalogue: str = "file://.local/catalogue"
    users: str = "sqlite:///.local/users.db"
    catalogue_max_age: float = 10.0
    catalogue_engine: str = "memory"
    encoder_threads: int = 1
    cors_origins: tuple[str, ...] = ()
    google_cloud_project: str | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables above. Raises SettingsError for a value out of range."""
        return cls(
            images=environment.get("IMAGES") or cls.images,
            catalogue=environment.get("CATALOGUE") or cls.catalogue,
            users=environment.get("USERS") or cls.users,
            catalogue_max_age=_number(environment, "CATALOGUE_MAX_AGE", cls.catalogue_max_age, 0, 3600),
            catalogue_engine=_engine(environment.get("CATALOGUE_ENGINE") or cls.catalogue_engine),
            encoder_threads=int(_number(environment, "ENCODER_THREADS", cls.encoder_threads, 1, 64)),
            cors_origins=_origins(environment.get("CORS_ORIGINS") or ""),
            google_cloud_project=_project(environment.get("GOOGLE_CLOUD_PROJECT") or ""),
        )


def _engine(text: str) -> str:
    """``memory``, or the address of an engine."""
    if text != "memory" and not re.fullmatch(DATABASE, text) and not re.fullmatch(VERTEX, text):
        expected = "memory, firestore://PROJECT/DATABASE or vertex://PROJECT/DATABASE/LOCATION/ENDPOINT"
        raise SettingsError(f"CATALOGUE_ENGINE: expected {expected}, found {text!r}; see docs/engines.md")
    return text


def _origins(text: str) -> tuple[str, ...]:
    """Origins as browsers write them: a scheme and a host in lower case, a port unless it is the scheme's."""
    origins = tuple(origin.strip() for origin in text.split(",") if origin.strip())
    for origin in origins:
        match = re.fullmatch(r"(https?)://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?", origin)
        if match is None or match.groups() in (("http", "80"), ("https", "443")):
            expected = "origins such as https://shop.example, with commas between"
            raise SettingsError(f"CORS_ORIGINS: expected {expected}, found {origin!r}")
    return origins


def _project(text: str) -> str | None:
    """A project's id, such as ``my-shop`` or, in older organisations, ``shop.example:my-shop``."""
    if text and not re.fullmatch(r"[a-z0-9][a-z0-9.:-]{0,99}", text):
        expected = "the id of a project, such as my-shop"
        raise SettingsError(f"GOOGLE_CLOUD_PROJECT: expected {expected}, found {text!r}")
    return text or None


def _number(
    environment: Mapping[str, str], variable: str, default: float, least: float, most: float
) -> float:
    text = environment.get(variable) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingsError(f"{variable}: expected a number from {least} to {most}, found {text!r}")
    return value
