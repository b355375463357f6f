"""What the settings stand for: the pictures, and clients of the functions. Made once a process."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from app.pictures import FolderPictures, Pictures
from app.settings import Settings, settings
from shared.client import StylekinClient
from shared.inspector import Inspector

PATIENCE = 12.0  # seconds that a shopper is kept waiting for one answer


@cache
def configured() -> Settings:
    """The settings of this process."""
    return settings()


@cache
def pictures() -> Pictures:
    """The pictures of IMAGES."""
    images = configured().images
    if images.startswith("gs://"):
        from app.signed import bucket_pictures  # the libraries of the cloud load in the cloud alone

        return bucket_pictures(images.removeprefix("gs://"))
    return FolderPictures(Path(images.removeprefix("file://")).absolute())


def client(token: str | None) -> StylekinClient:
    """A client of the token's shopper, or of one who has yet to register."""
    found = configured()
    return StylekinClient(
        found.register_url,
        found.recommend_url,
        token,
        identity=_identity() if found.private else None,
        timeout=PATIENCE,
        attempts=2,
    )


@cache
def inspector() -> Inspector | None:
    """A client of the catalogue's inspection, None where there is no merchandiser's page."""
    found = configured()
    if found.merchandiser_url is None:
        return None
    identity = _identity() if found.private else None
    return Inspector(found.merchandiser_url, identity=identity, timeout=PATIENCE, attempts=2)


def _identity() -> Callable[[str], str]:
    from app.signed import identity

    return identity
