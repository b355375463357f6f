"""Teach a bundle the categories of a shop: its networks stay as they are, its category head is made anew.

    python -m training.extract shop.csv --output build/shop --department womenswear
    python -m training.categories build/shop --department womenswear --version demo-4 --new shop-1

learns from the ``training`` side of an extraction, in about a second for a hundred pictures, most of it
looking at them; chooses how sure the head may be, and the probability from which on a category is told, on
the ``validation`` side; measures on the ``test`` side; and writes a bundle beside the old one. Embeddings
and styles stay the same to the last bit. Then put it into service with `python -m training.promote`. Imports
torch.
"""

import argparse
import sys
from pathlib import Path

import torch

from shared.card import Card, read_card
from shared.departments import DEPARTMENTS
from shared.errors import StylekinError
from training.bundle import CNN_FILE, RESNET_FILE, WEIGHTS, card_of, write_bundle
from training.category_head import features, refitted
from training.data import Pictures, Rows, labels
from training.extract import as_pictures, rows_by_side
from training.learn import LearnRefused, classes
from training.scores import answers, category_threshold, scores

RIGHT = 0.9  # of the categories that are told
STILL_TRUE = ("duplicates", "export")  # of a card's figures; others tell of the category head that goes


def taught(
    bundle: Path, new: str, pictures: Pictures, sides: dict[str, Rows], fewest: int, output: Path
) -> Path:
    """A bundle like ``bundle`` with categories learned from ``pictures``; its folder.

    Raises LearnRefused where there is too little to learn from, and nothing is written then.
    """
    card = read_card((bundle / "card.json").read_bytes(), str(bundle / "card.json"))
    if new == card.version:
        raise LearnRefused(f"--new: expected another version than {card.version}, found the same")
    categories = classes(pictures.categories, sides["training"], "categories", fewest)
    if not len(sides["validation"]) or not len(sides["test"]):
        raise LearnRefused("expected pictures on every side of the split, found too few families")
    truth = labels(pictures.categories, categories)
    resnet, cnn = ((bundle / name).read_bytes() for name in (RESNET_FILE, CNN_FILE))
    seen = features(resnet, pictures)
    resnet, head = refitted(resnet, seen, truth, len(categories), sides["training"], sides["validation"])
    found = {side: answers(resnet, cnn, WEIGHTS, pictures, sides[side]) for side in ("validation", "test")}
    made = card_of(
        card.department,
        new,
        {RESNET_FILE: resnet, CNN_FILE: cnn},
        (card.widths[0], card.widths[1]),
        card.styles,
        categories,
        duplicate_threshold=card.duplicate_threshold,
        category_threshold=category_threshold(
            found["validation"].category, truth[sides["validation"]], RIGHT
        ),
        training={
            **card.training,
            "networks_of": card.training.get("networks_of", card.version),
            "category_head": head.told(len(sides["training"]))
            | {"command": "python -m training.categories", "data": pictures.source}
            | {"fingerprint": pictures.fingerprint},
        },
        metrics={name: card.metrics[name] for name in STILL_TRUE if name in card.metrics}
        | {"test": scores(found["test"], pictures, sides["test"], card.styles, categories)},
    )
    return write_bundle(output, made, {RESNET_FILE: resnet, CNN_FILE: cnn})


def outcome(card: Card) -> str:
    """What the head is worth on the test side, in words."""
    found = card.metrics["test"]
    right, commonest = (
        "unknown" if (share := found[name]["category_accuracy"]) is None else f"{share:.1%}"
        for name in ("resnet50", "chance")
    )
    return (
        f"{found['pictures']} test pictures, {len(card.categories)} learned categories: right {right}, "
        f"by always saying the commonest {commonest}; told from a probability of {card.category_threshold} on"
    )


def main() -> int:
    """Teach what the command line names; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.categories",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("extraction", type=Path, help="folder that training.extract wrote")
    parser.add_argument("--department", choices=DEPARTMENTS, required=True)
    parser.add_argument("--version", required=True, help="of the bundle whose networks are taken, as demo-4")
    parser.add_argument("--new", required=True, help="version of the bundle that is written, such as shop-1")
    parser.add_argument("--fewest", type=int, default=20, help="training pictures of a category to learn it")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of bundles")
    parser.add_argument("--output", type=Path, help="folder of bundles to write to, if another")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    try:
        pictures = as_pictures(given.extraction, given.extraction.name)
        bundle = given.models / given.department / given.version
        sides, output = rows_by_side(given.extraction), given.output or given.models
        made = taught(bundle, given.new, pictures, sides, given.fewest, output)
        print(made)
        print(outcome(read_card((made / "card.json").read_bytes(), str(made))))
    except (StylekinError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
