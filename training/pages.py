"""A page of figures and pictures as one HTML file that needs nothing else: no script, no network.

Whatever comes from a shop is escaped; pictures are small JPEGs inside the page. Imports Pillow.
"""

import base64
import html
import io
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1c1c1c; max-width: 72rem; margin: 2rem auto;
padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; border-top: 1px solid #ccc;
padding-top: .8rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
table { border-collapse: collapse; margin: .6rem 0; } caption { text-align: left; color: #444; }
th, td { padding: .2rem .7rem; text-align: left; border-bottom: 1px solid #ddd; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.sheet { display: flex; flex-wrap: wrap; gap: .4rem; } figure { margin: 0; }
figcaption { font-size: .7rem; color: #444; max-width: 6rem; overflow-wrap: anywhere; line-height: 1.25; }
.right img { outline: 3px solid #2a7d2f; } .wrong img { outline: 3px solid #b3261e; }
.wide { overflow-x: auto; } svg { max-width: 100%; height: auto; }
"""


def text(value: object) -> str:
    """Anything as text of a page."""
    return html.escape(str(value))


def page(title: str, parts: Iterable[str]) -> str:
    """A whole document."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head>\n<body><h1>{text(title)}</h1>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def heading(title: str, level: int = 2) -> str:
    """A heading of level 2 or 3."""
    return f"<h{level}>{text(title)}</h{level}>"


def paragraph(words: str) -> str:
    """A paragraph of plain words."""
    return f"<p>{text(words)}</p>"


def table(head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """A table; numbers stand to the right, with three decimals where they have any."""
    above = f"<caption>{text(caption)}</caption>" if caption else ""
    lines = [f"<tr>{''.join(f'<th>{text(name)}</th>' for name in head)}</tr>"]
    lines += [f"<tr>{''.join(map(cell, row))}</tr>" for row in rows]
    return f'<div class="wide"><table>{above}{"".join(lines)}</table></div>'


def cell(value: object) -> str:
    """One cell."""
    if isinstance(value, float):
        return f'<td class="number">{value:.3f}</td>'
    return f'<td class="number">{value}</td>' if isinstance(value, int) else f"<td>{text(value)}</td>"


def jpeg(square: NDArray[np.uint8], side: int) -> str:
    """A picture ``(224, 224, 3)`` as the address of a JPEG of ``side`` px that lies in the page itself."""
    file = io.BytesIO()
    Image.fromarray(square).resize((side, side), Image.Resampling.LANCZOS).save(file, "JPEG", quality=72)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


def figure(square: NDArray[np.uint8], caption: str, side: int = 96, mark: str = "") -> str:
    """A picture with words below; ``mark`` is "right", "wrong" or ""."""
    return (
        f'<figure class="{mark}"><img src="{jpeg(square, side)}" width="{side}" height="{side}" '
        f'alt="{text(caption)}"><figcaption>{text(caption)}</figcaption></figure>'
    )


def sheet(figures: Iterable[str]) -> str:
    """Pictures side by side."""
    return f'<div class="sheet">{"".join(figures)}</div>'
