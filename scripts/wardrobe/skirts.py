"""Skirts, and the pleats and drapes that dresses share. Imports body, details and what they stand on."""

import random

from scripts.wardrobe.body import mirrored_line, stitch
from scripts.wardrobe.canvas import Canvas, Fold, Panel
from scripts.wardrobe.cloth import Cloth
from scripts.wardrobe.curves import Outline, mirrored
from scripts.wardrobe.details import button, buttons, emblem, patch_pocket, zip_line
from scripts.wardrobe.look import Look
from scripts.wardrobe.palettes import ink, shaded
from scripts.wardrobe.tops import scallop


def drapes(
    top: float, waist: float, low: float, hem: float, die: random.Random, count: int, amount: float = 0.5
) -> list[Fold]:
    """Folds that fall from the waist and open towards the hem."""
    out = []
    for i in range(count):
        share = -0.86 + 1.72 * (i + 0.5) / count + die.uniform(-0.05, 0.05)
        start = top + die.uniform(2, (low - top) * 0.35)
        out.append(
            Fold(
                [
                    (share * waist, start),
                    (share * (waist + hem) / 2, (start + low) / 2),
                    (share * hem, low + 2),
                ],
                amount * die.uniform(0.6, 1.1),
                die.uniform(2.2, 3.8),
            )
        )
    return out


def skirt_shape(
    top: float, waist: float, low: float, hem: float, hip: float | None = None, wave: int = 0
) -> Outline:
    """A skirt's outline; `wave` is how many ripples the hem has."""
    half: Outline = [(0, top), (waist, top, 1)]
    if hip is not None:
        half += [(hip, top + 32)]
    else:
        half += [((waist * 1.35 + hem) / 2.35, top + (low - top) * 0.42)]
    half.append((hem, low - 3, 1))
    if wave:
        for i in range(1, wave):
            half.append((hem * (1 - i / wave), low + (2.6 if i % 2 else -1.6)))
    else:
        half.append((hem * 0.5, low + 1.2))
    half.append((0, low + 2))
    return mirrored(half)


def skirt(canvas: Canvas, look: Look) -> None:
    """A skirt: A-line denim, pleated mini, full satin, pencil or tennis."""
    die, s = look.die(), look.scheme
    cloth = look.fabric("drape")
    t = 30.0
    back = mirrored([(0, t - 3), (31, t - 1, 1), (31, t + 6, 1), (0, t + 8)])
    canvas.panel(back, cloth.inside(), cast=0)
    if look.style == "smart":
        low, hem = die.choice((172.0, 184.0)), 40.0
        body = canvas.panel(
            skirt_shape(t, 32, low, hem, 47),
            cloth,
            folds=[
                Fold([(-30, 60), (-16, 66)], 0.25),
                Fold([(30, 60), (16, 66)], 0.25),
                Fold([(18, 50), (20, low)], 0.2),
            ],
        )
        canvas.line([(12, low - 34), (12, low + 1)], shaded(cloth.colour, 0.5), 1.1)
        for x in (-16, 16):
            canvas.line([(x, t + 9), (x * 1.1, t + 28)], shaded(cloth.colour, 0.66), 0.6)
        if die.random() < 0.4:
            buttons(canvas, -12, t + 20, low - 60, 4, (208, 178, 108), 1.7)
    elif look.style == "sporty" or (look.style == "street" and die.random() < 0.6):
        low, hem = (122.0 if look.style == "sporty" else 118.0) + 8, 74.0
        body = pleated(canvas, cloth, t, 36, low, hem)
        if look.style == "sporty":
            canvas.line(
                mirrored_line([(0, low - 2), (hem * 0.5, low - 3), (hem - 2, low - 7)]), s.second, 2.4
            )
            emblem(canvas, die, 40, low - 18, 4.5, s.second, body)
        else:
            chain_belt(canvas, t + 12)
    elif look.style == "street":
        body = canvas.panel(skirt_shape(t, 33, 138, 47, 48), cloth, folds=drapes(t, 34, 138, 46, die, 3, 0.3))
        zip_line(canvas, [(8, t + 10), (14, 136)], cloth.colour)
        for side in (-1, 1):
            patch_pocket(canvas, side * 30, 70, 24, 28, cloth.plain(0.95), flap=True)
    elif look.style == "dressy":
        low, hem = die.choice(((188.0, 78.0), (150.0, 72.0), (196.0, 66.0)))
        tiers = die.random() < 0.4
        body = canvas.panel(
            skirt_shape(t, 31, low, hem, wave=5), cloth, folds=drapes(t, 28, low, hem, die, 11, 0.62)
        )
        if tiers:
            for k in (0.36, 0.68):
                y = t + (low - t) * k
                w = hem
                canvas.line(
                    mirrored_line([(0, y + 3), (w * 0.5, y + 2), (w, y - 2)]),
                    shaded(cloth.colour, 0.6),
                    1.1,
                    within=body,
                )
        elif die.random() < 0.5:
            scallop(canvas, cloth, low - 2, 9)
    else:
        low, hem = die.choice(((146.0, 60.0), (176.0, 62.0)))
        body = canvas.panel(skirt_shape(t, 33, low, hem), cloth, folds=drapes(t, 32, low, hem, die, 5, 0.4))
        if die.random() < 0.6:
            canvas.line([(0, t + 8), (0, low + 1)], ink(cloth.colour, 0.35), 0.8)
            buttons(canvas, 3.5, t + 14, low - 8, 7, (222, 206, 172), 1.9)
        for side in (-1, 1):
            patch_pocket(canvas, side * 25, t + 26, 22, 24, cloth)
        stitch(canvas, mirrored_line([(0, low - 2), (hem * 0.5, low - 3), (hem - 2, low - 6)]), cloth.colour)
    band = cloth.of(s.second, "rib") if look.style == "sporty" and die.random() < 0.5 else cloth
    waist = 36 if body and look.style in ("sporty", "street") else 32
    canvas.panel(
        mirrored([(0, t + 1), (waist, t - 1, 1), (waist + 2, t + 9, 1), (0, t + 11)]),
        band,
        cast=0.25,
        round_by=3,
    )
    if look.style == "casual":
        button(canvas, 0, t + 6, (210, 180, 130), 2)


def pleated(canvas: Canvas, cloth: Cloth, top: float, waist: float, low: float, hem: float) -> Panel:
    """Knife pleats with a zigzag hem."""
    count = 9
    half: Outline = [(0, top), (waist, top, 1), (hem, low - 6, 1)]
    for i in range(count, 0, -1):
        half.append((hem * (i - 0.5) / count, low - 3 * (i / count) ** 2 + 2.2, 1))
        half.append((hem * (i - 1) / count, low - 3 * (i / count) ** 2, 1))
    folds = [
        Fold([(waist * i / count, top + 12), (hem * i / count, low)], 0.75, 2.6)
        for i in range(-count + 1, count)
    ]
    panel = canvas.panel(mirrored(half), cloth, folds=folds)
    for i in range(-count + 1, count):
        canvas.line(
            [(waist * i / count, top + 14), (hem * i / count, low - 2)], shaded(cloth.colour, 0.66), 0.45
        )
    return panel


def chain_belt(canvas: Canvas, y: float) -> None:
    """A chain hung in two bows below the waistband."""
    for path in ([(-34, y), (-14, y + 17), (4, y + 2)], [(4, y + 2), (20, y + 12), (36, y)]):
        canvas.line(path, (92, 94, 100), 1.9)
        canvas.line(path, (214, 216, 220), 1.4, dash=1.8)
