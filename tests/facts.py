"""Facts and cards with answers that can be seen: items a to e, unit vectors of four places."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from shared.card import Card, File, Part, Preprocessing, write_card
from shared.catalogue import Catalogue
from shared.departments import Space
from shared.facts import Attributes, Fact, Picture, Removed, Source, clock
from shared.manifest import Manifest, swap_manifest
from shared.storage.ports import Blobs

DEPARTMENT = "womenswear"
SPACE = Space(DEPARTMENT, "v1")
WIDTH = 4
EMPTY = Catalogue.empty(SPACE, WIDTH)


def image(item_id: str, extension: str = "jpg") -> str:
    return f"{DEPARTMENT}/{item_id}.{extension}"


def axis(place: int) -> Any:
    """The unit vector of one place."""
    return np.eye(WIDTH, dtype=np.float16)[place % WIDTH]


def picture(item_id: str, generation: int, place: int = 0, *, extension: str = "jpg", model: str = "v1",
            category: str | None = "coats", probability: float = 0.75) -> Picture:  # fmt: skip
    at = clock(generation, 0, image(item_id, extension))
    return Picture(item_id, at, model, axis(place), category, probability)


def priced(
    item_id: str, generation: int, source: str = f"{DEPARTMENT}/prices.csv", **fields: Any
) -> Attributes:
    return Attributes(item_id, clock(generation, 0, source), fields)


def removed(item_id: str, generation: int, at: int = 1, *, extension: str = "jpg") -> Removed:
    return Removed(item_id, clock(generation, 1, image(item_id, extension)), at)


def card(model: str = "v1", department: str = DEPARTMENT) -> Card:
    digest = File(1, "0" * 64)
    return Card(
        format=1,
        department=department,
        version=model,
        parts=(Part("resnet50", "resnet50.onnx", 3, 0.7), Part("style_cnn", "style_cnn.onnx", 1, 0.3)),
        styles=("casual",),
        categories=("coats", "shirts"),
        preprocessing=Preprocessing(224, (0, 0, 0), (1, 1, 1)),
        duplicate_threshold=0.98,
        category_threshold=0.5,
        files={"resnet50.onnx": digest, "style_cnn.onnx": digest},
        training={},
        metrics={},
    )


def publish(blobs: Blobs, model: str = "v1", department: str = DEPARTMENT) -> None:
    """A card and the first manifest, as an operator publishes them."""
    blobs.write(f"models/{department}/{model}/card.json", write_card(card(model, department)))
    swap_manifest(blobs, Manifest(department, model=model), 0)


_ids = st.sampled_from("abcde")
_generations = st.integers(1, 6)
_sources = st.sampled_from([f"{DEPARTMENT}/prices.csv", f"{DEPARTMENT}/more.csv", image("a"), image("b")])
_texts = st.sampled_from(["", "red", "Größe", "\U0001f9e5"])
_fields = st.fixed_dictionaries(
    {},
    optional={
        "brand": st.none() | _texts,
        "title": st.none() | _texts,
        "price": st.none() | st.sampled_from([0, 0.0, -0.0, 9.5, 1e300]),
        "sizes": st.none() | st.lists(_texts, max_size=3).map(tuple),
        "category": st.none() | _texts,
        "available": st.none() | st.booleans(),
    },
)


def facts() -> st.SearchStrategy[Fact]:
    """Any fact of few items and clocks, so that they meet and clash, also with one clock and two contents."""
    return st.one_of(
        st.builds(
            picture,
            _ids,
            _generations,
            st.integers(0, 3),
            extension=st.sampled_from(["jpg", "png"]),
            model=st.sampled_from(["v1", "v1", "v1", "v2"]),
            category=st.sampled_from(["coats", "shirts", None]),
            probability=st.sampled_from([0.0, 0.25, 1.0]),
        ),
        st.builds(lambda item, generation, source, fields: priced(item, generation, source, **fields),
                  _ids, _generations, _sources, _fields),
        st.builds(removed, _ids, _generations, st.integers(0, 3)),
        st.builds(lambda name, generation: Source(name, clock(generation, 0, name)), _sources, _generations),
    )  # fmt: skip
