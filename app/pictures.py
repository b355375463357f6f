"""Where an item's picture is, and the route that serves it at the size shown.

``GET /pictures/womenswear?item=a1&width=320`` is the newest ``womenswear/a1.<jpg|jpeg|png|webp>`` of IMAGES:
from a folder as a small JPEG, from a bucket as the redirect to a signed address.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from anyio import to_thread
from PIL import Image, ImageOps
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

DEPARTMENTS = ("womenswear", "menswear")
ENDINGS = ("jpg", "jpeg", "png", "webp")
WIDTHS = (160, 320, 640, 960)  # pixels
MAX_PIXELS = 40_000_000  # of a picture, as the functions have it
FRESH = 3600  # seconds for which a browser does not ask again
KEPT = 2000  # small pictures held in memory, about 20 kB each

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class NoPicture(Exception):
    """The images have nothing of that name that can be shown."""


class Pictures(Protocol):
    """The pictures of a shop."""

    def small(self, department: str, item_id: str, width: int) -> tuple[str, bytes | str]:
        """What it is now, a tag that changes with it, and the bytes of a JPEG at most ``width`` pixels wide,
        or the address of the picture. Raises NoPicture."""

    def names(self, department: str) -> Iterator[str]:
        """Item ids that have a picture, in no order."""


class FolderPictures:
    """Pictures in a folder; small ones are made once and kept in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._small = lru_cache(KEPT)(smaller)

    def small(self, department: str, item_id: str, width: int) -> tuple[str, bytes | str]:
        path, changed = self._newest(department, item_id)
        return f"{changed:x}-{width}", self._small(path, changed, width)

    def names(self, department: str) -> Iterator[str]:
        try:
            with os.scandir(self._folder / department) as entries:
                for entry in entries:
                    stem, _, ending = entry.name.rpartition(".")
                    if stem and ending.lower() in ENDINGS and not stem.startswith("."):
                        yield stem
        except OSError:
            return

    def _newest(self, department: str, item_id: str) -> tuple[Path, int]:
        """The item's newest picture, as the catalogue has it, and when its content changed."""
        found: list[tuple[int, Path]] = []
        for ending in (*ENDINGS, *(ending.upper() for ending in ENDINGS)):
            path = self._folder / department / f"{item_id}.{ending}"
            try:
                found.append((path.stat().st_ctime_ns, path))
            except (OSError, ValueError):
                continue
        if not found or item_id.startswith("."):
            raise NoPicture(f"expected a picture of {department}/{item_id}, found none")
        changed, path = max(found)
        return path, changed


def smaller(path: Path, changed: int, width: int) -> bytes:
    """A picture as a JPEG of at most ``width`` pixels, upright, on white. Raises NoPicture."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NoPicture(f"expected at most {MAX_PIXELS} pixels, found {image.width} x {image.height}")
            image.draft("RGB", (width * 2, width * 2))  # a JPEG is decoded at about the size that is needed
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((width, width * 4), Image.Resampling.LANCZOS)
            if upright.mode in ("RGBA", "LA", "PA", "P"):
                upright = upright.convert("RGBA")
                white = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(white, upright)
            out = BytesIO()
            upright.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
            return out.getvalue()
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPicture(f"expected a picture, found: {type(error).__name__}") from error


def address(department: str, item_id: str, width: int) -> str:
    """The path of an item's picture on this server; ``width`` is one of WIDTHS."""
    return f"/pictures/{department}?{urlencode({'item': item_id, 'width': width})}"


def samples(pictures: Pictures, department: str, count: int) -> list[str]:
    """A few item ids of a department that have a picture, the same ones while the first 200 stay."""
    some = sorted({*islice(pictures.names(department), 200)})
    return some[:: max(1, len(some) // count)][:count]


def route(pictures: Pictures) -> Route:
    """The route that serves pictures: 200, 302, 304, or 404 and 400 in plain text."""

    async def picture(request: Request) -> Response:
        department, item_id = request.path_params["department"], request.query_params.get("item", "")
        width = request.query_params.get("width", "")
        if width not in map(str, WIDTHS):
            return Response(f"width: expected one of {', '.join(map(str, WIDTHS))}, found another", 400)
        if department not in DEPARTMENTS or not 0 < len(item_id) <= 200 or set(item_id) & {"/", "\0"}:
            return Response("expected a department and an item, found another", 404)
        try:
            tag, found = await to_thread.run_sync(pictures.small, department, item_id, int(width))
        except NoPicture as error:
            return Response(str(error), 404, media_type="text/plain")
        if isinstance(found, str):
            # Half of the time that the address is good for, so that no browser keeps a dead one.
            return RedirectResponse(found, 302, headers={"Cache-Control": f"private, max-age={FRESH // 2}"})
        headers = {"ETag": f'"{tag}"', "Cache-Control": f"public, max-age={FRESH}"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(found, media_type="image/jpeg", headers=headers)

    return Route("/pictures/{department}", picture, methods=["GET"])
