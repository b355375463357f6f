"""Publish model bundles to the catalogue bucket, and make a first manifest where there is none.

A department that already serves another model goes on serving it: switching is a promotion, not a copy.

    CATALOGUE=file://.local/catalogue python -m scripts.publish_models
"""

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from shared import wiring
from shared.card import read_card
from shared.errors import PreconditionFailed
from shared.manifest import Manifest, swap_manifest
from shared.storage.ports import Blobs

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"
OTHER_CARD = (
    "{bundle}: expected the card of {path}, found another one, which stays in use; to replace it, delete "
    "{bundle}/card.json there, publish again and restart what serves"
)


def publish(blobs: Blobs, models: Path = MODELS) -> list[str]:
    """Copy every bundle below ``models`` (``<department>/<version>/``) and return their names.

    The card goes last, so that a bundle with a card is whole. Bundles are immutable: what is there
    already is left alone, and a card that is not the same is told of on standard error.
    """
    published = []
    for path in sorted(models.glob("*/*/card.json")):
        card = read_card(path.read_bytes(), str(path))
        bundle = f"models/{card.department}/{card.version}"
        for name in (*card.files, "card.json"):
            create(blobs, f"{bundle}/{name}", (path.parent / name).read_bytes())
        if blobs.read(f"{bundle}/card.json")[0] != path.read_bytes():
            print(OTHER_CARD.format(bundle=bundle, path=path), file=sys.stderr)
        with suppress(PreconditionFailed):
            first = Manifest(department=card.department, model=card.version)
            swap_manifest(blobs, first, if_generation=0)
        published.append(bundle)
    return published


def create(blobs: Blobs, name: str, data: bytes) -> None:
    """Write an object unless it is there."""
    with suppress(PreconditionFailed):
        blobs.write(name, data, if_generation=0)


def main() -> None:
    """Publish to the bucket that CATALOGUE names."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.publish_models", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of bundles; default: models/")
    for name in publish(wiring.catalogue(), parser.parse_args().models):
        print(name)


if __name__ == "__main__":
    main()
