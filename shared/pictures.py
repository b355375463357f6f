"""The one decoder: bytes of a JPEG, PNG or WebP to the array the networks see, in training and serving.

Caps are checked on the header, before pixels are decoded; the first frame of an animation counts; EXIF
orientation is applied; any mode becomes RGB on white (colour profiles are ignored); the longest side
becomes 224 by Pillow's antialiased bicubic filter at full precision, and the rest is padded white with
the picture in the middle. Bicubic, because Lanczos rings at the edge of a garment on white. Imports
Pillow and numpy.

A large JPEG is decoded at a half, a quarter or an eighth of its size, by libjpeg's own scaling, never below
twice the 224. So a process that does nothing else stays under 512 MiB, whatever the bytes; WebP, whose
decoder keeps several copies, has a lower cap.
"""

import threading
import warnings
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from shared.errors import DamagedPicture, EmptyPicture, NotAPicture, PictureTooLarge, TooManyPixels

SIZE = 224
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_WEBP_PIXELS = 25_000_000  # its decoder takes 16 to 17 bytes a pixel, JPEG's and PNG's at most 10
SCALED_SIDE = 2 * SIZE  # what the longest side of a JPEG is decoded to at least
MAX_SCANS = 100  # of a JPEG; a progressive one has about ten, and each costs a pass over all pixels
MAX_SIDE = 65_535  # of a JPEG; a longer PNG would cost the resize filter gigabytes of coefficients
BAND_PIXELS = 1_000_000
EXTENSIONS = ("jpg", "jpeg", "png", "webp")

_ORIENTATION = 0x0112
_UPRIGHT: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# normalised value of each level 0..255 of each channel: the same bits whatever the batch or the machine
_MEAN, _DEVIATION = np.array(MEAN)[:, None], np.array(DEVIATION)[:, None]
_LEVELS = ((np.arange(256) / 255 - _MEAN) / _DEVIATION).astype(np.float32)  # (3, 256)

# One picture at a time: Pillow warns of odd metadata, warnings can only be silenced for the whole
# process, and it keeps the memory of a process at that of one picture.
_decoding = threading.Lock()


def decode(data: bytes | memoryview) -> NDArray[np.float32]:
    """The picture as ``(3, 224, 224)`` float32, C-contiguous, ImageNet mean and deviation.

    Raises EmptyPicture, PictureTooLarge, NotAPicture, TooManyPixels or DamagedPicture.
    """
    return normalise(square(data))


def normalise(squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Squares ``(..., 224, 224, 3)`` to what the networks take: ``(..., 3, 224, 224)`` float32."""
    planes = np.moveaxis(squares, -1, -3)
    result = np.empty(planes.shape, np.float32)
    for channel in range(3):
        result[..., channel, :, :] = _LEVELS[channel][planes[..., channel, :, :]]
    return result


def square(data: bytes | memoryview) -> NDArray[np.uint8]:
    """The picture as RGB ``(224, 224, 3)`` uint8, upright, whole, in the middle of white.

    Raises EmptyPicture, PictureTooLarge, NotAPicture, TooManyPixels or DamagedPicture.
    """
    if len(data) == 0:
        raise EmptyPicture("expected a picture, found 0 bytes")
    if len(data) > MAX_BYTES:
        raise PictureTooLarge(f"expected at most {MAX_BYTES} bytes, found {len(data)}")
    plugin = _plugin(bytes(data[:16]))
    cap = MAX_WEBP_PIXELS if plugin is WebPImageFile else MAX_PIXELS
    if plugin is WebPImageFile:
        _check_size(_webp_canvas(bytes(data[:30])), cap)  # its decoder allocates the canvas when it is made
    elif plugin is JpegImageFile:
        _check_scans(data)
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # the plugin itself, not Image.open: no other format is ever tried, and no global limit
            with plugin(BytesIO(data)) as image:
                _check_size(image.size, cap)
                whole = image.size
                scaled = image.draft(None, _least(whole)) if isinstance(image, JpegImageFile) else None
                image.load()
                return _padded(image, _turn(image), whole, scaled[1] if scaled else None)
        except (TooManyPixels, MemoryError):
            raise
        except Exception as error:  # Pillow raises nearly anything on bytes that are not what they claim
            raise DamagedPicture(f"expected a whole {plugin.format} picture, found: {error}") from error


def _plugin(head: bytes) -> type[ImageFile]:
    if head.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WebPImageFile
    raise NotAPicture(f"expected a JPEG, PNG or WebP picture, found bytes that start with {head!r}")


def _webp_canvas(head: bytes) -> tuple[int, int]:
    """Width and height from a WebP's first 30 bytes (RFC 9649, sections 2.5 to 2.7)."""
    kind = head[12:16]
    if kind == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if len(head) == 30:
        if kind == b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
        if kind == b"VP8 ":
            width, height = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
            return width & 0x3FFF, height & 0x3FFF
    raise DamagedPicture(f"expected a whole WEBP picture, found a first chunk {kind!r} of {len(head)} bytes")


def _check_size(size: tuple[int, int], cap: int) -> None:
    width, height = size
    if width * height > cap or max(size) > MAX_SIDE:
        raise TooManyPixels(f"expected at most {cap} pixels and {MAX_SIDE} a side, found {width} x {height}")


def _check_scans(data: bytes | memoryview) -> None:
    scans = bytes(data).count(
        b"\xff\xda"
    )  # the marker that starts one; in the pixels' own bytes it cannot be
    if scans > MAX_SCANS:
        raise DamagedPicture(f"expected a JPEG of at most {MAX_SCANS} scans, found {scans}")


def _turn(image: ImageFile) -> Image.Transpose | None:
    try:
        return _UPRIGHT.get(image.getexif().get(_ORIENTATION))
    except Exception:  # broken metadata says nothing; the picture itself is fine
        return None


def _least(whole: tuple[int, int]) -> tuple[int, int]:
    """The least size that a JPEG may be scaled to."""
    width, height = (max(1, -(-side * SCALED_SIDE // max(whole))) for side in whole)
    return width, height


def _padded(
    image: Image.Image,
    turn: Image.Transpose | None,
    whole: tuple[int, int],
    box: tuple[float, float, float, float] | None,
) -> NDArray[np.uint8]:
    """``whole`` is the picture's size before it was scaled, ``box`` what of the scaled one belongs to it."""
    image = _on_white(image)
    scale = SIZE / max(whole)
    width, height = (max(1, round(side * scale)) for side in whole)
    image = image.resize((width, height), Image.Resampling.BICUBIC, box, reducing_gap=None)
    if turn is not None:
        image = image.transpose(turn)
    result = np.full((SIZE, SIZE, 3), 255, np.uint8)
    left, top = (SIZE - image.width) // 2, (SIZE - image.height) // 2
    result[top : top + image.height, left : left + image.width] = np.asarray(image)
    return result


def _on_white(image: Image.Image) -> Image.Image:
    """RGB of any mode a JPEG, PNG or WebP can have, band by band, so that no second whole copy is made."""
    if image.mode == "RGB" and not image.has_transparency_data:
        return image
    white = Image.new("RGB", image.size, "white")
    rows = max(1, BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        if band.mode.startswith("I"):
            band = _grey(band)
        elif band.has_transparency_data and band.mode != "RGBA":
            band = band.convert("RGBA")
        white.paste(band, (0, top), band if band.mode == "RGBA" else None)
    return white


def _grey(band: Image.Image) -> Image.Image:
    """16-bit grey by the high byte of each sample, the transparent one white."""
    grey = np.asarray(band)
    clear = grey == band.info.get("transparency", -1)
    return Image.fromarray(np.where(clear, 255, grey >> 8).astype(np.uint8))
