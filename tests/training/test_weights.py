"""First weights: from a file, from nothing, or a message that says what to fetch and where to put it."""

# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from torchvision.models import resnet50

from training.models import StyleResNet
from training.weights import WeightsMissing, start


@pytest.fixture
def network() -> StyleResNet:
    return StyleResNet(5, 3)


def test_a_file_of_torchvisions_weights(network, tmp_path):
    whole = resnet50(weights=None)
    torch.save(whole.state_dict(), tmp_path / "resnet50.pth")
    start(network, str(tmp_path / "resnet50.pth"))
    assert torch.equal(network.trunk.layer3[1].conv2.weight, whole.layer3[1].conv2.weight)


def test_nothing_is_nothing(network):
    before = network.trunk.conv1.weight.clone()
    start(network, "none")
    assert torch.equal(network.trunk.conv1.weight, before)


def test_without_a_network_it_is_said_what_to_fetch_and_where_to_put_it(network, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(WeightsMissing) as told:
        start(network, "imagenet")
    assert "resnet50-11ad3fa6.pth" in str(told.value)
    assert str(tmp_path / "hub" / "checkpoints" / "resnet50-11ad3fa6.pth") in str(told.value)
    assert "--weights FILE" in str(told.value)


@pytest.mark.parametrize("content", [b"no weights", None])
def test_a_file_of_something_else(network, tmp_path, content):
    path = tmp_path / "weights.pth"
    if content is None:
        torch.save({"conv1.weight": torch.zeros(3)}, path)
    else:
        path.write_bytes(content)
    with pytest.raises(WeightsMissing, match=r"weights\.pth: expected"):
        start(network, str(path))
    with pytest.raises(WeightsMissing, match="expected a file of weights"):
        start(network, str(tmp_path / "nowhere.pth"))
