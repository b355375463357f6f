"""A contact sheet: styles down, categories across, for each department. Imports items and Pillow."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from scripts.wardrobe.items import WardrobeItem, draw
from scripts.wardrobe.styles import CATEGORIES, STYLES

_LABEL = 64
_HEAD = 26


def contact_sheet(departments: tuple[str, ...], seed: int = 7, each: int = 1, cell: int = 112) -> Image.Image:
    """One picture with up to `each` products for every style and category, labelled."""
    parts = [_department(name, seed, each, cell) for name in departments]
    out = Image.new("RGB", (max(p.width for p in parts), sum(p.height for p in parts)), (255, 255, 255))
    y = 0
    for part in parts:
        out.paste(part, (0, y))
        y += part.height
    return out


def _department(department: str, seed: int, each: int, cell: int) -> Image.Image:
    categories = CATEGORIES[department]
    shown: dict[tuple[str, str], list[WardrobeItem]] = {}
    seen: set[str] = set()
    for item in draw(department, 170 * each, seed):
        box = shown.setdefault((item.style, item.category), [])
        if len(box) < each and item.group_id not in seen:
            seen.add(item.group_id)
            box.append(item)
    out = Image.new(
        "RGB", (_LABEL + cell * len(categories), _HEAD + cell * each * len(STYLES)), (255, 255, 255)
    )
    pen, font = ImageDraw.Draw(out), ImageFont.load_default(13)
    pen.text((4, 6), department, fill=(30, 30, 30), font=font)
    for i, category in enumerate(categories):
        pen.text((_LABEL + i * cell + 24, 6), category, fill=(30, 30, 30), font=font)
    for j, style in enumerate(STYLES):
        y = _HEAD + j * cell * each
        pen.text((4, y + cell // 2), style, fill=(30, 30, 30), font=font)
        for i, category in enumerate(categories):
            for k, item in enumerate(shown.get((style, category), [])):
                out.paste(
                    item.image.resize((cell, cell), Image.Resampling.LANCZOS),
                    (_LABEL + i * cell, y + k * cell),
                )
        pen.line((0, y, out.width, y), fill=(226, 226, 226))
    return out


def write_sheet(path: Path, departments: tuple[str, ...], seed: int = 7) -> None:
    """Writes the sheet as PNG, whole or not at all."""
    data = io.BytesIO()
    contact_sheet(departments, seed, each=2).save(data, "PNG")
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data.getvalue())
    draft.replace(path)
