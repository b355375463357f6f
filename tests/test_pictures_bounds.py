"""The decoder's bounds: 5,000 damaged pictures, and the largest ones it takes, in processes of their own."""

import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shared import pictures
from shared.errors import DamagedPicture, TooManyPixels
from shared.pictures import square
from tests.fuzz import damaged, seeds

ROOT = Path(__file__).resolve().parents[1]
MEMORY = 512  # MiB resident, Python and numpy included


def fuzz(*options: str) -> list[str]:
    """The words that ``tests.fuzz`` ends with."""
    command = [sys.executable, "-m", "tests.fuzz", *options]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert found.returncode == 0, found.stderr
    return found.stdout.split()


def encoded(image: Image.Image, format: str, **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def test_five_thousand_damaged_pictures_are_decoded_or_refused(tmp_path):
    words = fuzz("--count", "5000", "--seed", "5", "--out", str(tmp_path / "culprit"))
    counts = dict(zip(words[1::2], map(int, words[0::2]), strict=True))
    assert counts.pop("MiB") < MEMORY
    assert sum(counts.values()) == 5000
    assert min(counts["decoded"], counts["DamagedPicture"], counts["NotAPicture"]) > 100
    assert counts["TooManyPixels"] > 10


def test_the_same_seed_makes_the_same_pictures():
    first, again = damaged(1), damaged(1)
    assert [next(first) for _ in range(50)] == [next(again) for _ in range(50)]


def test_every_seed_is_a_good_picture():
    for data in seeds():
        assert square(data).std() > 0


# Pictures at the caps, of the kinds that take the most memory. Flat ones, which are quick to make: what a
# decoder allocates is told by the header. What is left up to the cap on bytes is padding that it has to hold.


def flat(mode: str, size: tuple[int, int] = (8_000, 5_000)) -> Image.Image:
    return Image.new(mode, size, {"I;16": 4_660, "CMYK": (0, 90, 90, 20), "P": 1}.get(mode, 120))


def squares(size: tuple[int, int]) -> Image.Image:
    """What does not compress to nothing, with an alpha of its own."""
    noise = np.random.default_rng(0).integers(0, 256, (size[1] // 50, size[0] // 50, 4), np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.NEAREST)


WEBP = (6_250, 4_000)
LARGEST: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(flat("RGB"), "JPEG"),
    "progressive JPEG in CMYK": lambda: encoded(flat("CMYK"), "JPEG", progressive=True),
    "PNG with alpha": lambda: encoded(flat("RGBA"), "PNG", compress_level=1),
    "grey PNG with alpha": lambda: encoded(flat("LA"), "PNG", compress_level=1),
    "16-bit PNG": lambda: encoded(flat("I;16"), "PNG", compress_level=1, transparency=4_660),
    "clear palette": lambda: encoded(flat("P"), "PNG", compress_level=1, transparency=bytes(2)),
    "WebP": lambda: encoded(squares(WEBP).convert("RGB"), "WEBP", method=0),
    "lossless WebP with alpha": lambda: encoded(squares(WEBP), "WEBP", lossless=True, quality=0, method=0),
    "animated WebP": lambda: encoded(
        squares(WEBP), "WEBP", method=0, save_all=True, append_images=[flat("RGBA", WEBP)]
    ),
}


@pytest.mark.parametrize("kind", LARGEST)
def test_the_largest_pictures_fit_into_memory(kind, tmp_path):
    data = LARGEST[kind]()
    (tmp_path / "picture").write_bytes(data + bytes(pictures.MAX_BYTES - len(data)))
    what, peak, _ = fuzz("--file", str(tmp_path / "picture"))
    assert what == "decoded"
    assert int(peak) < MEMORY


def png_with(kind: bytes, body: bytes) -> bytes:
    """A small PNG with one more chunk after its header."""
    data = encoded(Image.new("RGB", (8, 8)), "PNG")
    chunk = len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
    return data[:33] + chunk + data[33:]


@pytest.fixture(scope="module")
def zeros() -> bytes:
    """A gigabyte in a megabyte."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(1 << 10)) + packer.flush()


@pytest.mark.parametrize(("kind", "head"), [(b"zTXt", b"bomb\0\0"), (b"iCCP", b"bomb\0\0"), (b"IDAT", b"")])
def test_a_gigabyte_of_zeros_is_not_unpacked(kind, head, zeros, tmp_path):
    (tmp_path / "picture").write_bytes(png_with(kind, head + zeros))
    what, peak, _ = fuzz("--file", str(tmp_path / "picture"))
    assert what in ("decoded", "DamagedPicture")
    assert int(peak) < MEMORY


# caps


def test_webp_has_a_cap_of_its_own():
    with pytest.raises(TooManyPixels, match=r"expected at most 25000000 pixels .* found 6251 x 4000"):
        square(encoded(flat("RGB", (6_251, 4_000)), "WEBP", method=0))


@pytest.mark.parametrize("size", [(895, 600), (1_201, 1_603), (1_999, 901), (4_001, 2_999), (3_003, 17)])
def test_a_jpeg_that_is_scaled_while_it_is_decoded_looks_the_same(size):
    """Coloured tiles, decoded whole by Pillow and shrunk as any other picture: as good as the same pixels."""
    data = encoded(squares((1_000, 1_000)).convert("RGB").resize(size), "JPEG", quality=92)
    whole = BytesIO()
    Image.open(BytesIO(data)).save(whole, "PNG", compress_level=1)
    difference = np.abs(square(data).astype(int) - square(whole.getvalue()))
    assert difference.mean() < 1
    assert np.quantile(difference, 0.99) <= 6


def test_the_border_of_a_scaled_jpeg_stays_where_it_is():
    """Two halves of different colours, of a side that no power of two divides."""
    image = Image.new("RGB", (4_002, 4_002), (200, 40, 40))
    image.paste((30, 60, 190), (2_001, 0, 4_002, 4_002))
    found = square(encoded(image, "JPEG", quality=95)).astype(int)
    assert np.abs(found[:, :110] - (200, 40, 40)).max() <= 3
    assert np.abs(found[:, 114:] - (30, 60, 190)).max() <= 3


def test_a_jpeg_of_too_many_scans_is_refused():
    """Each scan is a pass over all pixels, and costs the sender a few bytes."""
    data = encoded(squares((400, 400)).convert("RGB"), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    known = data.count(b"\xff\xda")
    square(data[:-2] + scan * (pictures.MAX_SCANS - known) + data[-2:])
    with pytest.raises(DamagedPicture, match="expected a JPEG of at most 100 scans, found 101"):
        square(data[:-2] + scan * (pictures.MAX_SCANS - known + 1) + data[-2:])


# polyglots: what a picture's bytes are besides a picture is nothing to the decoder


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("other", [b"PK\3\4 an archive", b"<script>alert(1)</script>", b"%PDF-1.7"])
def test_what_follows_a_picture_changes_nothing(format, other):
    data = encoded(squares((100, 100)).convert("RGB"), format)
    np.testing.assert_array_equal(square(data + other), square(data))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_profile_and_an_orientation_go_together_in_cmyk(orientation):
    """An ICC profile is ignored, EXIF is not."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = flat("CMYK", (300, 200))
    image.paste((0, 0, 0, 0), (0, 0, 150, 100))
    plain = square(encoded(image, "JPEG", exif=exif))
    np.testing.assert_array_equal(square(encoded(image, "JPEG", exif=exif, icc_profile=bytes(400))), plain)
    corner = {1: (50, 20), 2: (50, 200), 3: (170, 200), 4: (170, 20), 5: (20, 50), 6: (20, 170),
              7: (200, 170), 8: (200, 50)}[orientation]  # fmt: skip
    assert (plain[corner] > 250).all()
