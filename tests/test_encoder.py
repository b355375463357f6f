"""The encoder: what it says of plain colours, and bundles that do not match their card."""

import hashlib
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from shared.card import File, Part, write_card
from shared.encoder import PREPROCESSING, Encoder, Encoders
from shared.errors import BlobNotFound, ModelDamaged, ModelMissing
from shared.pictures import decode
from shared.storage.folder import Folder
from shared.vectors import unit
from tests.bundles import FILES, NETWORKS, STYLES, card, publish

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def picture(colour) -> np.ndarray:
    buffer = BytesIO()
    Image.new("RGB", (224, 224), colour).save(buffer, "PNG")
    return decode(buffer.getvalue())


class Counting(Folder):
    """A folder that counts what is read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads: list[str] = []

    def read(self, name, generation=None):
        self.reads.append(name)
        return super().read(name, generation)


@pytest.fixture
def blobs(tmp_path) -> Counting:
    blobs = Counting(tmp_path)
    publish(blobs, card())
    return blobs


@pytest.fixture
def encoder(blobs) -> Encoder:
    return Encoder.load(blobs, "womenswear", "colours-1")


# what it says


@pytest.mark.parametrize(
    ("colour", "resnet50", "style_cnn", "style", "category"),
    [
        (RED, (1, 0, 0), (0, 1, 0), "casual", "dress"),
        (GREEN, (0, 1, 0), (0, 0, 1), "street", "trousers"),
        (BLUE, (0, 0, 1), (1, 0, 0), "dressy", "shoes"),
    ],
)
def test_a_plain_colour_has_the_embedding_one_can_see(encoder, colour, resnet50, style_cnn, style, category):
    found = encoder.encode(picture(colour))
    expected = np.concatenate([0.7**0.5 * np.array(resnet50), 0.3**0.5 * np.array(style_cnn)])
    np.testing.assert_allclose(found.vector, expected, atol=1e-4)
    assert found.vector.dtype == np.float32
    assert STYLES[int(found.styles.argmax())] == style
    assert found.styles.sum() == pytest.approx(1, abs=1e-5)
    assert found.category == category
    assert found.category_probability == pytest.approx(1, abs=1e-5)


def test_a_category_comes_with_its_probability(encoder):
    found = encoder.encode(picture((255, 255, 0)))
    assert found.category in ("dress", "trousers")
    assert found.category_probability == pytest.approx(0.5, abs=1e-4)


def test_the_cosine_of_two_embeddings_is_the_weighted_cosine_of_their_parts(encoder):
    a, b = (encoder.encode(picture(colour)).vector[None] for colour in ((200, 40, 0), (90, 90, 160)))
    first, second = ((unit(a[:, part]) @ unit(b[:, part]).T).item() for part in (slice(3), slice(3, 6)))
    assert (a @ b.T).item() == pytest.approx(0.7 * first + 0.3 * second, abs=1e-6)


def test_a_batch_is_encoded_in_order(encoder):
    colours = [RED, GREEN, BLUE, (10, 200, 30)]
    batch = encoder.encode_batch(np.stack([picture(colour) for colour in colours]))
    assert len(batch) == 4
    for colour, found in zip(colours, batch, strict=True):
        alone = encoder.encode(picture(colour))
        np.testing.assert_allclose(found.vector, alone.vector, atol=1e-6)
        np.testing.assert_allclose(found.styles, alone.styles, atol=1e-6)
        assert found.category == alone.category


def test_no_pictures_have_no_embeddings(encoder):
    assert encoder.encode_batch(np.zeros((0, 3, 224, 224), np.float32)) == []


def test_the_same_picture_has_the_same_embedding_to_the_bit(blobs):
    found = {
        Encoder.load(blobs, "womenswear", "colours-1", threads).encode(picture((7, 99, 201))).vector.tobytes()
        for threads in (1, 1, 2)
    }
    assert len(found) == 1


def test_an_embedding_that_is_no_direction_is_an_error(encoder):
    with pytest.raises(ModelDamaged, match="expected embeddings of length 1"):
        encoder.encode(np.full((3, 224, 224), np.nan, np.float32))


def test_networks_without_a_category_tell_none(blobs):
    parts = (Part("style_cnn", "style_cnn.onnx", 3, 1.0),)
    publish(blobs, card(version="one", parts=parts))
    found = Encoder.load(blobs, "womenswear", "one").encode(picture(RED))
    assert (found.category, found.category_probability) == (None, 0.0)
    np.testing.assert_allclose(found.vector, (0, 1, 0), atol=1e-4)


# bundles that do not match


def test_a_changed_network_is_damaged(blobs):
    name = "models/womenswear/colours-1/style_cnn.onnx"
    changed = bytearray(FILES["style_cnn"])
    changed[-1] ^= 1
    blobs.write(name, bytes(changed))
    with pytest.raises(ModelDamaged, match=rf"{name}: expected the sha256 [0-9a-f]{{64}} of the card, found"):
        Encoder.load(blobs, "womenswear", "colours-1")


@pytest.mark.parametrize("file", ["card.json", "resnet50.onnx", "style_cnn.onnx"])
def test_a_bundle_that_lacks_a_file_is_missing(blobs, file):
    blobs.delete(f"models/womenswear/colours-1/{file}")
    with pytest.raises(ModelMissing, match=f"models/womenswear/colours-1/{file}: expected a file"):
        Encoder.load(blobs, "womenswear", "colours-1")


def test_a_department_without_a_bundle_is_missing(blobs):
    with pytest.raises(ModelMissing, match=r"models/menswear/colours-1/card\.json"):
        Encoder.load(blobs, "menswear", "colours-1")


def test_the_card_of_another_bundle_is_damage(blobs):
    blobs.write("models/womenswear/colours-1/card.json", write_card(card("menswear")))
    with pytest.raises(
        ModelDamaged, match="expected the card of womenswear colours-1, found that of menswear"
    ):
        Encoder.load(blobs, "womenswear", "colours-1")


def test_a_card_that_is_no_card_is_damage(blobs):
    blobs.write("models/womenswear/colours-1/card.json", b"{}")
    with pytest.raises(ModelDamaged, match="expected a model card"):
        Encoder.load(blobs, "womenswear", "colours-1")


@pytest.mark.parametrize("change", [{"size": 256}, {"mean": (0.5, 0.5, 0.5)}, {"deviation": (1.0, 1.0, 1.0)}])
def test_a_model_trained_on_other_arrays_is_damage(blobs, change):
    preprocessing = msgspec.structs.replace(PREPROCESSING, **change)
    blobs.write("models/womenswear/colours-1/card.json", write_card(card(preprocessing=preprocessing)))
    with pytest.raises(ModelDamaged, match="which is what serving does to pictures"):
        Encoder.load(blobs, "womenswear", "colours-1")


@pytest.mark.parametrize(
    "change",
    [
        {"styles": ("casual", "street")},
        {"categories": ("dress",)},
        {
            "parts": (
                Part("resnet50", "resnet50.onnx", 512, 0.7),
                Part("style_cnn", "style_cnn.onnx", 3, 0.3),
            )
        },
    ],
    ids=["styles", "categories", "width"],
)
def test_a_network_of_other_sizes_than_the_card_says_is_damage(blobs, change):
    blobs.write("models/womenswear/colours-1/card.json", write_card(card(**change)))
    with pytest.raises(ModelDamaged, match="expected the input 'pictures' and outputs of width"):
        Encoder.load(blobs, "womenswear", "colours-1")


def test_a_file_that_is_no_network_is_damage(blobs):
    data = b"not a network"
    files = card().files | {"resnet50.onnx": File(len(data), hashlib.sha256(data).hexdigest())}
    blobs.write("models/womenswear/colours-1/resnet50.onnx", data)
    blobs.write("models/womenswear/colours-1/card.json", write_card(card(files=files)))
    with pytest.raises(ModelDamaged, match=r"resnet50\.onnx: expected an ONNX model, found"):
        Encoder.load(blobs, "womenswear", "colours-1")


# once per process


def test_nothing_is_loaded_before_it_is_needed(blobs):
    Encoders(blobs)
    assert blobs.reads == []


def test_threads_that_need_a_model_at_once_load_it_once(blobs):
    encoders, found = Encoders(blobs), []
    start = threading.Barrier(8)

    def need() -> None:
        start.wait()
        found.append(encoders("womenswear", "colours-1"))

    threads = [threading.Thread(target=need) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(encoder) for encoder in found}) == 1
    assert len(blobs.reads) == 3


def test_each_department_and_version_has_its_own(blobs):
    publish(blobs, card("menswear"))
    publish(blobs, card(version="colours-2"))
    encoders = Encoders(blobs)
    women, men = encoders("womenswear", "colours-1"), encoders("menswear", "colours-1")
    assert (women.card.department, men.card.department) == ("womenswear", "menswear")
    assert encoders("womenswear", "colours-2").card.version == "colours-2"
    assert encoders("menswear", "colours-1") is men


def test_as_many_versions_are_kept_as_asked_for(blobs):
    publish(blobs, card(version="colours-2"))
    for kept, loads in ((1, 4), (2, 2)):
        encoders = Encoders(blobs, kept=kept)
        blobs.reads.clear()
        for version in ("colours-1", "colours-2", "colours-1", "colours-2"):
            assert encoders("womenswear", version).card.version == version
        assert len(blobs.reads) == 3 * loads


def test_a_model_that_was_missing_is_found_once_it_is_there(tmp_path):
    encoders = Encoders(Folder(tmp_path))
    with pytest.raises(ModelMissing) as missing:
        encoders("womenswear", "colours-1")
    assert isinstance(missing.value.__cause__, BlobNotFound)
    publish(Folder(tmp_path), card())
    assert encoders("womenswear", "colours-1").card.version == "colours-1"


def test_importing_the_encoder_does_not_import_onnx_runtime():
    program = "import sys, shared.encoder; print('onnxruntime' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_the_networks_are_what_their_script_makes(tmp_path):
    pytest.importorskip("onnx", reason="onnx is in requirements/training.txt")
    from tests.golden.make_colour_networks import make

    make(tmp_path)
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (NETWORKS / file.name).read_bytes()
