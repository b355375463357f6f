"""Makes the networks of ``tests/golden/colour_networks``, whose answers can be seen: they average colours.

    python -m tests.golden.make_colour_networks FOLDER        (needs onnx, of the training environment)

Of a picture whose mean colour is (r, g, b), each 0 to 1, ``resnet50.onnx`` gives the embedding (r, g, b)
and ``style_cnn.onnx`` gives (b, r, g), both scaled to length 1; so plain red, green and blue are
orthogonal unit vectors. The probabilities of the five styles are softmax(20·(r, g, b, 0.5, 0)), those of
the three categories softmax(20·(r, g, b)).
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def network(name: str, order: tuple[int, int, int], category: bool) -> bytes:
    """One network as ONNX; ``order`` says which channels the embedding's three numbers are."""
    onto_styles = np.zeros((3, 5), np.float32)
    onto_styles[:3, :3] = 20 * np.eye(3)
    constants = {
        "deviation": DEVIATION,
        "mean": MEAN,
        "order": np.eye(3, dtype=np.float32)[:, list(order)],
        "onto_styles": onto_styles,
        "style_bias": np.float32([0, 0, 0, 10, 0]),
        "onto_categories": 20 * np.eye(3, dtype=np.float32),
    }
    nodes = [
        helper.make_node("ReduceMean", ["pictures"], ["normal"], axes=[2, 3], keepdims=0),  # (n, 3)
        helper.make_node("Mul", ["normal", "deviation"], ["scaled"]),
        helper.make_node("Add", ["scaled", "mean"], ["colour"]),  # (n, 3), each 0 to 1
        helper.make_node("MatMul", ["colour", "order"], ["ordered"]),
        helper.make_node("LpNormalization", ["ordered"], ["embedding"], axis=1, p=2),
        helper.make_node("Gemm", ["colour", "onto_styles", "style_bias"], ["style_logits"]),
        helper.make_node("Softmax", ["style_logits"], ["style"], axis=1),
    ]
    outputs = {"embedding": 3, "style": 5}
    if category:
        nodes.append(helper.make_node("MatMul", ["colour", "onto_categories"], ["category_logits"]))
        nodes.append(helper.make_node("Softmax", ["category_logits"], ["category"], axis=1))
        outputs["category"] = 3
    else:
        del constants["onto_categories"]
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, 224, 224])],
        [
            helper.make_tensor_value_info(put, TensorProto.FLOAT, ["n", width])
            for put, width in outputs.items()
        ],
        [numpy_helper.from_array(array, key) for key, array in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name=""
    )
    checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def make(folder: Path) -> None:
    """Write both networks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "resnet50.onnx").write_bytes(network("resnet50", (0, 1, 2), category=True))
    (folder / "style_cnn.onnx").write_bytes(network("style_cnn", (2, 0, 1), category=False))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
