"""The two networks. Both take pictures as ``shared.pictures.decode`` gives them and return unit embeddings.

A style is a direction: the style head scores the cosine between the embedding and one learned
direction per style (normalised softmax, arXiv 1811.12649). Imports torch, torchvision and the
pictures' size.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models import resnet50

from shared.pictures import SIZE

RESNET_WIDTH = 512
CNN_WIDTH = 256
CNN_MAX_PARAMETERS = 2_000_000
SCALE = 16.0  # of the cosines before the softmax: 1 / temperature


class Answer(NamedTuple):
    """What a network says of ``n`` pictures: unit embeddings (n, width), then logits per class."""

    embedding: Tensor
    style: Tensor
    category: Tensor | None


class NormalisedSoftmax(nn.Module):
    """Logits ``SCALE * cos(embedding, class)``: length carries no meaning, only direction does."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, width))

    def forward(self, embedding: Tensor) -> Tensor:  # (n, width) of length 1
        return SCALE * embedding @ F.normalize(self.weight, dim=1).T  # (n, classes) in [-SCALE, SCALE]


class Softmax(nn.Module):
    """Logits of a plain linear layer with biases, of the embedding as long as its layer norm leaves it."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, classes)

    def forward(self, embedding: Tensor) -> Tensor:  # (n, width) of length 1
        return self.linear(embedding * self.linear.in_features**0.5)


class Apart(NormalisedSoftmax):
    """A style head that reads the embedding and does not shape it: something else does.

    Its directions start short, so that they turn fast.
    """

    def __init__(self, width: int, classes: int) -> None:
        super().__init__(width, classes)
        nn.init.normal_(self.weight, std=width**-0.5)

    def forward(self, embedding: Tensor) -> Tensor:
        return super().forward(embedding.detach())


HEADS = {"normalised": NormalisedSoftmax, "softmax": Softmax, "contrastive": Apart}  # by Recipe.style


class Shrink(nn.Module):
    """Pictures averaged to ``resolution`` x ``resolution``: what the network sees, and what it costs.

    Every pixel of the result is the mean of the square it covers, whatever the size of what comes in.
    """

    def __init__(self, resolution: int) -> None:
        super().__init__()
        self.resolution = resolution
        self.register_buffer("average", averages(SIZE, resolution), persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:  # (n, 3, side, side)
        side = pictures.shape[-1]
        if side % self.resolution == 0:
            return F.avg_pool2d(pictures, side // self.resolution)
        average = self.average if side == SIZE else averages(side, self.resolution)
        average = average.to(pictures)
        return average @ pictures @ average.T  # (n, 3, resolution, resolution)


def averages(side: int, resolution: int) -> Tensor:
    """``(resolution, side)``: which share of each pixel of a row goes into which pixel of a shorter row."""
    ends = torch.linspace(0, side, resolution + 1)
    first, last = ends[:-1, None], ends[1:, None]
    pixel = torch.arange(side)[None]
    covered = torch.minimum(last, pixel + 1.0) - torch.maximum(first, pixel)
    return covered.clamp(min=0) * (resolution / side)


class Embedding(nn.Module):
    """The fully connected layer before the classifier, centred and scaled to length 1."""

    def __init__(self, features: int, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(features, width)
        self.width = width

    def forward(self, features: Tensor) -> Tensor:  # (n, features)
        projected = self.project(features).float()
        return F.normalize(F.layer_norm(projected, (self.width,)), dim=1)  # (n, width)


class StyleResNet(nn.Module):
    """torchvision's ResNet-50 with a 512-wide embedding, a style head and a category head.

    It sees ``resolution`` px of the 224 that come in: with 80, at an eighth of the arithmetic. The category
    head shapes the trunk; another takes its place once the trunk stands still (training.category_head).
    """

    def __init__(self, styles: int, categories: int, resolution: int = 80, head: str = "normalised") -> None:
        super().__init__()
        self.shrink = Shrink(resolution)
        self.trunk = resnet50(weights=None, zero_init_residual=True)
        features = self.trunk.fc.in_features  # 2048
        self.trunk.fc = nn.Identity()
        self.embed = Embedding(features, RESNET_WIDTH)
        self.style = HEADS[head](RESNET_WIDTH, styles)
        self.category = nn.Linear(features, categories)

    def forward(self, pictures: Tensor) -> Answer:  # (n, 3, 224, 224)
        features = self.trunk(self.shrink(pictures))  # (n, 2048)
        embedding = self.embed(features)  # (n, 512)
        return Answer(embedding, self.style(embedding), self.category(features).float())


class Residual(nn.Module):
    """Two 3 x 3 convolutions beside a short cut; ``stride`` 2 halves the side."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
            nn.Conv2d(after, after, 3, 1, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        self.short_cut = nn.Sequential(
            nn.AvgPool2d(stride, ceil_mode=True),
            nn.Conv2d(before, after, 1, bias=False),
            nn.BatchNorm2d(after),
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.short_cut(x))


class StyleCNN(nn.Module):
    """The custom CNN: about 0.9 million parameters. It sees ``resolution`` px.

    Where a ResNet averages its last map, this one keeps two views of it, the mean and the maximum of
    every channel: how much of a texture there is, and whether a detail is there at all.
    """

    def __init__(self, styles: int, resolution: int = 112, head: str = "normalised") -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            Shrink(resolution),  # 112
            nn.Conv2d(3, 24, 5, 2, 2, bias=False),  # 56
            nn.BatchNorm2d(24),
            nn.ReLU(inplace=True),
            Residual(24, 48, 2),  # 28
            Residual(48, 96, 2),  # 14
            Residual(96, 96, 1),
            Residual(96, 160, 2),  # 7
            nn.Conv2d(160, 288, 1, bias=False),
            nn.BatchNorm2d(288),
            nn.ReLU(inplace=True),
        )
        self.embed = Embedding(2 * 288, CNN_WIDTH)
        self.style = HEADS[head](CNN_WIDTH, styles)

    def forward(self, pictures: Tensor) -> Answer:  # (n, 3, 224, 224)
        map_ = self.trunk(pictures)  # (n, 288, 7, 7)
        features = torch.cat([map_.mean((2, 3)), map_.amax((2, 3))], dim=1)  # (n, 576)
        embedding = self.embed(features)  # (n, 256)
        return Answer(embedding, self.style(embedding), None)


Network = StyleResNet | StyleCNN


def parameters(network: nn.Module) -> int:
    """How many numbers are learned."""
    return sum(parameter.numel() for parameter in network.parameters())


TUNED = ("all", "last", "heads")


def tuned(network: Network, what: str) -> None:
    """Freeze what is not to be trained.

    ``all`` freezes nothing; ``last`` all but the trunk's last stage (ResNet-50's layer4; the CNN's last
    block and what follows) and the heads; ``heads`` the whole trunk. Embedding layers count as heads.
    """
    network.requires_grad_(True)
    if what == "all":
        return
    network.trunk.requires_grad_(False)
    if what == "last":
        last = network.trunk.layer4 if isinstance(network, StyleResNet) else network.trunk[-4:]
        last.requires_grad_(True)
