"""Stripes, checks and other woven patterns. Imports Pillow, numpy and palettes."""

import random

import numpy as np
from PIL import Image, ImageDraw

from scripts.wardrobe.palettes import Scheme, blend, brightness, shaded

BIG = 896


def tiled(tile: Image.Image) -> Image.Image:
    out = Image.new("RGB", (BIG, BIG))
    for y in range(0, BIG, tile.height):
        for x in range(0, BIG, tile.width):
            out.paste(tile, (x, y))
    return out


def ground(scheme: Scheme) -> Image.Image:
    return Image.new("RGB", (BIG, BIG), scheme.main)


def breton(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Even narrow stripes across."""
    out = ground(scheme)
    pen, gap = ImageDraw.Draw(out), rng.choice((32, 40, 50))
    thick = gap * rng.choice((0.28, 0.38, 0.5))
    for y in range(0, BIG, gap):
        pen.rectangle((0, y, BIG, y + thick), fill=scheme.second)
    return out


def rugby(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Broad stripes across, in two or three colours."""
    out = ground(scheme)
    pen, gap = ImageDraw.Draw(out), rng.choice((140, 170, 200))
    for i, y in enumerate(range(rng.randrange(60), BIG, gap)):
        pen.rectangle((0, y, BIG, y + gap * 0.48), fill=scheme.second if i % 2 else scheme.accent)
    return out


def pinstripe(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Thin lines down."""
    out = ground(scheme)
    pen, gap = ImageDraw.Draw(out), rng.choice((26, 34, 44))
    thread = blend(scheme.main, (255, 255, 255) if brightness(scheme.main) < 150 else scheme.second, 0.55)
    for x in range(0, BIG, gap):
        pen.rectangle((x, 0, x + 4, BIG), fill=thread)
    return out


def banker(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Shirt stripes down, evenly wide."""
    out = Image.new("RGB", (BIG, BIG), blend(scheme.main, (250, 250, 250), 0.72))
    pen, gap = ImageDraw.Draw(out), rng.choice((18, 24, 32))
    for x in range(0, BIG, gap):
        pen.rectangle((x, 0, x + gap * 0.42, BIG), fill=blend(scheme.main, (250, 250, 250), 0.12))
    return out


def gingham(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Two-tone check on white."""
    cell = rng.choice((14, 20, 28))
    light = (248, 246, 242)
    main = scheme.main if brightness(scheme.main) < 190 else scheme.second
    tile = Image.new("RGB", (2 * cell, 2 * cell), light)
    pen = ImageDraw.Draw(tile)
    pen.rectangle((0, 0, cell - 1, 2 * cell), fill=blend(light, main, 0.5))
    pen.rectangle((0, 0, 2 * cell, cell - 1), fill=blend(light, main, 0.5))
    pen.rectangle((0, 0, cell - 1, cell - 1), fill=main)
    return tiled(tile)


def tartan(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Crossed bands of three colours."""
    size = rng.choice((112, 150, 190))
    sett = np.empty((size, 3), np.float32)
    sett[:] = scheme.main
    a = int(size * rng.uniform(0.16, 0.3))
    sett[a : a + size // 4] = scheme.second
    sett[int(size * 0.72) : int(size * 0.72) + max(4, size // 22)] = scheme.accent
    sett[int(size * 0.86) : int(size * 0.86) + max(4, size // 30)] = shaded(scheme.main, 0.5)
    cross = (sett[:, None] + sett[None]) / 2
    return tiled(Image.fromarray(np.rint(cross).astype(np.uint8), "RGB"))


def windowpane(scheme: Scheme, rng: random.Random) -> Image.Image:
    """A wide grid of thin lines, tailored cloth."""
    out = ground(scheme)
    pen, gap = ImageDraw.Draw(out), rng.choice((84, 104, 124))
    thread = blend(scheme.main, (255, 255, 255) if brightness(scheme.main) < 150 else scheme.second, 0.42)
    for k in range(0, BIG, gap):
        pen.rectangle((k, 0, k + 4, BIG), fill=thread)
        pen.rectangle((0, k, BIG, k + 4), fill=thread)
    return out


def houndstooth(scheme: Scheme, rng: random.Random) -> Image.Image:
    """The broken check."""
    k = rng.choice((3, 4, 5))
    y, x = np.mgrid[0:8, 0:8]
    bits = np.where((x + y) % 4 < 2, x < 4, y < 4).repeat(k, 0).repeat(k, 1)
    other = blend(scheme.main, (244, 240, 232) if brightness(scheme.main) < 140 else (60, 58, 62), 0.72)
    tile = np.where(bits[..., None], np.array(scheme.main, np.uint8), np.array(other, np.uint8))
    return tiled(Image.fromarray(tile, "RGB"))


def herringbone(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Slanted lines that turn at every column."""
    w, h = rng.choice((24, 32)), 16
    tile = Image.new("RGB", (2 * w, h), scheme.main)
    pen = ImageDraw.Draw(tile)
    shade = shaded(scheme.main, 0.78 if brightness(scheme.main) > 90 else 1.22)
    for y in range(-2 * w, h + w, 8):
        pen.line((0, y, w, y + w), fill=shade, width=3)
        pen.line((w, y + w, 2 * w, y), fill=shade, width=3)
    return tiled(tile)


def checkerboard(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Bold squares."""
    c = rng.choice((32, 40, 56))
    other = blend((242, 239, 231) if brightness(scheme.main) < 150 else (44, 43, 48), scheme.main, 0.12)
    tile = Image.new("RGB", (2 * c, 2 * c), scheme.main)
    pen = ImageDraw.Draw(tile)
    pen.rectangle((0, 0, c - 1, c - 1), fill=other)
    pen.rectangle((c, c, 2 * c, 2 * c), fill=other)
    return tiled(tile)
