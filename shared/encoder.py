"""The networks of a model bundle, run by ONNX Runtime on the CPU: a picture in, its embedding out.

The only module that imports onnxruntime, and it does so when a bundle is loaded: an event that needs no
network does not wait for it. May import the card, pictures' preprocessing, vectors and the store's port.
"""

import hashlib
import threading
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shared import pictures
from shared.card import Card, Part, Preprocessing, read_card
from shared.errors import BlobNotFound, ModelDamaged, ModelMissing
from shared.storage.ports import Blobs
from shared.vectors import Floats, fuse

INPUT = "pictures"
PREPROCESSING = Preprocessing(size=pictures.SIZE, mean=pictures.MEAN, deviation=pictures.DEVIATION)


@dataclass(frozen=True)
class Embedding:
    """What the networks see in one picture.

    ``vector`` is ``(width,)`` float32 of length 1, the parts weighted as in ``shared.vectors``;
    ``styles`` is ``(len(card.styles),)``, the networks' probabilities averaged by their weights;
    ``category`` is the likeliest label with its probability, or None with 0 if no network tells.
    """

    vector: Floats
    styles: Floats
    category: str | None
    category_probability: float


class Encodes(Protocol):
    """A picture ``(3, 224, 224)`` float32 in, its embedding by the model ``card`` describes out."""

    card: Card

    def encode(self, picture: Floats) -> Embedding:
        """The embedding of one decoded picture."""


class Encoder:
    """One bundle, loaded. Threads may share it."""

    def __init__(self, card: Card, networks: list[tuple[Part, Any]]) -> None:
        self.card = card
        self._networks = networks

    @classmethod
    def load(cls, blobs: Blobs, department: str, version: str, threads: int = 1) -> "Encoder":
        """Read ``models/<department>/<version>/`` and check it against its card.

        ``threads`` is the number one network runs on. Raises ModelMissing if a file is not there, and
        ModelDamaged if one does not match the card or the card does not match ``shared.pictures``.
        """
        folder = f"models/{department}/{version}"
        card = read_card(_read(blobs, f"{folder}/card.json"), f"{folder}/card.json")
        if (card.department, card.version) != (department, version):
            raise ModelDamaged(
                f"{folder}/card.json: expected the card of {department} {version}, "
                f"found that of {card.department} {card.version}"
            )
        if card.preprocessing != PREPROCESSING:
            raise ModelDamaged(
                f"{folder}/card.json: expected {PREPROCESSING}, which is what serving does to pictures, "
                f"found {card.preprocessing}"
            )
        networks = []
        for part in card.parts:
            name = f"{folder}/{part.file}"
            data = _read(blobs, name)
            found = hashlib.sha256(data).hexdigest()
            if found != card.files[part.file].sha256:
                raise ModelDamaged(
                    f"{name}: expected the sha256 {card.files[part.file].sha256} of the card, found {found}"
                )
            networks.append((part, _session(bytes(data), name, card, part, threads)))
        return cls(card, networks)

    def encode(self, picture: NDArray[np.float32]) -> Embedding:
        """The embedding of one picture ``(3, 224, 224)`` float32 as ``shared.pictures.decode`` gives it."""
        return self.encode_batch(picture[None])[0]

    def encode_batch(self, batch: NDArray[np.float32]) -> list[Embedding]:
        """The embeddings of ``(n, 3, 224, 224)`` pictures, in order; the same within rounding for any n."""
        parts, styles, categories = [], [], None
        for part, session in self._networks:
            names = [output.name for output in session.get_outputs()]
            found = dict(zip(names, session.run(names, {INPUT: batch}), strict=True))
            parts.append(found["embedding"])
            styles.append(part.weight * found["style"])
            categories = found.get("category", categories)
        vectors, style = fuse(parts, self.card.weights), np.stack(styles).sum(axis=0, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1)
        if not np.allclose(lengths, 1, atol=1e-3):  # also NaN
            raise ModelDamaged(f"expected embeddings of length 1, found lengths {lengths}")
        embeddings = []
        for row in range(len(batch)):
            category, probability = None, 0.0
            if categories is not None:
                best = int(categories[row].argmax())
                category, probability = self.card.categories[best], float(categories[row, best])
            embeddings.append(Embedding(vectors[row], style[row], category, probability))
        return embeddings


class Encoders:
    """The encoder of each department's live model, loaded at the first need and once per process.

    ``kept`` versions of a department stay in memory, the last ones asked for: two where the coming model's
    are needed beside the live one's.
    """

    def __init__(self, blobs: Blobs, threads: int = 1, kept: int = 1) -> None:
        self._blobs = blobs
        self._threads = threads
        self._kept = kept
        self._loading = threading.Lock()
        self._loaded: dict[str, list[Encoder]] = {}

    def __call__(self, department: str, version: str) -> Encoder:
        """The encoder of a model version; older ones than ``kept`` are let go. Raises as Encoder.load."""
        with self._loading:
            there = self._loaded.setdefault(department, [])
            encoder = next((each for each in there if each.card.version == version), None)
            if encoder is None:
                encoder = Encoder.load(self._blobs, department, version, self._threads)
            others = [each for each in there if each is not encoder]
            self._loaded[department] = [encoder, *others][: self._kept]
            return encoder


def _read(blobs: Blobs, name: str) -> bytes | memoryview:
    try:
        return blobs.read(name)[0]
    except BlobNotFound as error:
        raise ModelMissing(f"{name}: expected a file of the model bundle, found none") from error


def _session(data: bytes, name: str, card: Card, part: Part, threads: int) -> Any:
    """An ONNX Runtime session whose outputs have the card's sizes; its threads never spin."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no public common type
        raise ModelDamaged(f"{name}: expected an ONNX model, found: {error}") from error
    inputs = [put.name for put in session.get_inputs()]
    outputs = {put.name: put.shape[-1] for put in session.get_outputs()}
    expected = {"embedding": part.width, "style": len(card.styles)}
    if "category" in outputs:
        expected["category"] = len(card.categories)
    if inputs != [INPUT] or outputs != expected:
        raise ModelDamaged(
            f"{name}: expected the input {INPUT!r} and outputs of width {expected}, "
            f"found inputs {inputs} and outputs {outputs}"
        )
    return session
