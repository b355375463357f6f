"""Jackets: trucker, bomber, cropped and track, and which style wears which. Imports leathers and puffers."""

import random
from dataclasses import replace

from scripts.wardrobe.body import (
    Cut,
    body_folds,
    both_bands,
    hem_band,
    lay_back,
    lay_sleeves,
    mirrored_line,
    torso,
)
from scripts.wardrobe.canvas import Canvas
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, flipped, mirrored
from scripts.wardrobe.details import buttons, emblem, graphic, lettering, patch_pocket, welt, zip_line
from scripts.wardrobe.knits import both_stripes
from scripts.wardrobe.look import Look
from scripts.wardrobe.outerwear import biker, jacket_cut, puffer
from scripts.wardrobe.palettes import blend, ink, shaded
from scripts.wardrobe.tops import printable


def jacket(canvas: Canvas, look: Look) -> None:
    """A jacket: trucker, biker or bomber or puffer, cropped evening jacket, or track top."""
    die = look.die()
    if look.style == "casual":
        _trucker(canvas, look, die)
    elif look.style == "street":
        kind = die.randrange(3)
        (biker, _bomber, puffer)[kind](canvas, look, die)
    elif look.style == "dressy":
        _cropped(canvas, look, die)
    else:
        _windbreaker(canvas, look, die)


def _trucker(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("outer")
    if cloth.texture == "denim":
        cloth = Cloth(blend(cloth.colour, (96, 130, 172), 0.65), None, "denim")
    cut = replace(jacket_cut(look, 2), length=160)
    thread = (206, 156, 88) if cloth.texture == "denim" else ink(cloth.colour, 0.3)
    lay_back(canvas, cut, cloth)
    sleeves = lay_sleeves(canvas, cut, cloth, die)
    both_bands(canvas, cut, sleeves, cut.sleeve - 10, cut.sleeve + 4, cloth.plain(0.97))
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 0.8))
    canvas.panel(
        mirrored([(0, 151, 1), (60, 149, 1), (60, 172, 1), (0, 172)]),
        cloth.plain(0.96),
        within=body,
        round_by=3,
    )
    canvas.line(mirrored_line([(0, 151), (44, 149)]), thread, 0.45, dash=1.6)
    canvas.line(mirrored_line([(0, 80), (20, 79), (43, 74)]), shaded(cloth.colour, 0.6), 0.8)
    canvas.line(mirrored_line([(0, 82), (20, 81), (43, 76)]), thread, 0.45, dash=1.6)
    for side in (-1, 1):
        for dx in (12, 30):
            canvas.line([(side * dx, 96), (side * (8 + (dx - 8) * 0.75), 150)], thread, 0.45, dash=1.6)
        patch_pocket(canvas, side * 22, 79, 19, 20, cloth, flap=True)
        welt(canvas, side * 36, 112, side * 30, 134, cloth.colour)
    canvas.line([(2.6, cut.top + cut.depth), (2.6, cut.length)], shaded(cloth.colour, 0.55), 0.8)
    buttons(
        canvas, 0, 56, 154, 6, (184, 148, 98) if cloth.texture == "denim" else ink(cloth.colour, 0.4), 1.7
    )
    sherpa = die.random() < 0.35
    _flat_collar(
        canvas, cut, Cloth((236, 226, 206), None, "fleece") if sherpa else cloth, 20 if sherpa else 17
    )


def _flat_collar(canvas: Canvas, cut: Cut, cloth: Cloth, long: float) -> None:
    n, t = cut.neck, cut.top
    canvas.panel(
        mirrored([(0, t - 6), (n - 2, t - 6), (n + 2, t + 2, 1), (0, t + 10)]), cloth.inside(), cast=0.1
    )
    for flip in (1, -1):
        leaf: Outline = [
            (1, t + cut.depth + 2, 1),
            (n * 0.6, t + 4),
            (n - 2, t - 6.5, 1),
            (n + 4, t + 1),
            (n + 8, t + long * 0.7, 1),
            (9, t + cut.depth + long * 0.6, 1),
        ]
        canvas.panel(leaf if flip > 0 else flipped(leaf), cloth, cast=0.35, edge=0.14, round_by=3)


def _bomber(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("outer")
    cloth = cloth if cloth.texture != "leather" else cloth.of(cloth.colour, "plain", 0.5)
    cut = replace(jacket_cut(look, 7), length=160, hem=45)
    varsity = die.random() < 0.5
    arm = Cloth(look.scheme.second, None, "leather", 0.35) if varsity else cloth
    rib = cloth.of(shaded(cloth.colour, 0.82), "rib", 0.0)
    lay_back(canvas, cut, cloth)
    sleeves = lay_sleeves(canvas, cut, arm, die)
    both_bands(canvas, cut, sleeves, cut.sleeve - 10, cut.sleeve + 5, rib)
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die, 1.3))
    hem_band(canvas, cut, rib, body, 13)
    if varsity:
        for y in (150.0, 154.0):
            canvas.line(mirrored_line([(0, y + 2), (46, y)]), look.scheme.second, 0.9)
        lettering(canvas, die.choice(("N", "K", "R", "07", "W")), 22, 84, 17, look.scheme.second, body)
    else:
        graphic(canvas, die, 22, 90, 11, printable(look), body)
    for side in (-1, 1):
        welt(canvas, side * 35, 116, side * 26, 138, cloth.colour, 2)
    zip_line(canvas, [(0, cut.top + 9), (0, cut.length + 2)], cloth.colour)
    stand = mirrored(
        [(0, cut.top - 6), (cut.neck - 1, cut.top - 7), (cut.neck + 3, cut.top + 4), (0, cut.top + 13)]
    )
    canvas.panel(stand, rib, cast=0.3)
    canvas.line([(0, cut.top + 1), (0, cut.top + 13)], shaded(rib.colour, 0.5), 1.0)


def _cropped(canvas: Canvas, look: Look, die: random.Random) -> None:
    cloth = look.fabric("outer")
    cut = replace(
        jacket_cut(look, -3),
        length=138,
        hem=37,
        waist=36,
        neckline="scoop",
        depth=34,
        neck=17,
        puff=3 if look.women else 0,
    )
    gold = (208, 174, 100)
    lay_back(canvas, cut, cloth, tag=False)
    lay_sleeves(canvas, cut, cloth, die)
    canvas.panel(torso(cut), cloth, folds=body_folds(cut, die))
    if not look.women:
        cut = replace(cut, length=160)
    canvas.line([(0, cut.top + cut.depth), (0, 140)], shaded(cloth.colour, 0.45), 1.4)
    braid = gold if die.random() < 0.6 else look.scheme.second
    path = neckline_path(cut)
    canvas.line(path, braid, 1.6)
    canvas.line([(p[0], p[1] + 3) for p in path], shaded(braid, 0.75), 0.6)
    for side in (-1, 1):
        canvas.line([(side * 3, cut.top + cut.depth + 3), (side * 3, 137)], braid, 1.0)
        for y in (84, 98, 112, 126):
            canvas.dot(side * 7, y, 1.7, braid)
            canvas.line([(side * 9, y), (side * 26, y - 2)], braid, 0.9)


def neckline_path(cut: Cut) -> Outline:
    """The whole front neckline as an open line."""
    n, t, d = cut.neck, cut.top, cut.depth
    return mirrored_line([(0, t + d), (n * 0.62, t + d * 0.78), (n * 0.95, t + d * 0.34), (n, t)])


def _windbreaker(canvas: Canvas, look: Look, die: random.Random) -> None:
    s = look.scheme
    cloth = look.fabric("outer")
    cut = replace(jacket_cut(look, 1), length=170, hem=41, top=36, depth=8, armpit=84)
    hooded = die.random() < 0.4
    if hooded:
        canvas.panel(mirrored([(0, 14), (15, 17), (22, 29), (20, 46), (0, 56)]), cloth)
        canvas.panel(
            mirrored([(0, 20), (11, 22), (16, 32), (12, 46), (0, 54)]), Cloth(shaded(s.second, 0.75)), cast=0
        )
    else:
        lay_back(canvas, cut, cloth)
    arm = cloth.of(s.second) if die.random() < 0.4 else cloth
    sleeves = lay_sleeves(canvas, cut, arm, die)
    trim = s.second if arm is cloth else s.main
    for k in range(die.choice((1, 2))):
        both_stripes(canvas, cut, sleeves, 5 + 5.4 * k, trim)
    both_bands(
        canvas, cut, sleeves, cut.sleeve - 8, cut.sleeve + 5, cloth.of(shaded(arm.colour, 0.88), "rib")
    )
    body = canvas.panel(torso(cut), cloth, folds=body_folds(cut, die))
    kind = die.randrange(3)
    if kind == 0:
        yoke = mirrored([(0, 96, 1), (60, 76, 1), (60, 20, 1), (0, 20)])
        canvas.panel(yoke, cloth.of(s.second), within=body, cast=0, edge=0.12)
        canvas.line(mirrored_line([(0, 97), (cut.chest - 1, 83)]), s.accent, 1.6)
    elif kind == 1:
        for flip in (1, -1):
            canvas.patch(
                [(flip * 50, 80, 1), (flip * 34, 96), (flip * 28, 176, 1), (flip * 56, 176, 1)],
                s.second,
                body,
            )
    hem_band(canvas, cut, cloth.plain(0.88), body, 9)
    for side in (-1, 1):
        canvas.line([(side * 33, 122), (side * 27, 144)], (196, 198, 202), 1.1, dash=0.9)
    zip_line(canvas, [(0, cut.top + 4), (0, cut.length + 2)], trim)
    if not hooded:
        stand = mirrored(
            [(0, cut.top - 12), (cut.neck - 2, cut.top - 13), (cut.neck + 3, cut.top + 3), (0, cut.top + 10)]
        )
        canvas.panel(stand, cloth.of(s.second) if kind == 0 else cloth, cast=0.3)
        canvas.line([(0, cut.top - 10), (0, cut.top + 9)], (190, 192, 196), 0.9, dash=0.9)
    emblem(canvas, die, 21, 78, 4.6, s.accent if kind == 0 else s.second, body)
