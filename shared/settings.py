"""Configuration is an address: what the environment says, parsed once. Standard library only.

IMAGES             file://FOLDER      default file://.local/images
CATALOGUE          file://FOLDER      default file://.local/catalogue
USERS              sqlite:///FILE     default sqlite:///.local/users.db
CATALOGUE_MAX_AGE  seconds a reader goes without looking for news, 0 to 3600   default 10
ENCODER_THREADS    threads of one network's run, 1 to 64   default 1
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import SettingsError


@dataclass(frozen=True)
class Settings:
    """The environment, checked. ``images``, ``catalogue`` and ``users`` are addresses."""

    images: str = "file://.local/images"
    catalogue: str = "file://.local/catalogue"
    users: str = "sqlite:///.local/users.db"
    catalogue_max_age: float = 10.0
    encoder_threads: int = 1

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables above. Raises SettingsError for a value out of range."""
        return cls(
            images=environment.get("IMAGES") or cls.images,
            catalogue=environment.get("CATALOGUE") or cls.catalogue,
            users=environment.get("USERS") or cls.users,
            catalogue_max_age=_number(environment, "CATALOGUE_MAX_AGE", cls.catalogue_max_age, 0, 3600),
            encoder_threads=int(_number(environment, "ENCODER_THREADS", cls.encoder_threads, 1, 64)),
        )


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
