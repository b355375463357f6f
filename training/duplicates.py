"""The cosine above which two items are near-duplicates: chosen on synthetic ones, measured on others.

    python -m training.duplicates --photographs FOLDER --shop FOLDER

For each department's bundle, on three sets of pictures that its networks never learned from: a drawn
wardrobe, held-out photographs, a shop's items. Half of each, whole groups, chooses: the threshold is the
least cosine, to three decimals, above which at most 1 % of the items of every set have a different item,
and so the one that finds the most duplicates of those that hide hardly anything wrongly. The other half
tells how many synthetic duplicates (training/copies.py) it finds and how many items it hides wrongly.
Threshold and figures are written into the card; the networks stay as they are. Then run
`python -m training.figures` for the tables of docs/training.md. No torch.
"""

import argparse
import io
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from shared.card import Card, read_card, write_card
from shared.pictures import normalise, square
from shared.vectors import fuse
from training.copies import KINDS
from training.data import PHOTOGRAPHS_HELD_OUT, Listed, held_out, photographs, shop, wardrobe
from training.onnx_session import Session
from training.scores import rounded

ROOT = Path(__file__).parent.parent
HIDDEN = 0.01  # of the items may be hidden by a different one, in each set
ITEMS = 640  # drawn per department: each half is as large as the demo's wardrobe
STEP = 8  # items embedded at once, with their duplicates
SEED = 1011  # of the drawn items; nothing was trained or looked at with it

Floats = NDArray[np.float32]
Names = NDArray[np.str_]
Listings = Mapping[str, tuple[Sequence[Listed], Sequence[str]]]  # items of each set, and their looks
Embed = Callable[[NDArray[np.uint8]], Floats]  # squares (n, 224, 224, 3) to unit rows (n, width)


@dataclass(frozen=True)
class Gallery:
    """A set of ``n`` items with a synthetic duplicate of each kind: unit rows, ``(n, width)`` each.

    Items of one of ``groups`` ``(n,)`` stay on one side of the split. Two items are different ones if
    ``looks`` ``(n,)`` differ: those of one look may be the same thing to the eye.
    """

    items: Floats
    copies: Mapping[str, Floats]
    groups: Names
    looks: Names

    def part(self, rows: NDArray[np.bool_]) -> "Gallery":
        """The items of ``rows`` ``(n,)`` alone."""
        copies = {kind: vectors[rows] for kind, vectors in self.copies.items()}
        return Gallery(self.items[rows], copies, self.groups[rows], self.looks[rows])


def sets(
    department: str,
    photographed: Path,
    sold: Path | None,
    count: int = ITEMS,
    share: float = PHOTOGRAPHS_HELD_OUT,
) -> Listings:
    """The items of each set, none of which the demo models learned from, and the look of each.

    Of photographs a contributor's are of one look, since some garments were photographed twice; of a
    shop's items a product's colours; of drawn ones a category in one style, which has few cuts.
    """
    taken = photographs(photographed)
    aside = held_out(np.array([each.group for each in taken]), share)
    drawn = wardrobe(department, count, SEED)
    found = {
        "wardrobe": (drawn, [f"{each.category}, {each.style}" for each in drawn]),
        "photographs": by_group([each for each, kept in zip(taken, aside, strict=True) if kept]),
    }
    return found | ({"shop": by_group(shop(sold, department))} if sold else {})


def by_group(listed: list[Listed]) -> tuple[list[Listed], list[str]]:
    """Items whose groups are their looks."""
    return listed, [each.group for each in listed]


def embedder(networks: Sequence[bytes], weights: tuple[float, ...]) -> Embed:
    """What serving makes of squares: every network's answer, joined."""
    sessions = [Session(network) for network in networks]

    def embed(squares: NDArray[np.uint8]) -> Floats:
        pictures = normalise(squares)
        return fuse([session.run(pictures)["embedding"] for session in sessions], weights)

    return embed


def gallery(name: str, listed: Sequence[Listed], looks: Sequence[str], embed: Embed) -> Gallery:
    """Make every item's duplicates and embed all. An item's are the same whatever else is in the set."""
    if not listed:
        raise ValueError(f"{name}: expected items, found none")
    rows = []
    with tqdm(total=len(listed), desc=name, unit="item") as bar:
        for start in range(0, len(listed), STEP):
            some = listed[start : start + STEP]
            squares = np.stack([disguised(name, each) for each in some])  # (step, 1 + kinds, 224, 224, 3)
            rows.append(embed(squares.reshape(-1, *squares.shape[2:])).reshape(*squares.shape[:2], -1))
            bar.update(len(some))
    items, *copied = np.concatenate(rows).swapaxes(0, 1)  # of (1 + kinds, n, width)
    groups = np.array([each.group for each in listed])
    return Gallery(items, dict(zip(KINDS, copied, strict=True)), groups, np.array(looks))


def disguised(name: str, item: Listed) -> NDArray[np.uint8]:
    """An item's square, then those of its duplicates: ``(1 + kinds, 224, 224, 3)``."""
    picture = Image.open(io.BytesIO(item.data)).convert("RGB")
    copies = [kind(picture, random.Random(f"{name}/{item.item_id}")) for kind in KINDS.values()]
    return np.stack([square(item.data), *(square(png(copy)) for copy in copies)])


def png(picture: Image.Image) -> bytes:
    """A picture as a file that loses nothing."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def nearest(items: Floats, names: Names) -> Floats:
    """Each row's highest cosine with one of another name: ``(n,)`` in [-1, 1], -1 where there is none."""
    return np.where(names[:, None] == names, np.float32(-1), items @ items.T).max(1, initial=-1)


def threshold(galleries: Sequence[Gallery], hidden: float = HIDDEN) -> float:
    """The least cosine, to three decimals, above which at most ``hidden`` of each set's items have a
    different one. Fewer are hidden, since of two alike one stays.
    """
    least = 0.001
    for each in galleries:
        cosines = np.sort(nearest(each.items, each.looks))[::-1]
        allowed = int(hidden * len(cosines))
        if allowed < len(cosines):
            least = max(least, math.ceil(float(cosines[allowed]) * 1000) / 1000)
    return min(1.0, least)


def hidden_wrongly(of: Gallery, threshold: float) -> int:
    """How many items have a different one above the threshold, and could be hidden by it."""
    return int((nearest(of.items, of.looks) > threshold).sum())


def figures(of: Gallery, threshold: float) -> dict[str, Any]:
    """How one set fares: items hidden wrongly, duplicates found of each kind, and what groups say.

    Each item counts once with its duplicate of a kind and once with its nearest different item: recall is
    the share of the duplicates found, precision the share of duplicates in all that is taken for one (None
    where nothing is).
    """
    hidden = hidden_wrongly(of, threshold)
    found = {kind: int(((of.items * copies).sum(1) > threshold).sum()) for kind, copies in of.copies.items()}
    first, second = np.triu_indices(len(of.items), 1)
    same = of.groups[first] == of.groups[second]
    cosines = (of.items @ of.items.T)[first[same], second[same]]
    return {
        "items": len(of.items),
        "hidden_wrongly": hidden,
        "near_another_group": int((nearest(of.items, of.groups) > threshold).sum()),
        "pairs_of_a_group": len(cosines),
        "pairs_of_a_group_found": int((cosines > threshold).sum()),
        "kinds": {kind: told(count, hidden, len(of.items)) for kind, count in found.items()},
        "all": told(sum(found.values()), hidden * len(found), len(of.items) * len(found)),
    }


def told(found: int, wrong: int, of: int) -> dict[str, Any]:
    """Counts with the recall and the precision that they make."""
    precision = rounded(found / (found + wrong)) if found + wrong else None
    return {"found": found, "of": of, "recall": rounded(found / of), "precision": precision}


def measured(galleries: Mapping[str, Gallery]) -> tuple[float, dict[str, Any]]:
    """The threshold, chosen on half of each set, and the figures of both halves as they stand in a card."""
    chosen, kept = {}, {}
    for name, each in galleries.items():
        aside = held_out(each.groups, 0.5)
        if not aside.any():
            raise ValueError(f"{name}: expected groups for both halves, found {set(each.groups.tolist())}")
        chosen[name], kept[name] = each.part(~aside), each.part(aside)
    least = threshold(list(chosen.values()))
    hidden = {
        name: {"items": len(each.items), "hidden_wrongly": hidden_wrongly(each, least)}
        for name, each in chosen.items()
    }
    return least, {
        "hidden_at_most": HIDDEN,
        "chosen_on": hidden,
        "measured_on": {name: figures(each, least) for name, each in kept.items()},
    }


def duplicates(
    networks: Sequence[bytes], weights: tuple[float, ...], listed: Listings
) -> tuple[float, dict[str, Any]]:
    """The threshold of a bundle and its figures, from the bundle's files and ``sets``."""
    embed = embedder(networks, weights)
    return measured({name: gallery(name, *each, embed) for name, each in listed.items()})


def again(path: Path, listed: Listings) -> Card:
    """Choose anew for the bundle of a card.json and write threshold and figures into it; nothing else."""
    card = read_card(path.read_bytes(), str(path))
    networks = [(path.parent / part.file).read_bytes() for part in card.parts]
    least, found = duplicates(networks, card.weights, listed)
    card = replace(card, duplicate_threshold=least, metrics=card.metrics | {"duplicates": found})
    path.write_bytes(write_card(card))
    return card


def main() -> None:
    """Choose the threshold of every bundle of a version."""
    parser = argparse.ArgumentParser(
        prog="python -m training.duplicates",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--photographs",
        type=Path,
        required=True,
        help="the photographs of the training, with metadata.csv; only those held out are used",
    )
    parser.add_argument(
        "--shop",
        type=Path,
        help="a shop's pictures with metadata.csv of item_id, product_id, image, department, category, style",
    )
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="folder of bundles")
    parser.add_argument("--version", default="demo-4")
    parser.add_argument("--items", type=int, default=ITEMS, help="drawn per department")
    given = parser.parse_args()
    for name in ("photographs", "shop"):
        folder = getattr(given, name)
        if folder and not (folder / "metadata.csv").is_file():
            parser.error(f"--{name}: expected a folder with metadata.csv and pictures, found {folder}")
    paths = sorted(given.models.glob(f"*/{given.version}/card.json"))
    if not paths:
        parser.error(f"--models: expected bundles of version {given.version}, found none in {given.models}")
    for path in paths:
        department = path.parent.parent.name
        try:
            card = again(path, sets(department, given.photographs, given.shop, given.items))
        except ValueError as error:
            parser.error(str(error))
        print(f"{department} {card.version}: {card.duplicate_threshold}")


if __name__ == "__main__":
    main()
