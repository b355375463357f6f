"""The one place that turns settings into stores and use-cases. Imports each adapter only when asked for.

file://FOLDER                  shared.storage.folder.Folder
gs://BUCKET                    shared.storage.gcs.Bucket
sqlite:///FILE                 shared.storage.sqlite.Sqlite
firestore://PROJECT/DATABASE   shared.storage.firestore.Firestore, or as an engine
                               shared.storage.firestore_items.FirestoreItems
vertex://PROJECT/DATABASE/LOCATION/ENDPOINT   shared.storage.vertex_items.VertexItems

The stores that functions get are patient: see shared.storage.patient.
"""

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shared.errors import SettingsError
from shared.settings import DATABASE, VERTEX, Settings
from shared.storage.patient import Patient, PatientProfiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.card import Card
    from shared.catalogue import Catalogue
    from shared.encoder import Encoders
    from shared.engine import Engine
    from shared.reader import Reader
    from shared.stock import Stock
    from shared.storage.ports import Blobs, Profiles
    from shared.vectors import Floats


def blobs(variable: str, address: str) -> "Blobs":
    """The bucket at an address. Raises SettingsError naming ``variable`` for an unknown scheme."""
    if address.startswith("file://") and len(address) > len("file://"):
        from shared.storage.folder import Folder

        return Folder(Path(address.removeprefix("file://")))
    if named := re.fullmatch(r"gs://([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])", address):
        from shared.storage.gcs import Bucket

        return Bucket(named[1])
    raise SettingsError(f"{variable}: expected file://FOLDER or gs://BUCKET, found {address!r}")


def profiles(address: str) -> "Profiles":
    """The store of shoppers' profiles at an address. Raises SettingsError for an unknown scheme."""
    if address.startswith("sqlite:///") and len(address) > len("sqlite:///"):
        from shared.storage.sqlite import Sqlite

        return Sqlite(Path(address.removeprefix("sqlite:///")))
    if named := re.fullmatch(DATABASE, address):
        from shared.storage.firestore import Firestore

        return Firestore(named[1], named[2])
    raise SettingsError(f"USERS: expected sqlite:///FILE or firestore://PROJECT/DATABASE, found {address!r}")


def engine_at(address: str) -> "Engine | None":
    """The engine at an address that settings let through, None for ``memory``."""
    if named := re.fullmatch(DATABASE, address):
        from shared.storage.firestore_items import FirestoreItems

        return FirestoreItems(named[1], named[2])
    if named := re.fullmatch(VERTEX, address):
        from shared.storage.vertex_items import VertexItems

        return VertexItems(named[1], named[2], named[3], named[4])
    return None


@cache
def settings() -> Settings:
    """This process's settings."""
    return Settings.of(os.environ)


def project() -> str | None:
    """The Google Cloud project this process belongs to, if the environment says so."""
    return settings().google_cloud_project


@cache
def images() -> "Blobs":
    """The bucket shops drop pictures into."""
    return Patient(blobs("IMAGES", settings().images))


@cache
def catalogue() -> "Blobs":
    """The bucket of facts, snapshots and models."""
    return Patient(blobs("CATALOGUE", settings().catalogue))


def joined_catalogue() -> "Blobs":
    """The same for those who write facts, which also go to the engine, if there is one."""
    return catalogue() if engine() is None else indexed_catalogue()


@cache
def indexed_catalogue() -> "Blobs":
    """The same with an engine."""
    from shared.storage.indexed import Indexed

    return Indexed(catalogue(), _engine())


@cache
def engine() -> "Engine | None":
    """Where items are held and found, None for the functions' own memory."""
    return engine_at(settings().catalogue_engine)


@cache
def users() -> "Profiles":
    """The shoppers' profiles."""
    return PatientProfiles(profiles(settings().users))


@cache
def reader(
    department: str, prepare: "Callable[[Catalogue, Card, Catalogue | None], object] | None" = None
) -> "Reader":
    """The catalogue of one department, kept fresh in memory; each is given out after ``prepare``."""
    from shared.reader import Reader

    return Reader(catalogue(), department, settings().catalogue_max_age, prepare=prepare)


def stock(
    department: str, prepare: "Callable[[Catalogue, Card, Catalogue | None], object] | None" = None
) -> "Stock":
    """The items of one department, in memory (each given out after ``prepare``) or with the engine."""
    return reader(department, prepare) if engine() is None else engine_stock(department)


@cache
def engine_stock(department: str) -> "Stock":
    """The same with an engine."""
    from shared.stock import EngineStock

    return EngineStock(catalogue(), department, _engine(), settings().catalogue_max_age)


def _engine() -> "Engine":
    items = engine()
    assert items is not None
    return items


def look(photo: bytes, department: str, version: str) -> "Floats":
    """The embedding of a shopper's photograph; the first one loads the decoder and the networks."""
    from shared.photographs import Photographs

    return Photographs(encoders())(photo, department, version)


@cache
def encoders(kept: int = 1) -> "Encoders":
    """The encoder of each department's live model, loaded at the first need; ``kept`` versions of each."""
    from shared.encoder import Encoders

    return Encoders(catalogue(), settings().encoder_threads, kept)
