"""From torch to the ONNX files that serving runs, refusing whatever does not answer the same.

ResNet-50's convolutions but the first are stored in whole numbers and done in whole numbers: weights
-64..64 times one float32 step per output channel, activations 0..255 times one step per tensor, chosen on
real pictures. Sums of such products are exact, on every processor alike; with weights of eight bits, those
without VNNI would cut them off (docs/decisions/0021). A network that does not keep its embeddings so keeps
the floats of its first two stages too, and one that still does not has only its weights in eight bits. Then,
and in the other layers, arithmetic stays float32: the weights are multiplied out by a Cast and a Mul, which
ONNX Runtime does once, when it loads the file (a DequantizeLinear it would run again for every picture).
Imports torch, onnx and onnxruntime.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from torch import Tensor, nn

from shared.encoder import INPUT
from shared.errors import StylekinError
from shared.pictures import SIZE
from training.models import Network
from training.onnx_session import Session

OPSET = 18
TOLERANCE = 1e-4  # between torch and ONNX Runtime, of any number of any output
LEAST_COSINE = 0.9995  # between a picture's float and quantised embedding
CALIBRATED_AT_ONCE = 8
SPARED = (1, 24)  # convolutions that stay float32: ResNet-50's first, then its first two stages
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


class Calibration(CalibrationDataReader):  # type: ignore[misc]
    """Pictures from which the steps of activations are chosen, a few at a time."""

    def __init__(self, pictures: Floats) -> None:
        batches = range(0, len(pictures), CALIBRATED_AT_ONCE)
        self._rest: Iterator[Floats] = iter([pictures[at : at + CALIBRATED_AT_ONCE] for at in batches])

    def get_next(self) -> dict[str, Floats] | None:
        """The next few, None after the last."""
        some = next(self._rest, None)
        return None if some is None else {INPUT: some}


def quantised(data: bytes, pictures: Floats, spared: int = 1) -> bytes:
    """The same network with its convolutions in whole numbers, for which ``pictures`` choose the steps.

    The first ``spared`` convolutions and the sums of residual blocks stay float32: whole numbers cost the
    most accuracy where a picture is read, and save the least time.
    """
    convolutions = [node.name for node in onnx.load_from_string(data).graph.node if node.op_type == "Conv"]
    with TemporaryDirectory() as folder:
        before, after = Path(folder) / "float.onnx", Path(folder) / "whole.onnx"
        before.write_bytes(data)
        quantize_static(
            before,
            after,
            Calibration(pictures),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=convolutions[:spared],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            reduce_range=True,  # seven bits: AVX2 sums two products in sixteen
        )
        return small(without_traces(onnx.load(after)).SerializeToString(deterministic=True))


def small(data: bytes) -> bytes:
    """The same network with 8-bit weights where they are floats, one step per output channel."""
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


def least_cosine(data: bytes, quantised: bytes, pictures: Floats) -> float:
    """Between float and quantised embeddings of real pictures, of the worst of them."""
    before, after = (Session(each).run(pictures)["embedding"] for each in (data, quantised))
    return float((before * after).sum(1).min())


def best_quantised(data: bytes, pictures: Floats) -> tuple[bytes, dict[str, float]]:
    """As many convolutions in whole numbers as keep the embeddings, at worst only weights in eight bits.

    Every second picture chooses the steps; all are compared. ``whole_numbers`` is the share of convolutions.
    Raises ExportRefused if nothing keeps a cosine of ``LEAST_COSINE``.
    """
    found: dict[str, float] = {}
    count = sum(node.op_type == "Conv" for node in onnx.load_from_string(data).graph.node)
    for spared in (*SPARED, count):
        made = quantised(data, pictures[::2], spared) if spared < count else small(data)
        found = {
            "least_cosine_quantised": least_cosine(data, made, pictures),
            "whole_numbers": round(1 - spared / count, 3),
        }
        if found["least_cosine_quantised"] >= LEAST_COSINE:
            return made, found
    least = found["least_cosine_quantised"]
    raise ExportRefused(f"expected cosines of at least {LEAST_COSINE} after quantising, found {least}")


def export(network: Network, pictures: Floats, quantise: bool) -> tuple[bytes, dict[str, float]]:
    """The file to serve, and how far it is from torch on real ``pictures``. Raises ExportRefused."""
    data = exported(network)
    checks = {"torch_onnx_difference": check_agreement(network, data, pictures)}
    if quantise:
        data, found = best_quantised(data, pictures)
        checks |= found
    return data, checks
