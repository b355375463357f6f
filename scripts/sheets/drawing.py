"""One shopper's sheet: the likes, then every step's list as a row of pictures. Pillow."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from scripts.sheets.lists import LENGTH, Shopper, repeated
from scripts.sheets.shop import Shop
from shared.likeness import Entry

CELL = 104
CAPTION = 15
MARGIN = 144  # for the name of a row
ROW = CELL + CAPTION + 11
INK, FAINT = (30, 30, 30), (226, 226, 226)
REPEATED, SURPRISE = (208, 2, 27), (25, 90, 200)


def sheet(shop: Shop, shopper: Shopper, steps: dict[str, list[Entry]]) -> Image.Image:
    """The sheet. Near-duplicates of what stands above or is liked are framed red, surprises blue."""
    page = Image.new("RGB", (MARGIN + LENGTH * CELL, ROW * (1 + len(steps))), "white")
    pen = ImageDraw.Draw(page)
    _name(pen, 0, "likes", "")
    for place, like in enumerate(shopper.liked.tolist()):
        _cell(page, shop, (place, 0), like, shop.items.category[like] or "", None)
    for number, (name, entries) in enumerate(steps.items(), start=1):
        again = repeated(shop, shopper, entries)
        _name(pen, number, name, f"{sum(again)} near-duplicates" if any(again) else "")
        for place, (entry, repeats) in enumerate(zip(entries, again, strict=True)):
            surprise = entry.kind == "explore"
            frame = REPEATED if repeats else SURPRISE if surprise else None
            caption = f"{'duplicate' if repeats else entry.kind} {entry.score:.3f}"
            _cell(page, shop, (place, number), entry.row, caption, frame)
    return page


def _name(pen: ImageDraw.ImageDraw, row: int, name: str, note: str) -> None:
    top = row * ROW
    pen.line((0, top, MARGIN + LENGTH * CELL, top), fill=FAINT)
    pen.text((8, top + CELL // 2 - 8), name, fill=INK, font=ImageFont.load_default(14))
    pen.text((8, top + CELL // 2 + 12), note, fill=REPEATED, font=ImageFont.load_default(11))


def _cell(
    page: Image.Image,
    shop: Shop,
    place: tuple[int, int],
    item: int,
    caption: str,
    frame: tuple[int, int, int] | None,
) -> None:
    pen = ImageDraw.Draw(page)
    left, top = MARGIN + place[0] * CELL, place[1] * ROW + 5
    picture = Image.fromarray(shop.squares[item]).resize((CELL - 8, CELL - 8), Image.Resampling.LANCZOS)
    page.paste(picture, (left + 4, top + 4))
    if frame:
        pen.rectangle((left + 1, top + 1, left + CELL - 3, top + CELL - 3), outline=frame, width=3)
    font = ImageFont.load_default(11)
    while font.getlength(caption) > CELL - 8:
        caption = caption[:-1]
    pen.text((left + 4, top + CELL), caption, fill=frame or INK, font=font)


def save(page: Image.Image, path: Path) -> None:
    """Write a sheet as JPEG."""
    page.save(path, "JPEG", quality=72, optimize=True)
