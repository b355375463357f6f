"""Varied views of pictures: lightly, so that an item stays what it is, or strongly, for a teacher to look at.

A teacher's features belong to exactly what it looked at. Few photographs are soon learned by heart; the
same photographs closer up, turned and in another light, each with the teacher's features of that very
view, are not. Imports numpy and torch.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from shared.pictures import DEVIATION, MEAN


@dataclass(frozen=True)
class Variety:
    """Between what a view is drawn, evenly. What comes into view from outside is white."""

    area: tuple[float, float]  # share of the picture that stays in view; over 1 it shrinks
    stretch: float  # at most, of width against height, and the other way round
    degrees: float  # turned by at most
    moved: float  # by at most this share of half a side; 0: as far as the view stays inside
    light: tuple[float, float]
    contrast: tuple[float, float] = (1.0, 1.0)
    colour: tuple[float, float] = (1.0, 1.0)


LIGHT = Variety((0.75, 1.35), 1.0, 8, 0.14, (0.9, 1.1))
STRONG = Variety((0.35, 1.0), 1.18, 20, 0.0, (0.75, 1.2), (0.7, 1.3), (0.5, 1.4))
VARIETIES = {"light": LIGHT, "strong": STRONG}


def augmented(
    squares: NDArray[np.uint8],
    side: int,
    random: torch.Generator,
    variety: Variety = LIGHT,
    device: torch.device | None = None,
) -> Tensor:
    """``(n, 224, 224, 3)`` uint8 to varied ``(n, 3, side, side)`` float32 as serving normalises it."""
    pictures = viewed(torch.from_numpy(squares).to(device or "cpu"), side, variety, random)
    mean, deviation = (torch.tensor(each).view(1, 3, 1, 1).to(pictures) for each in (MEAN, DEVIATION))
    return ((pictures - mean) / deviation).contiguous(memory_format=torch.channels_last)


def viewed(squares: Tensor, side: int, variety: Variety, random: torch.Generator) -> Tensor:
    """``(n, 224, 224, 3)`` uint8, wherever it lies, to ``(n, 3, side, side)`` in 0..1 there.

    The draws are ``random``'s, a generator of the processor: a device changes how they are rounded, no more.
    """
    n = len(squares)

    def uniform(least: float, most: float) -> Tensor:
        return least + (most - least) * torch.rand(n, generator=random)

    scale = uniform(*variety.area).sqrt()  # of the side that is in view
    stretch = uniform(-math.log(variety.stretch), math.log(variety.stretch)).exp().sqrt()
    angle = torch.deg2rad(uniform(-variety.degrees, variety.degrees))
    mirror = torch.where(torch.rand(n, generator=random) < 0.5, -1.0, 1.0)
    wide, high = scale * stretch * mirror, scale / stretch
    room = (1 - scale).clamp(min=0) if variety.moved == 0 else torch.full((n,), variety.moved)
    left, up = room * uniform(-1, 1), room * uniform(-1, 1)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    turn = torch.stack([wide * cosine, -high * sine, left, wide * sine, high * cosine, up], 1).view(n, 2, 3)
    light, contrast, colour = (
        uniform(*each).view(n, 1, 1, 1).to(squares.device)
        for each in (variety.light, variety.contrast, variety.colour)
    )
    pictures = squares.permute(0, 3, 1, 2).float() / 255 - 1  # white is 0, and so is what lies outside
    grid = F.affine_grid(turn.to(squares.device), [n, 3, side, side], align_corners=False)
    pictures = (F.grid_sample(pictures, grid, align_corners=False) + 1) * light
    middle = pictures.mean((1, 2, 3), keepdim=True)
    pictures = middle + (pictures - middle) * contrast
    grey = pictures.mean(1, keepdim=True)
    return (grey + (pictures - grey) * colour).clamp(0, 1)
