"""The stores of a shop with many items, in a folder: a snapshot, a manifest, the model's card, shoppers."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.catalogues import card, catalogue, item_ids
from shared.card import write_card
from shared.manifest import Manifest, snapshot_name, swap_manifest
from shared.registering import Registration, start
from shared.storage.folder import Folder
from shared.storage.pieces import Pieces
from shared.storage.sqlite import Sqlite

DEPARTMENT = "womenswear"
PICKLE = "catalogue.pickle"


@contextmanager
def shop(n: int, with_pickle: bool = False) -> Iterator[tuple[Path, float]]:
    """A folder with the stores of a shop of ``n`` items, until the block ends, and the table's megabytes."""
    with TemporaryDirectory(prefix="stylekin-benchmark-") as folder:
        root = Path(folder)
        yield root, _fill(root, n, with_pickle)


def _fill(root: Path, n: int, with_pickle: bool) -> float:
    model, whole = card(), catalogue(n, card())
    blobs = Folder(root / "catalogue")
    blobs.write(f"models/{DEPARTMENT}/{model.version}/card.json", write_card(model))
    name, file = f"{1:010d}-{whole.version}", whole.to_file()
    blobs.write(snapshot_name(DEPARTMENT, name), Pieces(name, file.size, file.read))
    swap_manifest(blobs, Manifest(department=DEPARTMENT, model=model.version, snapshot=name), if_generation=0)
    if with_pickle:
        content = {"item_ids": item_ids(n), "vectors": np.asarray(whole.visible(model).vectors)}
        (root / PICKLE).write_bytes(pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL))
    return float(whole.table.nbytes / 1e6)


def settings(root: Path, max_age: int = 3600) -> dict[str, str]:
    """The environment of functions on these stores; readers look for news after ``max_age`` seconds."""
    return {
        "CATALOGUE": f"file://{root}/catalogue",
        "IMAGES": f"file://{root}/images",
        "USERS": f"sqlite:///{root}/users.db",
        "CATALOGUE_MAX_AGE": str(max_age),
    }


def shopper(root: Path, likes: list[str]) -> str:
    """The token of a new shopper who likes these items."""
    users = Sqlite(root / "users.db")
    token = start(users, Registration(DEPARTMENT, likes=tuple(likes))).token
    users.close()
    assert token is not None
    return token
