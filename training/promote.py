"""Make a bundle the live model of its department, if it is no worse, while the department is being served.

    python -m training.promote models/womenswear/demo-4 shop.csv
    python -m training.promote --rollback --department womenswear

SOURCE are labelled pictures that neither model learned from (docs/training.md says in which forms). The
bundle is published only if its neighbours are not worse and its lists not fuller of near-duplicates than the
live model's, beyond the interval; --force publishes it all the same, and its card says so. Then every picture
of the department is embedded by it, which may be killed and started again, and one step makes it live.
--announce stops before the embedding, which training.embed_pipeline does on many machines; the same command
without it goes on from there.
--rollback goes back to what was live before, or takes back what is not live yet. IMAGES and CATALOGUE say
where, as for the functions. No torch.
"""

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
from tqdm import tqdm

from shared import wiring
from shared.card import Card, read_card, write_card
from shared.departments import DEPARTMENTS
from shared.encoder import Encoder
from shared.errors import BlobNotFound, ModelMissing, StylekinError
from shared.log import read_model_card
from shared.manifest import Manifest, read_manifest, swap_manifest
from shared.storage.ports import Blobs
from training.data import Pictures, taken
from training.extract import as_pictures, extract, load
from training.gate import Bundle, judged
from training.promotion import NotReady, Way, announce, embed, lacking, switch, withdraw
from training.splits import SHARES, TRAINING
from training.stock import add_arguments, only, opened

TRIED = 8  # pictures of which the estimate is made
SETTLE = 60.0  # seconds from the announcement to the switch, at least


class PromotionRefused(StylekinError):
    """A bundle that may not be promoted, and why."""


def of_folder(folder: Path) -> Bundle:
    """A bundle in a folder. Raises ModelMissing, ModelDamaged."""
    try:
        card = read_card((folder / "card.json").read_bytes(), str(folder / "card.json"))
        first, second = ((folder / part.file).read_bytes() for part in card.parts)
    except OSError as error:
        raise ModelMissing(f"{folder}: expected a bundle with card.json, found: {error}") from error
    return card, (first, second)


def of_bucket(blobs: Blobs, department: str, version: str | None) -> Bundle:
    """A bundle in the catalogue bucket. Raises ModelMissing, ModelDamaged, BlobNotFound."""
    card = read_model_card(blobs, department, version)
    folder = f"models/{department}/{card.version}"
    first, second = (bytes(blobs.read(f"{folder}/{part.file}")[0]) for part in card.parts)
    return card, (first, second)


def publish(blobs: Blobs, bundle: Bundle) -> None:
    """Write a bundle, the card last. Raises PromotionRefused if that version has other networks."""
    card, networks = bundle
    folder = f"models/{card.department}/{card.version}"
    try:
        there = read_card(blobs.read(f"{folder}/card.json")[0], f"{folder}/card.json")
    except BlobNotFound:
        there = card
    if there.files != card.files:
        raise PromotionRefused(f"{folder}: expected these networks, found others; give it a new version")
    for part, data in zip(card.parts, networks, strict=True):
        blobs.write(f"{folder}/{part.file}", data)
    blobs.write(f"{folder}/card.json", write_card(card))


def admitted(blobs: Blobs, bundle: Bundle, live: str | None, pictures: Pictures, force: bool) -> Card:
    """The card to publish, which tells of the comparison. Raises PromotionRefused if it went badly."""
    card = bundle[0]
    verdict = judged(of_bucket(blobs, card.department, live), bundle, pictures)
    if verdict.reasons and not force:
        raise PromotionRefused(
            f"{card.department} {card.version}: {'; '.join(verdict.reasons)}; --force promotes it anyway"
        )
    told = {"instead_of": live, "forced": bool(verdict.reasons), **verdict.as_card()}
    return msgspec.structs.replace(card, training=card.training | {"promotion": told})


def estimate(way: Way, encoder: Encoder, wanted: dict[str, str]) -> str:
    """How long embedding will take, from a few of the pictures, which are done by that."""
    began, done = time.monotonic(), dict(list(wanted.items())[:TRIED])
    for _ in embed(way, encoder, done):
        pass
    each = (time.monotonic() - began) / max(1, len(done))
    whole = timedelta(seconds=round(each * (len(wanted) - len(done))))
    return f"{len(wanted)} pictures to embed, {each * 1000:.0f} ms each on this machine: about {whole}"


def promote(way: Way, settle: float = SETTLE) -> dict[str, str]:
    """Announce, embed, switch; the items that could not be embedded, with reasons."""
    encoder = Encoder.load(way.blobs, way.department, way.version)
    announce(way.blobs, way.department, way.version)
    announced, left = time.monotonic(), {}
    wanted = lacking(way)
    print(estimate(way, encoder, wanted), flush=True)
    while True:
        wanted = {item_id: at for item_id, at in lacking(way).items() if item_id not in left}
        with tqdm(total=len(wanted), desc=f"embed {way.department}", unit="picture") as bar:
            for failed in embed(way, encoder, wanted):
                left |= failed
                bar.update(min(bar.total - bar.n, 64))
        # an upload that began before the announcement knows nothing of it: wait for it
        time.sleep(max(0.0, announced + settle - time.monotonic()))
        try:
            switch(way, left)
        except NotReady:
            continue
        return left


def back(way_of: Way, settle: float) -> str:
    """Undo the last promotion of a department; what was done. Raises PromotionRefused if there was none."""
    manifest, _ = read_manifest(way_of.blobs, way_of.department)
    if manifest.coming is not None:
        withdraw(Way(way_of.images, way_of.blobs, way_of.department, manifest.coming))
        return f"{way_of.department}: {manifest.coming} no longer coming; {manifest.model} stays live"
    if manifest.former is None:
        raise PromotionRefused(f"{way_of.department}: expected a model that was live before, found none")
    promote(Way(way_of.images, way_of.blobs, way_of.department, manifest.former.model), settle)
    return f"{way_of.department}: {manifest.former.model} is live again, instead of {manifest.model}"


def judges(given: argparse.Namespace, department: str) -> Pictures:
    """The pictures to compare on, of the side of the split that was asked for."""
    stock = only(opened(given), department)
    folder = given.cache / f"{department}-{stock.name}"
    extract(stock, folder)
    pictures = as_pictures(folder, stock.name)
    if given.split == "all":
        return pictures
    return taken(pictures, np.flatnonzero(load(folder)[1]["split"].to_numpy(str) == given.split))


def forward(given: argparse.Namespace, images: Blobs, blobs: Blobs) -> str:
    """Judge, publish and promote the bundle that the arguments name; what was done."""
    bundle = of_folder(given.bundle)
    card = bundle[0]
    name = f"{card.department} {card.version}"
    try:
        manifest, _ = read_manifest(blobs, card.department)
    except ModelMissing:
        publish(blobs, bundle)
        swap_manifest(blobs, Manifest(department=card.department, model=card.version), if_generation=0)
        return f"{name} is live: it is the first"
    if manifest.model == card.version:
        return f"{name} is live already"
    if manifest.coming == card.version:
        print(f"{name}: going on")
    else:
        if not given.source:
            raise PromotionRefused(f"{name}: expected SOURCE, labelled pictures to judge by, found none")
        pictures = judges(given, card.department)
        card = admitted(blobs, bundle, manifest.model, pictures, given.force)
        publish(blobs, (card, bundle[1]))
        forced = ", although it is worse: --force" if card.training["promotion"]["forced"] else ""
        print(f"{name} is published{forced}")
    if given.announce:
        announce(blobs, card.department, card.version)
        return f"{name} is announced: embed by training.embed_pipeline, then promote it without --announce"
    left = promote(Way(images, blobs, card.department, card.version), given.settle)
    for item_id, reason in left.items():
        print(f"not embedded: {item_id}: {reason}", file=sys.stderr)
    return f"{name} is live, instead of {manifest.model}"


def main() -> int:
    """Promote or go back; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.promote",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bundle", type=Path, nargs="?", help="folder of the bundle")
    add_arguments(parser, required=False)
    parser.add_argument(
        "--split", choices=("all", TRAINING, *SHARES), default="test", help="of SOURCE; default: test"
    )
    parser.add_argument("--force", action="store_true", help="promote it even if it is worse")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--announce", action="store_true", help="publish and announce it, and embed nothing")
    other.add_argument("--rollback", action="store_true", help="undo the last promotion of --department")
    parser.add_argument("--settle", type=float, default=SETTLE, help="seconds from announcement to switch")
    parser.add_argument("--cache", type=Path, default=Path(".local/training"), help="decoded pictures")
    given = parser.parse_args()
    if given.rollback != (given.bundle is None) or (given.rollback and not given.department):
        parser.error(
            f"expected a bundle, or --rollback and --department ({' or '.join(DEPARTMENTS)}), found neither"
        )
    try:
        images, blobs = wiring.images(), wiring.catalogue()
        if given.rollback:
            print(back(Way(images, blobs, given.department, ""), given.settle))
        else:
            print(forward(given, images, blobs))
    except StylekinError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
