"""The one place that turns settings into stores and use-cases. Imports each adapter only when asked for.

file://FOLDER     shared.storage.folder.Folder
sqlite:///FILE    shared.storage.sqlite.Sqlite

The stores that functions get are patient: see shared.storage.patient.
"""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shared.errors import SettingsError
from shared.settings import Settings
from shared.storage.patient import Patient, PatientProfiles

if TYPE_CHECKING:
    from shared.encoder import Encoders
    from shared.log import Reader
    from shared.storage.ports import Blobs, Profiles
    from shared.vectors import Floats


def blobs(variable: str, address: str) -> "Blobs":
    """The bucket at an address. Raises SettingsError naming ``variable`` for an unknown scheme."""
    if address.startswith("file://") and len(address) > len("file://"):
        from shared.storage.folder import Folder

        return Folder(Path(address.removeprefix("file://")))
    raise SettingsError(f"{variable}: expected file://FOLDER, found {address!r}")


def profiles(address: str) -> "Profiles":
    """The store of shoppers' profiles at an address. Raises SettingsError for an unknown scheme."""
    if address.startswith("sqlite:///") and len(address) > len("sqlite:///"):
        from shared.storage.sqlite import Sqlite

        return Sqlite(Path(address.removeprefix("sqlite:///")))
    raise SettingsError(f"USERS: expected sqlite:///FILE, found {address!r}")


@cache
def settings() -> Settings:
    """This process's settings."""
    return Settings.of(os.environ)


def project() -> str | None:
    """The Google Cloud project this process belongs to, if the environment says so."""
    return settings().project


@cache
def images() -> "Blobs":
    """The bucket shops drop pictures into."""
    return Patient(blobs("IMAGES", settings().images))


@cache
def catalogue() -> "Blobs":
    """The bucket of facts, snapshots and models."""
    return Patient(blobs("CATALOGUE", settings().catalogue))


@cache
def users() -> "Profiles":
    """The shoppers' profiles."""
    return PatientProfiles(profiles(settings().users))


@cache
def reader(department: str) -> "Reader":
    """The catalogue of one department, kept fresh in memory."""
    from shared.log import Reader

    return Reader(catalogue(), department, settings().catalogue_max_age)


def look(department: str, version: str, photo: bytes) -> "Floats":
    """The embedding of a shopper's photograph; the first one loads the decoder and the networks."""
    from shared.photographs import Photographs

    return Photographs(encoders())(department, version, photo)


@cache
def encoders() -> "Encoders":
    """The encoder of each department's live model, loaded at the first need."""
    from shared.encoder import Encoders

    return Encoders(catalogue(), settings().encoder_threads)
