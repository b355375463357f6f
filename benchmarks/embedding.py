"""How fast pictures are embedded on one core, decoding included, beside torch and what runs networks for it.

python -m benchmarks.embedding REPETITIONS PICTURES [FOLDER] prints the rows as JSON: the cosines of so many
pictures of a folder, or of drawn ones. Needs torch, and runs in a process of its own, so that no library
takes more than one thread.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from openvino import Core

from benchmarks.catalogues import CARD, card
from benchmarks.measuring import interleaved
from benchmarks.networks import networks
from scripts.wardrobe import draw
from shared.card import Card, File, Part, write_card
from shared.encoder import Encoder
from shared.pictures import EXTENSIONS, SIZE, decode
from shared.storage.folder import Folder
from shared.vectors import fuse
from training.export_onnx import export, exported
from training.models import Network

BATCHES = (1, 32)
CALIBRATING = 128  # pictures that an export is checked on, beside those that are compared
EAGER, COMPILED, RUNTIME, OPENVINO, OURS = (
    "torch eager", "torch compile", "ONNX Runtime float32", "OpenVINO float32", "Stylekin",
)  # fmt: skip

Floats = NDArray[np.float32]
#: Decoded pictures ``(n, 3, 224, 224)`` in, embeddings ``(n, width)`` out.
Embeds = Callable[[Floats], Floats]


def measure(repetitions: int, count: int, folder: Path | None) -> list[dict[str, Any]]:
    """A row per network, batch and way, and what decoding takes of it."""
    torch.set_num_threads(1)
    data = pictures(folder, count + CALIBRATING)
    compared, calibrating = data[:count], np.stack([decode(each) for each in data[count:]])
    model, bundle = card(), CARD.parent
    sizes = {name.removesuffix(".onnx"): px for name, px in model.training["resolution"].items()}
    served = networks(bundle, model, sizes)
    full = networks(bundle, model, {**sizes, "resnet50": SIZE})
    resnet = msgspec.structs.replace(model.parts[0], weight=1.0)
    both = ", ".join(f"{part.name} at {sizes[part.name]} px" for part in model.parts)
    rows = [
        {
            "network": "decoding",
            "way": "decoding",
            "batch": 1,
            **_times({"": lambda _: None}, data, 1, 50)[""],
        }
    ]
    with TemporaryDirectory() as place:
        for number, (name, parts, torches) in enumerate(
            ((f"ResNet-50 at {SIZE} px", (resnet,), full), (f"demo: {both}", model.parts, served))
        ):
            floats = {part.file: exported(torches[part.name]) for part in parts}
            ways: dict[str, Embeds] = {
                EAGER: of_torch(torches, parts, torch.nn.Module.eval),
                COMPILED: of_torch(torches, parts, lambda each: torch.compile(each, dynamic=False)),
                RUNTIME: of_encoder(Path(place), f"float-{number}", model, parts, floats),
                OPENVINO: of_openvino(floats, parts),
            }
            if parts == model.parts:
                stored = {part.file: (bundle / part.file).read_bytes() for part in parts}
                told = _whole(model.metrics["export"][resnet.file])
            else:
                data_of, checks = export(torches[resnet.name], calibrating, quantise=True)
                stored, told = {resnet.file: data_of}, _whole(checks)
            ways[OURS] = of_encoder(Path(place), f"ours-{number}", model, parts, stored)
            rows += _compared(name, ways, compared, repetitions, told)
    return rows


def _whole(checks: dict[str, float]) -> str:
    return "whole numbers" if checks.get("whole_numbers") else "8-bit weights"


def pictures(folder: Path | None, count: int) -> list[bytes]:
    """The first pictures of a folder, or drawn ones. Raises ValueError if it has too few."""
    if folder is None:
        return [item.picture() for item in draw("womenswear", count, 7)]
    names = (path for path in sorted(folder.rglob("*.*")) if path.suffix[1:].lower() in EXTENSIONS)
    found = [path.read_bytes() for path in islice(names, count)]
    if len(found) < count:
        raise ValueError(f"{folder}: expected {count} pictures, found {len(found)}")
    return found


def of_torch(
    known: dict[str, Network], parts: tuple[Part, ...], how: Callable[[Network], Callable[..., Any]]
) -> Embeds:
    """The networks in torch, as they are or compiled."""
    run = {part.name: how(known[part.name]) for part in parts}

    def embed(batch: Floats) -> Floats:
        with torch.inference_mode():
            found = [run[part.name](torch.from_numpy(batch)).embedding.numpy() for part in parts]
        return fuse(found, tuple(part.weight for part in parts))

    return embed


def of_encoder(
    place: Path, version: str, model: Card, parts: tuple[Part, ...], files: dict[str, bytes]
) -> Embeds:
    """The networks as the functions run them: from a bundle, by the encoder."""
    about = {name: File(len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    told = msgspec.structs.replace(model, version=version, parts=parts, files=about)
    blobs, at = Folder(place), f"models/{model.department}/{version}"
    for name, data in files.items():
        blobs.write(f"{at}/{name}", data)
    blobs.write(f"{at}/card.json", write_card(told))
    encoder = Encoder.load(blobs, model.department, version)
    return lambda batch: np.stack([each.vector for each in encoder.encode_batch(batch)])


def of_openvino(files: dict[str, bytes], parts: tuple[Part, ...]) -> Embeds:
    """The networks in OpenVINO, in float32 rather than in its default, which is bfloat16 where it can be."""
    wished = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY"}
    core = Core()
    run = [core.compile_model(core.read_model(files[part.file]), "CPU", wished) for part in parts]
    weights = tuple(part.weight for part in parts)
    return lambda batch: fuse([each(batch)["embedding"] for each in run], weights)


def _compared(
    name: str, ways: dict[str, Embeds], data: list[bytes], repetitions: int, told: str
) -> list[dict[str, Any]]:
    least = dict.fromkeys(ways, 1.0)
    for start in range(0, len(data), max(BATCHES)):
        batch = np.stack([decode(each) for each in data[start : start + max(BATCHES)]])
        wanted = ways[EAGER](batch)
        for way, embed in ways.items():
            if way != COMPILED or len(batch) == max(BATCHES):  # it would be compiled anew
                least[way] = min(least[way], float((embed(batch) * wanted).sum(1).min()))
    print(f"embedding {name}: compared", file=sys.stderr)
    rows = []
    for size in BATCHES:
        rounds = repetitions if size == 1 else max(repetitions // 4, 2)
        for way, times in _times(ways, data, size, rounds).items():
            row = {"network": name, "batch": size, "way": way, "repetitions": rounds, **times}
            row |= {"least_cosine": round(least[way], 6), "pictures": len(data)}
            rows.append(row | ({"stored": told} if way == OURS else {}))
        print(f"embedding {name}: {size} at once", file=sys.stderr)
    return rows


def _times(
    ways: dict[str, Callable[[Floats], object]], data: list[bytes], size: int, rounds: int
) -> dict[str, dict[str, float]]:
    """The milliseconds a picture, from its bytes on, in batches."""

    def run(embed: Callable[[Floats], object]) -> Callable[[int], object]:
        def once(number: int) -> object:
            start = number * size % (len(data) - size + 1)
            return embed(np.stack([decode(each) for each in data[start : start + size]]))

        return once

    found = interleaved({way: run(embed) for way, embed in ways.items()}, rounds)
    return {way: {of: ms / size for of, ms in times.items()} for way, times in found.items()}


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    repetitions, count, *folder = sys.argv[1:]
    told = measure(int(repetitions), int(count), Path(folder[0]) if folder else None)
    print(msgspec.json.encode(told).decode())
