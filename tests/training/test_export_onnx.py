"""Export: what is written answers as the network does, and what does not is refused."""

# ruff: noqa: E402
import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
onnx = pytest.importorskip("onnx", reason="export needs onnx")
from onnx import numpy_helper

from scripts.wardrobe import draw
from shared.pictures import decode
from training.export_onnx import (
    LEAST_COSINE,
    SPARED,
    ExportRefused,
    best_quantised,
    check_agreement,
    export,
    exported,
    least_cosine,
    output_axis,
    quantised,
    small,
)
from training.models import StyleCNN, StyleResNet
from training.onnx_session import Session


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.stack([decode(item.picture()) for item in draw("womenswear", 4, 3)])


@pytest.fixture(scope="module")
def cnn():
    torch.manual_seed(1)
    return StyleCNN(5).eval()


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(1)
    return StyleResNet(5, 7).eval()


@pytest.fixture(scope="module")
def cnn_file(cnn) -> bytes:
    return exported(cnn)


@pytest.fixture(scope="module")
def resnet_file(resnet) -> bytes:
    return exported(resnet)


# the form


def test_the_cnn_has_the_documented_inputs_and_outputs(cnn_file, pictures):
    graph = onnx.load_from_string(cnn_file).graph
    assert [put.name for put in graph.input] == ["pictures"]
    found = Session(cnn_file).run(pictures)
    assert {name: value.shape for name, value in found.items()} == {"embedding": (4, 256), "style": (4, 5)}


def test_the_resnet_has_the_documented_inputs_and_outputs(resnet_file, pictures):
    found = Session(resnet_file).run(pictures[:1])
    shapes = {name: value.shape for name, value in found.items()}
    assert shapes == {"embedding": (1, 512), "style": (1, 5), "category": (1, 7)}


def test_styles_and_categories_are_probabilities_and_embeddings_have_length_one(resnet_file, pictures):
    found = Session(resnet_file).run(pictures)
    for name in ("style", "category"):
        assert (found[name] >= 0).all()
        assert found[name].sum(1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(found["embedding"], axis=1) == pytest.approx(1, abs=1e-5)


def test_a_file_says_nothing_of_the_machine_it_was_made_on(cnn_file):
    assert b".py" not in cnn_file
    assert b"/home" not in cnn_file


def test_exporting_twice_gives_the_same_bytes(cnn, cnn_file):
    assert exported(cnn) == cnn_file


# agreement


def test_torch_and_onnx_agree(cnn, resnet, cnn_file, resnet_file, pictures):
    assert check_agreement(cnn, cnn_file, pictures) < 1e-4
    assert check_agreement(resnet, resnet_file, pictures) < 1e-4


def test_a_file_of_other_weights_is_refused(cnn, cnn_file, pictures):
    broken = copy.deepcopy(cnn)
    with torch.no_grad():
        broken.style.weight[0] *= -1
    with pytest.raises(ExportRefused, match=r"agree to 0\.0001"):
        check_agreement(broken, cnn_file, pictures)


def test_a_network_that_is_not_a_number_is_refused(cnn, pictures):
    broken = copy.deepcopy(cnn)
    with torch.no_grad():
        broken.embed.project.bias[0] = float("nan")
    with pytest.raises(ExportRefused):
        export(broken, pictures, quantise=False)


# quantising


@pytest.fixture(scope="module")
def whole(resnet_file, pictures) -> bytes:
    return quantised(resnet_file, pictures)


@pytest.fixture(scope="module")
def eighth(resnet_file) -> bytes:
    return small(resnet_file)


def test_quantised_weights_are_a_quarter_and_answer_the_same(resnet_file, whole, eighth, pictures):
    assert max(len(whole), len(eighth)) < 0.27 * len(resnet_file)
    assert least_cosine(resnet_file, whole, pictures) >= LEAST_COSINE
    assert least_cosine(resnet_file, eighth, pictures) >= LEAST_COSINE


def test_quantising_twice_gives_the_same_bytes(resnet_file, whole, pictures):
    assert quantised(resnet_file, pictures) == whole


def test_convolutions_but_the_first_are_in_whole_numbers_whose_products_fit_into_sixteen_bits(whole):
    """AVX2 without VNNI adds two products of an activation and a weight in 16 bits."""
    graph = onnx.load_from_string(whole).graph
    numbers = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    made_by = {put: node for node in graph.node for put in node.output}
    assert made_by[convolutions[0].input[1]].op_type == "Mul"
    for convolution in convolutions[1:]:
        weights = numbers[made_by[convolution.input[1]].input[0]]
        activations = numbers[made_by[convolution.input[0]].input[2]]
        assert (weights.dtype, activations.dtype) == (np.int8, np.uint8)
        assert 2 * 255 * np.abs(weights.astype(int)).max() < 2**15


def test_spared_convolutions_stay_floats(resnet_file, pictures):
    graph = onnx.load_from_string(quantised(resnet_file, pictures, SPARED[-1])).graph
    made_by = {put: node.op_type for node in graph.node for put in node.output}
    kinds = [made_by.get(node.input[1]) for node in graph.node if node.op_type == "Conv"]
    assert "DequantizeLinear" not in kinds[: SPARED[-1]]
    assert set(kinds[SPARED[-1] :]) == {"DequantizeLinear"}


def test_one_picture_alone_is_embedded_as_among_others(whole, pictures):
    together = Session(whole).run(pictures)["embedding"]
    np.testing.assert_allclose(Session(whole).run(pictures[:1])["embedding"], together[:1], atol=1e-6)


def test_each_channel_is_whole_numbers_times_its_own_step(resnet_file, eighth):
    before = {
        each.name: numpy_helper.to_array(each)
        for each in onnx.load_from_string(resnet_file).graph.initializer
    }
    graph = onnx.load_from_string(eighth).graph
    after = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    names = [name.removesuffix(".whole") for name in after if name.endswith(".whole")]
    assert len(names) > 50
    for name in names:
        whole, step = after[f"{name}.whole"], after[f"{name}.step"]
        assert whole.dtype == np.int8
        assert (np.abs(whole * step - before[name]) <= step * 0.501).all(), name
        assert max(step.shape) == step.size > 1, name


def coarse(data: bytes) -> bytes:
    """The same network with weights that were rounded to a few numbers."""
    model = onnx.load_from_string(data)
    for weights in model.graph.initializer:
        if weights.name.endswith(".whole"):
            rounded = numpy_helper.to_array(weights) // 32 * 32
            weights.CopyFrom(numpy_helper.from_array(rounded.astype(np.int8), weights.name))
    return model.SerializeToString()


def test_a_file_quantised_badly_is_told(resnet_file, eighth, pictures):
    assert least_cosine(resnet_file, coarse(eighth), pictures) < LEAST_COSINE


def test_of_a_network_that_whole_numbers_blur_only_the_weights_are_quantised(resnet_file, pictures):
    """Steps are chosen on black pictures alone, so that every other one is cut off."""
    mixed = np.stack([pictures[0] * 0 - 2, *[each for each in pictures for _ in (0, 1)]])[:4]
    mixed[::2] = mixed[0]
    data, found = best_quantised(resnet_file, mixed)
    assert found["whole_numbers"] == 0
    assert found["least_cosine_quantised"] >= LEAST_COSINE
    assert data == small(resnet_file)


@pytest.mark.parametrize(("kind", "transposed", "axis"), [("Conv", None, 0), ("Gemm", 1, 0), ("Gemm", 0, 1)])
def test_the_output_axis_is_that_of_the_operator(kind, transposed, axis):
    attributes = {} if transposed is None else {"transB": transposed}
    node = onnx.helper.make_node(kind, ["x", "w"], ["y"], **attributes)
    assert output_axis(onnx.helper.make_graph([node], "one", [], []), "w") == axis


def test_export_checks_before_it_answers(cnn, pictures):
    data, checks = export(cnn, pictures, quantise=False)
    assert checks.keys() == {"torch_onnx_difference"}
    assert Session(data).run(pictures)["style"].shape == (4, 5)
