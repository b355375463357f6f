"""Where a ResNet-50 starts from: torchvision's ImageNet weights, a file, or nothing. Imports torch.

Nothing else is downloaded, and only for ``imagenet``.
"""

from pathlib import Path
from typing import Any

import torch
from torchvision.models import ResNet50_Weights

from shared.errors import StylekinError
from training.models import StyleResNet

IMAGENET = ResNet50_Weights.IMAGENET1K_V2


class WeightsMissing(StylekinError):
    """Weights that are not to be had, or are not those of a ResNet-50."""


def start(network: StyleResNet, weights: str) -> None:
    """Give the network's trunk its first weights: ``imagenet``, ``none``, a file. Raises WeightsMissing."""
    if weights == "none":
        return
    state = imagenet() if weights == "imagenet" else of_file(Path(weights))
    trunk = {name: value for name, value in state.items() if not name.startswith("fc.")}
    try:
        network.trunk.load_state_dict(trunk)
    except (RuntimeError, AttributeError) as error:
        raise WeightsMissing(f"{weights}: expected weights of a ResNet-50, found: {error}") from error


def imagenet() -> dict[str, Any]:
    """torchvision's weights, downloaded once. Raises WeightsMissing, which says what to fetch instead."""
    place = Path(torch.hub.get_dir()) / "checkpoints" / Path(IMAGENET.url).name
    try:
        state: dict[str, Any] = IMAGENET.get_state_dict(progress=True, check_hash=True)
    except (OSError, RuntimeError) as error:
        raise WeightsMissing(
            f"expected to download ImageNet weights, found: {error}. Fetch {IMAGENET.url} where there is a "
            f"network and put it at {place}, or name it with --weights FILE; --weights none goes without"
        ) from error
    return state


def of_file(path: Path) -> dict[str, Any]:
    """The weights in a file that torch.save wrote. Raises WeightsMissing."""
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # damaged files raise whatever their format does
        raise WeightsMissing(f"{path}: expected a file of weights, found: {error}") from error
    if not isinstance(found, dict):
        raise WeightsMissing(f"{path}: expected named weights, found {type(found).__name__}")
    return found
