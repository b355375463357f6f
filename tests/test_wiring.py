"""An address picks its adapter, and only that adapter's library is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared import wiring
from shared.errors import SettingsError
from shared.storage.firestore import Firestore
from shared.storage.folder import Folder
from shared.storage.gcs import Bucket
from shared.storage.sqlite import Sqlite

ROOT = Path(__file__).parent.parent
LOADED = """
import sys
from shared import wiring
wiring.blobs("IMAGES", sys.argv[1])
wiring.profiles(sys.argv[2])
wiring.engine_at(sys.argv[3])
libraries = ("google.cloud.storage", "google.cloud.firestore")
print(*[name for name in libraries if name in sys.modules])
"""


def test_an_address_of_this_machine() -> None:
    found = wiring.blobs("IMAGES", "file://.local/images")
    assert isinstance(found, Folder)
    assert found.root == Path(".local/images").absolute()
    users = wiring.profiles("sqlite:///.local/users.db")
    assert isinstance(users, Sqlite)
    assert users.path == Path(".local/users.db")


def test_an_address_of_the_cloud() -> None:
    found = wiring.blobs("IMAGES", "gs://shop-images")
    assert isinstance(found, Bucket)
    assert found.name == "shop-images"
    for database in ("(default)", "users"):
        users = wiring.profiles(f"firestore://my-shop/{database}")
        assert isinstance(users, Firestore)
        assert (users.project, users.database) == ("my-shop", database)


@pytest.mark.parametrize(
    "address",
    ["", "file://", "gs://", "gs://Shop", "gs://shop/folder", "s3://shop", "firestore://p/d", "/images"],
)
def test_another_address_of_a_bucket_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="IMAGES: expected file://FOLDER or gs://BUCKET, found"):
        wiring.blobs("IMAGES", address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sqlite:///",
        "sqlite://users.db",
        "firestore://p",
        "firestore://p/",
        "firestore://p/a/b",
        "gs://abc",
    ],
)
def test_another_address_of_profiles_is_refused(address: str) -> None:
    expected = "USERS: expected sqlite:///FILE or firestore://PROJECT/DATABASE, found"
    with pytest.raises(SettingsError, match=expected):
        wiring.profiles(address)


@pytest.mark.parametrize(
    ("blobs", "users", "engine", "loaded"),
    [
        ("file://images", "sqlite:///users.db", "memory", ""),
        ("gs://images", "sqlite:///users.db", "memory", "google.cloud.storage"),
        ("file://images", "firestore://shop/(default)", "memory", "google.cloud.firestore"),
        ("file://images", "sqlite:///users.db", "firestore://shop/items", "google.cloud.firestore"),
    ],
)
def test_only_the_library_of_the_address_is_loaded(blobs: str, users: str, engine: str, loaded: str) -> None:
    command = [sys.executable, "-c", LOADED, blobs, users, engine]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == loaded


def test_who_only_writes_goes_without_what_lists_need() -> None:
    """numkong is in no requirements but those of functions that make lists."""
    modules = "shared.embedding shared.compacting shared.stock shared.storage.indexed shared.wiring"
    modules += " shared.storage.firestore_items"
    script = f"import sys, {', '.join(modules.split())}; print('numkong' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
