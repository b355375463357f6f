"""What kind of item a picture shows, from what a finished ResNet-50 sees of it: the category head.

A trunk that was trained for styles and categories at once keeps what its classes have in common with each
other; two layers of their own, learned once the trunk stands still, tell categories better than one layer
learned along with it (classifier re-training, Kang et al. 2020, arXiv 1910.09217). They read the very
features that the served file computes, whole numbers and all, and take seconds to learn, so that a shop can
have its own categories without training networks again. Imports torch, onnx and onnxruntime.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from tqdm import tqdm

from shared.pictures import normalise
from training.calibration import temperature
from training.data import NO_LABEL, Pictures, Rows
from training.export_onnx import small
from training.losses import cross_entropy
from training.onnx_session import Session

WIDTH = 256  # of the hidden layer
EPOCHS = 60
BATCH = 64
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.05
DROPPED = 0.3  # of the inputs of either layer
SMOOTHING = 0.1
STEP = 32  # pictures looked at at once
FEATURES, CATEGORY, EMBEDDING = "features", "category", "embedding"  # outputs

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Head:
    """Two layers; a product with ``hidden`` ``(features, width)`` and ReLU, then one with ``last``."""

    hidden: Floats  # (features, width)
    hidden_bias: Floats  # (width,)
    last: Floats  # (width, categories)
    last_bias: Floats  # (categories,)
    temperature: float = 1.0  # already in ``last``: what it divides logits by, compared with what was learned

    @property
    def width(self) -> int:
        """Of what the last layer reads."""
        return self.hidden.shape[1]

    def told(self, pictures: int) -> dict[str, Any]:
        """What a card says of it, learned from so many pictures."""
        return {
            "layers": [*self.hidden.shape, self.last.shape[1]],
            "pictures": pictures,
            "epochs": EPOCHS,
            "batch": BATCH,
            "learning_rate": LEARNING_RATE,
            "weight_decay": WEIGHT_DECAY,
            "dropped": DROPPED,
            "smoothing": SMOOTHING,
            "temperature": round(self.temperature, 3),
        }

    def seen(self, features: Floats) -> Floats:
        """What the last layer reads of ``features`` ``(n, features)``: ``(n, width)``, not negative."""
        return np.maximum(features @ self.hidden + self.hidden_bias, 0)

    def probabilities(self, features: Floats) -> Floats:
        """How likely each category is, ``(n, categories)``; each row's sum is 1."""
        logits = self.seen(features) @ self.last + self.last_bias
        likely = np.exp(logits - logits.max(1, keepdims=True))
        return likely / likely.sum(1, keepdims=True)

    def cooled(self, features: Floats, truth: Labels) -> "Head":
        """The same head as sure as it is right of ``features`` ``(n, features)`` it did not learn from."""
        divisor = temperature(self.probabilities(features), truth)
        return Head(
            self.hidden,
            self.hidden_bias,
            (self.last / divisor).astype(np.float32),
            (self.last_bias / divisor).astype(np.float32),
            self.temperature * divisor,
        )


def fit(features: Floats, truth: Labels, categories: int, seed: int = 1) -> Head:
    """Learn from ``features`` ``(n, features)`` of known ``truth`` ``(n,)``, below ``categories``.

    Rows of ``NO_LABEL`` are left out. Raises ValueError where none is left.
    """
    rows = np.flatnonzero(truth != NO_LABEL)
    if not len(rows):
        raise ValueError("expected pictures of known category, found none")
    centre, spread = features[rows].mean(0), features[rows].std(0) + 1e-6
    inputs = torch.from_numpy(((features - centre) / spread).astype(np.float32))
    wanted = torch.from_numpy(truth)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        first, last = nn.Linear(features.shape[1], WIDTH), nn.Linear(WIDTH, categories)
        head = nn.Sequential(nn.Dropout(DROPPED), first, nn.ReLU(), nn.Dropout(DROPPED), last)
        optimiser = torch.optim.AdamW(head.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
        for _ in tqdm(range(EPOCHS), desc="category head", unit="epoch"):
            for some in torch.from_numpy(rows)[torch.randperm(len(rows))].split(BATCH):
                optimiser.zero_grad()
                cross_entropy(head(inputs[some]), wanted[some], SMOOTHING).backward()
                optimiser.step()
    with torch.no_grad():
        weight, bias, *rest = (
            each.numpy() for layer in (first, last) for each in (layer.weight.T, layer.bias)
        )
    hidden = (weight / spread[:, None]).astype(np.float32)
    return Head(hidden, (bias - centre @ hidden).astype(np.float32), *map(np.ascontiguousarray, rest))


def refitted(
    network: bytes, seen: Floats, truth: Labels, categories: int, rows: Rows, aside: Rows
) -> tuple[bytes, Head]:
    """A served ResNet-50 with a head learned from ``rows`` of what it has ``seen`` ``(n, features)``, made as
    sure as it is right of ``aside``; ``truth`` ``(n,)`` is of all of them, below ``categories``."""
    head = fit(seen[rows], truth[rows], categories).cooled(seen[aside], truth[aside])
    return attached(network, head), head


def features(network: bytes, pictures: Pictures) -> Floats:
    """What the trunk of a served ResNet-50 sees of each of ``pictures``: ``(n, 2048)``."""
    model = onnx.load_from_string(network)
    read = _features(model.graph)
    model.graph.node.append(helper.make_node("Identity", [read], [FEATURES]))
    model.graph.output.append(helper.make_tensor_value_info(FEATURES, TensorProto.FLOAT, None))
    session = Session(model.SerializeToString())
    steps = tqdm(range(0, len(pictures), STEP), desc=f"look at {pictures.source}", unit="batch")
    batches = (normalise(np.array(pictures.squares[start : start + STEP])) for start in steps)
    return np.concatenate([session.run(each)[FEATURES] for each in batches])


def attached(network: bytes, head: Head) -> bytes:
    """The served ResNet-50 with ``head`` in the place of the one it had; all else answers as before."""
    model = onnx.load_from_string(network)
    graph = model.graph
    read = _features(graph)
    others = list(_before(graph, [each.name for each in graph.output if each.name != CATEGORY]))
    graph.ClearField("node")
    graph.node.extend(others)
    weights = {
        f"{CATEGORY}.{name}": getattr(head, name) for name in ("hidden", "hidden_bias", "last", "last_bias")
    }
    hidden, hidden_bias, last, last_bias = weights
    graph.node.extend(
        [
            helper.make_node("Gemm", [read, hidden, hidden_bias], [f"{CATEGORY}.sum"]),
            helper.make_node("Relu", [f"{CATEGORY}.sum"], [f"{CATEGORY}.seen"]),
            helper.make_node("Gemm", [f"{CATEGORY}.seen", last, last_bias], [f"{CATEGORY}.logits"]),
            helper.make_node("Softmax", [f"{CATEGORY}.logits"], [CATEGORY], axis=1),
        ]
    )
    used = {name for node in graph.node for name in node.input}
    kept = [each for each in graph.initializer if each.name in used and each.name not in weights]
    graph.ClearField("initializer")
    graph.initializer.extend(kept + [numpy_helper.from_array(each, name) for name, each in weights.items()])
    (output,) = (each for each in graph.output if each.name == CATEGORY)
    output.type.tensor_type.shape.dim[1].dim_value = head.last.shape[1]
    return small(model.SerializeToString(deterministic=True))


def _makers(graph: onnx.GraphProto) -> dict[str, Any]:
    return {output: node for node in graph.node for output in node.output}


def _features(graph: onnx.GraphProto) -> str:
    """The name of what the embedding is projected from: the input of the last product before it."""
    makers, node = _makers(graph), None
    name = EMBEDDING
    while (node := makers[name]).op_type != "Gemm":
        name = node.input[0]
    return str(node.input[0])


def _before(graph: onnx.GraphProto, names: list[str]) -> Iterator[Any]:
    """The nodes that compute ``names``, in the graph's order."""
    makers, needed, open_ = _makers(graph), set(), list(names)
    while open_:
        node = makers.get(open_.pop())
        if node is not None and node.output[0] not in needed:
            needed.add(node.output[0])
            open_ += node.input
    return (node for node in graph.node if node.output[0] in needed)
