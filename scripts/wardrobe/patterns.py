"""Patterns printed or woven into cloth, each a function of scheme and rng. Imports Pillow, numpy, palettes.

Every function gives an RGB picture of 896 x 896 (four times the final size).
"""

import math
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from scripts.wardrobe.palettes import RGB, Scheme, blend, brightness, shaded

BIG = 896
Pattern = Callable[[Scheme, random.Random], Image.Image]


def _tiled(tile: Image.Image) -> Image.Image:
    out = Image.new("RGB", (BIG, BIG))
    for y in range(0, BIG, tile.height):
        for x in range(0, BIG, tile.width):
            out.paste(tile, (x, y))
    return out


def _ground(scheme: Scheme) -> Image.Image:
    return Image.new("RGB", (BIG, BIG), scheme.main)


def breton(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Even narrow stripes across."""
    out = _ground(scheme)
    pen, gap = ImageDraw.Draw(out), rng.choice((32, 40, 50))
    thick = gap * rng.choice((0.28, 0.38, 0.5))
    for y in range(0, BIG, gap):
        pen.rectangle((0, y, BIG, y + thick), fill=scheme.second)
    return out


def rugby(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Broad stripes across, in two or three colours."""
    out = _ground(scheme)
    pen, gap = ImageDraw.Draw(out), rng.choice((140, 170, 200))
    for i, y in enumerate(range(rng.randrange(60), BIG, gap)):
        pen.rectangle((0, y, BIG, y + gap * 0.48), fill=scheme.second if i % 2 else scheme.accent)
    return out


def pinstripe(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Thin lines down."""
    out = _ground(scheme)
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
    return _tiled(tile)


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
    return _tiled(Image.fromarray(np.rint(cross).astype(np.uint8), "RGB"))


def windowpane(scheme: Scheme, rng: random.Random) -> Image.Image:
    """A wide grid of thin lines, tailored cloth."""
    out = _ground(scheme)
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
    return _tiled(Image.fromarray(tile, "RGB"))


def herringbone(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Slanted lines that turn at every column."""
    w, h = rng.choice((24, 32)), 16
    tile = Image.new("RGB", (2 * w, h), scheme.main)
    pen = ImageDraw.Draw(tile)
    shade = shaded(scheme.main, 0.78 if brightness(scheme.main) > 90 else 1.22)
    for y in range(-2 * w, h + w, 8):
        pen.line((0, y, w, y + w), fill=shade, width=3)
        pen.line((w, y + w, 2 * w, y), fill=shade, width=3)
    return _tiled(tile)


def dots(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Round spots in staggered rows."""
    gap = rng.choice((36, 48, 64))
    r = gap * rng.uniform(0.12, 0.2)
    tile = Image.new("RGB", (gap, gap), scheme.main)
    pen = ImageDraw.Draw(tile)
    for x, y in ((0.25, 0.25), (0.75, 0.75)):
        pen.ellipse((x * gap - r, y * gap - r, x * gap + r, y * gap + r), fill=scheme.second)
    return _tiled(tile)


def _flower(pen: ImageDraw.ImageDraw, x: float, y: float, r: float, petal: RGB, eye: RGB, turn: float) -> None:
    n = 5
    for i in range(n):
        t = turn + math.tau * i / n
        cx, cy = x + math.cos(t) * r * 0.62, y + math.sin(t) * r * 0.62
        pen.ellipse((cx - r * 0.5, cy - r * 0.5, cx + r * 0.5, cy + r * 0.5), fill=petal)
    for i in range(n):
        t = turn + math.tau * i / n
        pen.line((x, y, x + math.cos(t) * r * 0.7, y + math.sin(t) * r * 0.7), fill=shaded(petal, 0.8), width=2)
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
    return _tiled(tile)


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
    return _tiled(tile)


def camouflage(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Blotches of four related shades."""
    noise = np.random.Generator(np.random.PCG64(rng.randrange(1 << 30))).integers(0, 256, (2, 64, 64), np.uint8)
    field = [
        np.asarray(Image.fromarray(n).resize((448, 448), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(9)))
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
    a, b = np.array(scheme.main, np.float32), np.array(blend(scheme.second, (255, 255, 255), 0.45), np.float32)
    mixed = a + (b - a) * np.round(wave * 32)[..., None] / 32
    return Image.fromarray(np.rint(mixed).astype(np.uint8), "RGB").resize((BIG, BIG), Image.Resampling.BILINEAR)


def checkerboard(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Bold squares."""
    c = rng.choice((32, 40, 56))
    other = blend((242, 239, 231) if brightness(scheme.main) < 150 else (44, 43, 48), scheme.main, 0.12)
    tile = Image.new("RGB", (2 * c, 2 * c), scheme.main)
    pen = ImageDraw.Draw(tile)
    pen.rectangle((0, 0, c - 1, c - 1), fill=other)
    pen.rectangle((c, c, 2 * c, 2 * c), fill=other)
    return _tiled(tile)


def shards(scheme: Scheme, rng: random.Random) -> Image.Image:
    """Large slanted triangles, as on team kit."""
    out = _ground(scheme)
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
    return _tiled(tile)


PATTERNS: dict[str, Pattern] = {
    f.__name__: f
    for f in (
        breton, rugby, pinstripe, banker, gingham, tartan, windowpane, houndstooth, herringbone, dots, floral,
        leopard, camouflage, tie_dye, checkerboard, shards, fade, lace,
    )
}
