"""The two networks: sizes, unit norms, and what their answers do not depend on."""

# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.models import (
    CNN_MAX_PARAMETERS,
    CNN_WIDTH,
    RESNET_WIDTH,
    SCALE,
    NormalisedSoftmax,
    Shrink,
    StyleCNN,
    StyleResNet,
    averages,
    parameters,
)

STYLES, CATEGORIES = 5, 7


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(1)
    return StyleResNet(STYLES, CATEGORIES).eval()


@pytest.fixture(scope="module")
def cnn():
    torch.manual_seed(1)
    return StyleCNN(STYLES).eval()


def pictures(count=2):
    return torch.randn(count, 3, 224, 224, generator=torch.Generator().manual_seed(1))


@torch.inference_mode()
def test_resnet_answers_of_the_documented_shapes(resnet):
    answer = resnet(pictures())
    assert answer.embedding.shape == (2, RESNET_WIDTH) == (2, 512)
    assert answer.style.shape == (2, STYLES)
    assert answer.category.shape == (2, CATEGORIES)


@torch.inference_mode()
def test_cnn_answers_of_the_documented_shapes(cnn):
    answer = cnn(pictures())
    assert answer.embedding.shape == (2, CNN_WIDTH) == (2, 256)
    assert answer.style.shape == (2, STYLES)
    assert answer.category is None


@torch.inference_mode()
@pytest.mark.parametrize("name", ["resnet", "cnn"])
def test_embeddings_have_length_one(name, request):
    embedding = request.getfixturevalue(name)(pictures()).embedding
    assert torch.allclose(embedding.norm(dim=1), torch.ones(2), atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("name", ["resnet", "cnn"])
def test_a_picture_is_embedded_the_same_alone_and_in_a_batch(name, request):
    network = request.getfixturevalue(name)
    assert torch.allclose(network(pictures())[0][:1], network(pictures()[:1])[0], atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("name", ["resnet", "cnn"])
def test_even_pictures_without_anything_on_them_are_embedded(name, request):
    embedding = request.getfixturevalue(name)(torch.zeros(1, 3, 224, 224)).embedding
    assert torch.isfinite(embedding).all()


def test_the_cnn_is_small(cnn):
    assert parameters(cnn) < 1_000_000 < CNN_MAX_PARAMETERS


def test_the_resnet_is_torchvisions(resnet):
    # torchvision's 25,557,032 without its classifier, with an embedding, a style and a category head
    trunk = 25_557_032 - (2048 * 1000 + 1000)
    assert parameters(resnet) == trunk + (2048 * 512 + 512) + 512 * STYLES + (2048 * CATEGORIES + CATEGORIES)


def test_logits_are_scaled_cosines():
    head = NormalisedSoftmax(3, 2)
    with torch.no_grad():
        head.weight.copy_(torch.tensor([[5.0, 0.0, 0.0], [0.0, 0.1, 0.0]]))  # lengths carry no meaning
        logits = head(torch.eye(3))
    assert torch.allclose(logits, SCALE * torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))


@torch.inference_mode()
def test_a_network_of_higher_resolution_sees_more(cnn):
    fine = torch.zeros(1, 3, 224, 224)
    fine[:, :, ::2] = 1  # stripes one pixel wide, gone where 2 x 2 pixels are averaged
    grey = torch.full_like(fine, 0.5)
    assert torch.allclose(cnn(fine).embedding, cnn(grey).embedding, atol=1e-5)
    keen = StyleCNN(STYLES, resolution=224).eval()
    assert not torch.allclose(keen(fine).embedding, keen(grey).embedding, atol=1e-3)


def test_shrinking_takes_the_mean_of_what_a_pixel_covers():
    assert torch.allclose(
        averages(6, 3), torch.tensor([[0.5, 0.5, 0, 0, 0, 0], [0, 0, 0.5, 0.5, 0, 0], [0, 0, 0, 0, 0.5, 0.5]])
    )
    thirds = averages(3, 2)  # a pixel covers one and a half
    assert torch.allclose(thirds, torch.tensor([[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]]))


@pytest.mark.parametrize("resolution", [56, 80, 112, 100])
def test_shrinking_keeps_the_mean(resolution):
    small = Shrink(resolution)(pictures())
    assert small.shape == (2, 3, resolution, resolution)
    assert torch.allclose(small.mean((2, 3)), pictures().mean((2, 3)), atol=1e-5)


def test_whole_and_broken_ratios_shrink_alike():
    smooth = torch.linspace(0, 1, 224).expand(1, 3, 224, 224)
    halved, exact = Shrink(112)(smooth), averages(224, 112) @ smooth @ averages(224, 112).T
    assert torch.allclose(halved, exact, atol=1e-6)


def test_smaller_pictures_of_training_are_seen_at_the_same_size():
    for resolution in (80, 112):  # 160 is twice the one, and no multiple of the other
        small = Shrink(resolution)(torch.rand(1, 3, 160, 160) / 10 + 0.5)
        assert small.shape == Shrink(resolution)(torch.zeros(1, 3, 224, 224)).shape
        assert small.mean() == pytest.approx(0.55, abs=0.01)


@torch.inference_mode()
@pytest.mark.parametrize("resolution", [56, 64, 100])
def test_the_cnn_takes_any_resolution(resolution):
    assert StyleCNN(STYLES, resolution).eval()(pictures(1)).embedding.shape == (1, CNN_WIDTH)
