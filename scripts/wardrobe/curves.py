"""Outlines as points and the smooth curves through them. Standard library only.

Coordinates are a garment's own: x from -112 (its right) to 112, 0 is the middle line; y from 0 (top) to 224.
A point of three numbers is a corner; curves run smoothly through points of two.
"""

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, ...]
Outline = list[Point]


def mirrored(half: Sequence[Point]) -> Outline:
    """A closed outline from its right half, listed from the top of the middle line to its bottom."""
    left = [(-p[0], *p[1:]) for p in reversed(half) if p[0] > 0.01]
    return [*half, *left]


def flipped(points: Iterable[Point]) -> Outline:
    """The same outline on the other side of the middle line."""
    return [(-p[0], *p[1:]) for p in points]


def moved(points: Iterable[Point], dx: float, dy: float, scale: float = 1.0) -> Outline:
    """Scaled about the origin, then shifted."""
    return [(p[0] * scale + dx, p[1] * scale + dy, *p[2:]) for p in points]


def turned(points: Iterable[Point], degrees: float, about: Point = (0.0, 0.0)) -> Outline:
    """Turned clockwise as seen on the picture."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ax, ay = about[0], about[1]
    return [
        (ax + (p[0] - ax) * c - (p[1] - ay) * s, ay + (p[0] - ax) * s + (p[1] - ay) * c, *p[2:])
        for p in points
    ]


def circle(x: float, y: float, rx: float, ry: float | None = None) -> Outline:
    """Eight smooth points of an ellipse."""
    ry = rx if ry is None else ry
    return [(x + rx * math.cos(math.tau * i / 8), y + ry * math.sin(math.tau * i / 8)) for i in range(8)]


def box(x0: float, y0: float, x1: float, y1: float) -> Outline:
    """A rectangle with corners."""
    return [(x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1)]


def mix(a: Point, b: Point, t: float) -> Point:
    """The point a share `t` of the way from `a` to `b`."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


def _handle(at: Point, before: Point, after: Point, reach: float) -> tuple[float, float]:
    dx, dy = after[0] - before[0], after[1] - before[1]
    length = math.hypot(dx, dy) or 1.0
    return at[0] + dx / length * reach, at[1] + dy / length * reach


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 7) -> list[tuple[float, float]]:
    """Points along the cubic Bezier curves through `points`; straight between two corners."""
    n = len(points)
    out: list[tuple[float, float]] = []
    for i in range(n if closed else n - 1):
        a, b = points[i], points[(i + 1) % n]
        before, after = points[i - 1], points[(i + 2) % n]
        sharp_a = len(a) > 2 or (not closed and i == 0)
        sharp_b = len(b) > 2 or (not closed and i == n - 2)
        out.append((a[0], a[1]))
        if sharp_a and sharp_b:
            continue
        reach = math.hypot(b[0] - a[0], b[1] - a[1]) / 3
        c = mix(a, b, 1 / 3) if sharp_a else _handle(a, before, b, reach)
        d = mix(a, b, 2 / 3) if sharp_b else _handle(b, after, a, reach)
        for k in range(1, steps):
            t = k / steps
            u = 1 - t
            w = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
            out.append(
                (
                    w[0] * a[0] + w[1] * c[0] + w[2] * d[0] + w[3] * b[0],
                    w[0] * a[1] + w[1] * c[1] + w[2] * d[1] + w[3] * b[1],
                )
            )
    if not closed:
        out.append((points[-1][0], points[-1][1]))
    return out
