"""Varied copies of pictures: lightly, for every lesson, and strongly, so that the teacher has more to say.

A teacher's features belong to exactly what it looked at. Few photographs are soon learned by heart; the
same photographs closer up, turned and in another light, each with the teacher's features of that very
view, are not. Imports numpy and torch.
"""

import hashlib
import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from shared.pictures import DEVIATION, MEAN
from training.data import Pictures, Rows

STEP = 64  # pictures varied at once


def varied(pictures: Pictures, rows: Rows, copies: int, seed: int) -> Pictures:
    """``copies`` varied views of each of ``rows``, with the labels and groups of their originals."""
    random = torch.Generator().manual_seed(seed)
    originals = np.tile(rows, copies)
    squares = np.empty((len(originals), *pictures.squares.shape[1:]), np.uint8)
    for start in range(0, len(originals), STEP):
        squares[start : start + STEP] = views(pictures.squares[originals[start : start + STEP]], random)
    return Pictures(
        source=f"{pictures.source}-views",
        squares=squares,
        item_ids=pictures.item_ids[originals],
        styles=pictures.styles[originals],
        categories=pictures.categories[originals],
        groups=pictures.groups[originals],
        fingerprint=hashlib.sha256(squares).hexdigest(),
    )


def views(squares: NDArray[np.uint8], random: torch.Generator) -> NDArray[np.uint8]:
    """One view of each of ``(n, 224, 224, 3)``: 35..100 % of the area, turned by at most 20 degrees, and in
    another light (brightness, contrast, colour). What comes into view from outside is white.
    """
    n, side = squares.shape[:2]

    def uniform(least: float, most: float) -> Tensor:
        return least + (most - least) * torch.rand(n, generator=random)

    pictures = torch.from_numpy(np.array(squares)).permute(0, 3, 1, 2).float() / 255 - 1
    scale = uniform(0.35, 1.0).sqrt()  # of the side that stays in view
    stretch = uniform(math.log(0.85), math.log(1.18)).exp().sqrt()
    angle = torch.deg2rad(uniform(-20, 20))
    mirror = torch.where(torch.rand(n, generator=random) < 0.5, -1.0, 1.0)
    wide, high = scale * stretch * mirror, scale / stretch
    left, up = (1 - scale) * uniform(-1, 1), (1 - scale) * uniform(-1, 1)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    turn = torch.stack([wide * cosine, -high * sine, left, wide * sine, high * cosine, up], 1).view(n, 2, 3)
    grid = F.affine_grid(turn, [n, 3, side, side], align_corners=False)
    pictures = F.grid_sample(pictures, grid, align_corners=False) + 1
    light, contrast, colour = (
        uniform(*each).view(n, 1, 1, 1) for each in ((0.75, 1.2), (0.7, 1.3), (0.5, 1.4))
    )
    pictures = pictures * light
    middle = pictures.mean((1, 2, 3), keepdim=True)
    pictures = middle + (pictures - middle) * contrast
    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * colour
    return (pictures.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()


_MEAN = torch.tensor(MEAN).view(1, 3, 1, 1)
_DEVIATION = torch.tensor(DEVIATION).view(1, 3, 1, 1)


def augmented(squares: NDArray[np.uint8], side: int, random: torch.Generator) -> Tensor:
    """``(n, 224, 224, 3)`` uint8 to ``(n, 3, side, side)`` float32 as serving normalises it, varied lightly.

    Mirrored, turned by at most 8 degrees, scaled to 0.85..1.15 of its size, moved by at most 7 % and a
    little brighter or darker: an item stays what it is. What comes into view is white.
    """
    n = len(squares)

    def uniform(least: float, most: float) -> Tensor:
        return least + (most - least) * torch.rand(n, generator=random)

    pictures = torch.from_numpy(squares).permute(0, 3, 1, 2).float() / 255 - 1  # white is 0, outside too
    angle, scale = torch.deg2rad(uniform(-8, 8)), 1 / uniform(0.85, 1.15)
    mirror = torch.where(torch.rand(n, generator=random) < 0.5, -1.0, 1.0)
    cosine, sine = scale * torch.cos(angle), scale * torch.sin(angle)
    rows = [cosine * mirror, -sine, uniform(-0.14, 0.14), sine * mirror, cosine, uniform(-0.14, 0.14)]
    grid = F.affine_grid(torch.stack(rows, 1).view(n, 2, 3), [n, 3, side, side], align_corners=False)
    pictures = F.grid_sample(pictures, grid, align_corners=False) + 1
    pictures = pictures * uniform(0.9, 1.1).view(n, 1, 1, 1)
    return ((pictures.clamp(0, 1) - _MEAN) / _DEVIATION).contiguous(memory_format=torch.channels_last)
