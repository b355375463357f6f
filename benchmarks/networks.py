"""The demo networks again in torch, from the weights that are served; only where torch is installed.

What is served has batch normalisation folded into the convolutions before it. Here each normalisation is
there, and does what is left to it: it adds the bias. So torch does the work that it does for such a network,
and the answers can be compared.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from shared.card import Card
from training.models import Network, StyleCNN, StyleResNet


def networks(folder: Path, card: Card, resolutions: dict[str, int]) -> dict[str, Network]:
    """ResNet-50 and the CNN of a bundle, by the names of the card's parts, that see so many pixels a side.

    Raises ValueError if the file does not hold what the network needs.
    """
    made: dict[str, Network] = {
        "resnet50": StyleResNet(len(card.styles), len(card.categories), resolution=resolutions["resnet50"]),
        "style_cnn": StyleCNN(len(card.styles), resolution=resolutions["style_cnn"]),
    }
    for part in card.parts:
        filled(made[part.name], _initializers(folder / part.file))
    return made


def filled(network: Network, stored: dict[str, Any]) -> Network:
    """The network with an ONNX file's numbers by their names; the heads that classify stay random."""
    state = network.state_dict()
    for name, value in state.items():
        if name.startswith(("style.", "category.")) or name.endswith("num_batches_tracked"):
            continue
        if f"network.{name}" in stored:
            value.copy_(torch.from_numpy(stored[f"network.{name}"]))
        elif name not in _normalised(network):
            raise ValueError(f"expected the weights network.{name}, found none")
    for convolution, normalisation in _pairs(network):
        layer = network.get_submodule(normalisation)
        assert isinstance(layer, torch.nn.BatchNorm2d)
        for name, number in (("weight", 1.0), ("running_mean", 0.0), ("running_var", 1.0 - layer.eps)):
            state[f"{normalisation}.{name}"].fill_(number)
        bias = stored[f"network.{convolution}.weight_bias"]
        state[f"{normalisation}.bias"].copy_(torch.from_numpy(bias))
    return network.eval()


def _pairs(network: Network) -> list[tuple[str, str]]:
    """Each convolution and the normalisation after it; both networks define them in that order."""
    kinds = (torch.nn.Conv2d, torch.nn.BatchNorm2d)
    layers = [(name, type(layer)) for name, layer in network.named_modules() if isinstance(layer, kinds)]
    convolutions = [name for name, kind in layers if kind is torch.nn.Conv2d]
    after = {_after(name) for name in convolutions}
    normalisations = {name for name, kind in layers if kind is torch.nn.BatchNorm2d}
    if after != normalisations:
        raise ValueError(f"expected a normalisation after each convolution, found {after ^ normalisations}")
    return [(name, _after(name)) for name in convolutions]


def _after(convolution: str) -> str:
    """``layer1.0.conv2`` is followed by ``layer1.0.bn2``; in a sequence, ``4.body.3`` by ``4.body.4``."""
    before, _, last = convolution.rpartition(".")
    return f"{before}.{last.replace('conv', 'bn') if last.startswith('conv') else int(last) + 1}"


def _normalised(network: Network) -> set[str]:
    return {
        f"{normalisation}.{name}"
        for _, normalisation in _pairs(network)
        for name in ("weight", "bias", "running_mean", "running_var")
    }


def _initializers(path: Path) -> dict[str, Any]:
    """A file's numbers by their names, those stored in whole numbers multiplied out."""
    found = {each.name: numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}
    for name in [*found]:
        plain, _, how = name.rpartition("_" if name.endswith("_quantized") else ".")
        if how == "whole":
            found[plain] = found[name].astype(np.float32) * found[f"{plain}.step"]
        elif how == "quantized":
            step = found[f"{plain}_scale"] if f"{plain}_scale" in found else found[f"{name}_scale"]
            shape = (-1, *[1] * (found[name].ndim - 1))  # a step per output channel
            found[plain] = found[name].astype(np.float32) * step.reshape(shape)
    return found
