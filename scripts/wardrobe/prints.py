"""Flowers, spots, camouflage, dyes and other printed patterns. Imports Pillow, numpy, weaves, palettes."""

import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from scripts.wardrobe.palettes import RGB, Scheme, blend, brightness, shaded
from scripts.wardrobe.weaves import BIG, ground, tiled


def dots(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Round spots in staggered rows."""
    gap = rng.choice((36, 48, 64))
    r = gap * rng.uniform(0.12, 0.2)
    tile = Image.new("RGB", (gap, gap), scheme.main)
    pen = ImageDraw.Draw(tile)
    for x, y in ((0.25, 0.25), (0.75, 0.75)):
        pen.ellipse((x * gap - r, y * gap - r, x * gap + r, y * gap + r), fill=scheme.second)
    return tiled(tile)


def _flower(
    pen: ImageDraw.ImageDraw, x: float, y: float, r: float, petal: RGB, eye: RGB, turn: float
) -> None:
    n = 5
    for i in range(n):
        t = turn + math.tau * i / n
        cx, cy = x + math.cos(t) * r * 0.62, y + math.sin(t) * r * 0.62
        pen.ellipse((cx - r * 0.5, cy - r * 0.5, cx + r * 0.5, cy + r * 0.5), fill=petal)
    for i in range(n):
        t = turn + math.tau * i / n
        pen.line(
            (x, y, x + math.cos(t) * r * 0.7, y + math.sin(t) * r * 0.7), fill=shaded(petal, 0.8), width=2
        )
    pen.ellipse((x - r * 0.28, y - r * 0.28, x + r * 0.28, y + r * 0.28), fill=eye)


def _leaf(pen: ImageDraw.ImageDraw, x: float, y: float, r: float, colour: RGB, turn: float) -> None:
    c, s = math.cos(turn), math.sin(turn)
    shape = ((0, 0), (0.4, 0.28), (0.9, 0.16), (1.3, 0), (0.9, -0.16), (0.4, -0.28))
    pen.polygon([(x + (a * c - b * s) * r, y + (a * s + b * c) * r) for a, b in shape], fill=colour)


def floral(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Flowers with leaves, small or large."""
    size, big = 300, rng.random() < 0.4
    tile = Image.new("RGB", (size, size), scheme.main)
    pen = ImageDraw.Draw(tile)
    pale = blend(scheme.second, (250, 236, 228), 0.35)
    green = blend((74, 108, 78), scheme.main, 0.25)
    base = 30.0 if big else 16.0
    step = 100 if big else 60
    for gy in range(0, size, step):
        for gx in range(0, size, step):
            x = gx + (step / 2 if gy // step % 2 else 0) + rng.uniform(-12, 12)
            y = gy + rng.uniform(-14, 14) + step / 2
            r, turn = base * rng.uniform(0.75, 1.15), rng.uniform(0, 6.3)
            petal = rng.choice((pale, scheme.accent, blend(pale, scheme.accent, 0.5)))
            for ox in (-size, 0, size):
                for oy in (-size, 0, size):
                    _leaf(pen, x + ox, y + oy, r * 1.2, green, turn + 0.6)
                    _leaf(pen, x + ox, y + oy, r * 1.25, shaded(green, 1.2), turn + 2.9)
                    _flower(pen, x + ox, y + oy, r, petal, (222, 176, 84), turn)
    return tiled(tile)


def leopard(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Broken rosettes."""
    size = 220
    ground = blend(scheme.main, (214, 176, 126), 0.5)
    tile = Image.new("RGB", (size, size), ground)
    pen = ImageDraw.Draw(tile)
    for gy in range(0, size, 44):
        for gx in range(0, size, 44):
            x, y = gx + rng.uniform(-8, 8) + (22 if gy // 44 % 2 else 0), gy + rng.uniform(-6, 6)
            r, start = rng.uniform(10, 15), rng.uniform(0, 360)
            for ox in (-size, 0, size):
                for oy in (-size, 0, size):
                    q = (x + ox - r, y + oy - r * 0.85, x + ox + r, y + oy + r * 0.85)
                    pen.ellipse(q, fill=shaded(ground, 0.78))
                    pen.arc(q, start, start + 120, fill=(48, 38, 36), width=6)
                    pen.arc(q, start + 160, start + 300, fill=(48, 38, 36), width=6)
    return tiled(tile)


def camouflage(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Blotches of four related shades."""
    noise = np.random.Generator(np.random.PCG64(rng.randrange(1 << 30))).integers(
        0, 256, (2, 64, 64), np.uint8
    )
    field = [
        np.asarray(
            Image.fromarray(n)
            .resize((448, 448), Image.Resampling.BICUBIC)
            .filter(ImageFilter.GaussianBlur(9))
        )
        for n in noise
    ]
    shades = [scheme.main, shaded(scheme.main, 0.62), blend(scheme.main, (206, 192, 160), 0.45)]
    out = np.empty((448, 448, 3), np.uint8)
    out[:] = shades[0]
    out[field[0] < 118] = shades[1]
    out[field[1] > 140] = shades[2]
    out[(field[0] > 128) & (field[1] < 116)] = shaded(scheme.main, 0.36)
    return Image.fromarray(out, "RGB").resize((BIG, BIG), Image.Resampling.NEAREST)


def tie_dye(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Rings or a spiral that bleed into each other."""
    n = 224
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    cx, cy = rng.uniform(90, 134), rng.uniform(90, 134)
    r = np.hypot(x - cx, y - cy)
    arms = rng.choice((0, 3, 5))
    wobble = np.random.Generator(np.random.PCG64(rng.randrange(1 << 30))).integers(0, 256, (n, n), np.uint8)
    soft = np.asarray(Image.fromarray(wobble).filter(ImageFilter.GaussianBlur(4)), np.float32) - 128
    wave = np.sin(r / rng.uniform(6, 9) + arms * np.arctan2(y - cy, x - cx) + soft * 0.16) * 0.5 + 0.5
    a, b = (
        np.array(scheme.main, np.float32),
        np.array(blend(scheme.second, (255, 255, 255), 0.45), np.float32),
    )
    mixed = a + (b - a) * np.round(wave * 32)[..., None] / 32
    return Image.fromarray(np.rint(mixed).astype(np.uint8), "RGB").resize(
        (BIG, BIG), Image.Resampling.BILINEAR
    )


def shards(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Large slanted triangles, as on team kit."""
    out = ground(scheme)
    pen = ImageDraw.Draw(out)
    tones = (shaded(scheme.main, 0.8), shaded(scheme.main, 1.18), blend(scheme.main, scheme.second, 0.35))
    for _ in range(26):
        x, y, s = rng.randrange(-60, BIG), rng.randrange(0, BIG), rng.uniform(90, 240)
        pen.polygon([(x, y), (x + s, y - s * 0.5), (x + s * 0.6, y + s * 0.35)], fill=rng.choice(tones))
    return out


def fade(scheme: Scheme, rng: random.Random) -> Image.Image:
    """One colour running into another from top to bottom."""
    t = np.clip((np.arange(BIG, dtype=np.float32) - 300) / 460, 0, 1)[:, None]
    a, b = np.array(scheme.main, np.float32), np.array(blend(scheme.main, scheme.second, 0.75), np.float32)
    column = np.rint(a + (b - a) * t).astype(np.uint8)[:, None]
    return Image.fromarray(column, "RGB").resize((BIG, BIG), Image.Resampling.NEAREST)


def lace(scheme: Scheme, rng: random.Random) -> Image.Image:
    """A net of small blossoms."""
    pale, size = shaded(scheme.main, 1.3 if brightness(scheme.main) < 200 else 0.86), 56
    tile = Image.new("RGB", (size, size), scheme.main)
    pen = ImageDraw.Draw(tile)
    for x, y in ((14, 14), (42, 42)):
        _flower(pen, x, y, 11, pale, scheme.main, 0.3)
        pen.ellipse((x + 22, y - 6, x + 34, y + 6), outline=pale, width=3)
    return tiled(tile)
