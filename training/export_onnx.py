"""From torch to the ONNX files that serving runs, refusing whatever does not answer the same.

ResNet-50 is stored with 8-bit weights: each output channel's weights are whole numbers -127..127 times
one float32 step. All arithmetic stays float32: the weights are multiplied out by a Cast and a Mul, which
ONNX Runtime does once, when it loads the file (a DequantizeLinear it would run again for every picture).
Imports torch, onnx and onnxruntime.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn

from shared.encoder import INPUT
from shared.errors import StylekinError
from shared.pictures import SIZE
from training.models import Network
from training.onnx_session import Session

OPSET = 18
TOLERANCE = 1e-4  # between torch and ONNX Runtime, of any number of any output
LEAST_COSINE = 0.999  # between a picture's float and quantised embedding
FEWEST_WEIGHTS = 4096  # smaller tensors stay float32

Floats = NDArray[np.float32]


class ExportRefused(StylekinError):
    """A file that answers otherwise than the network it came from; it is not written."""


class Served(nn.Module):
    """A network as serving sees it: embedding, style probabilities, category probabilities if it has any."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        answer = self.network(pictures)
        logits = [each for each in (answer.style, answer.category) if each is not None]
        return answer.embedding, *(each.softmax(1) for each in logits)


def exported(network: Network) -> bytes:
    """The network as ONNX: input "pictures" (n, 3, 224, 224), outputs "embedding", "style", "category"."""
    served = Served(network).eval().to(memory_format=torch.contiguous_format)
    outputs = ["embedding", "style"] + ["category"] * hasattr(network, "category")
    # two pictures: torch.export takes a size of 1 for a constant
    example = torch.zeros(2, 3, SIZE, SIZE)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        torch.onnx.export(
            served,
            (example,),
            path,
            input_names=[INPUT],
            output_names=outputs,
            dynamic_shapes=({0: torch.export.Dim("n")},),
            opset_version=OPSET,
            external_data=False,
            dynamo=True,
            verbose=False,
        )
        return without_traces(onnx.load(path)).SerializeToString(deterministic=True)


def without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model without the exporter's notes: stack traces and paths of the machine it ran on."""
    for part in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output):
        part.ClearField("doc_string")
        part.ClearField("metadata_props")
    model.graph.ClearField("value_info")
    return model


def check_agreement(network: Network, data: bytes, pictures: Floats) -> float:
    """Largest difference between torch and ONNX Runtime on real pictures, all at once and one alone.

    Raises ExportRefused over ``TOLERANCE``.
    """
    worst = 0.0
    for some in (pictures, pictures[:1]):
        with torch.inference_mode():
            wanted = Served(network).eval()(torch.from_numpy(some))
        found = Session(data).run(some)
        for name, expected in zip(found, wanted, strict=True):
            difference = float(np.abs(found[name] - expected.numpy()).max())
            worst = max(worst, difference if np.isfinite(difference) else np.inf)
    if worst > TOLERANCE:
        raise ExportRefused(f"expected torch and ONNX to agree to {TOLERANCE}, found a difference of {worst}")
    return worst


def quantised(data: bytes) -> bytes:
    """The same network with 8-bit weights, one step per output channel; about a quarter of the bytes."""
    model = onnx.load_from_string(data)
    learned = {node.input[1] for node in model.graph.node if node.op_type in ("Conv", "Gemm")}
    large = {
        weights.name: weights
        for weights in model.graph.initializer
        if weights.name in learned
        and weights.data_type == onnx.TensorProto.FLOAT
        and np.prod(weights.dims) >= FEWEST_WEIGHTS
    }
    steps: list[Any] = []
    for name, weights in large.items():
        axis = output_axis(model.graph, name)
        values = numpy_helper.to_array(weights)
        others = tuple(each for each in range(values.ndim) if each != axis)
        step = np.maximum(np.abs(values).max(others) / 127, np.finfo(np.float32).tiny).astype(np.float32)
        step = step.reshape([-1 if each == axis else 1 for each in range(values.ndim)])
        whole = np.clip(np.rint(values / step), -127, 127).astype(np.int8)
        model.graph.initializer.remove(weights)
        model.graph.initializer.extend(
            [numpy_helper.from_array(whole, f"{name}.whole"), numpy_helper.from_array(step, f"{name}.step")]
        )
        steps += [
            helper.make_node("Cast", [f"{name}.whole"], [f"{name}.float"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}.float", f"{name}.step"], [name]),
        ]
    nodes = list(model.graph.node)
    model.graph.ClearField("node")
    model.graph.node.extend(steps + nodes)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def output_axis(graph: onnx.GraphProto, name: str) -> int:
    """Which axis of a weight is the output's, from the one node that uses it."""
    (user,) = (node for node in graph.node if name in node.input)
    if user.op_type == "Gemm":
        transposed = any(each.name == "transB" and each.i for each in user.attribute)
        return 0 if transposed else 1
    return 0  # Conv


def check_quantised(data: bytes, small: bytes, pictures: Floats) -> float:
    """Least cosine between float and quantised embeddings of real pictures. Raises ExportRefused."""
    before, after = (Session(each).run(pictures)["embedding"] for each in (data, small))
    least = float((before * after).sum(1).min())
    if not least >= LEAST_COSINE:
        raise ExportRefused(f"expected cosines of at least {LEAST_COSINE} after quantising, found {least}")
    return least


def export(network: Network, pictures: Floats, quantise: bool) -> tuple[bytes, dict[str, float]]:
    """The file to serve, and how far it is from torch on real ``pictures``. Raises ExportRefused."""
    data = exported(network)
    checks = {"torch_onnx_difference": check_agreement(network, data, pictures)}
    if quantise:
        small = quantised(data)
        checks["least_cosine_quantised"] = check_quantised(data, small, pictures)
        data = small
    return data, checks
