"""The decoder: every mode, orientation and animation it takes, and every refusal."""

import struct
import threading
import warnings
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shared import pictures
from shared.errors import (
    DamagedPicture,
    EmptyPicture,
    NotAPicture,
    PictureRefused,
    PictureTooLarge,
    TooManyPixels,
)
from shared.pictures import decode, normalise, square

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def encoded(image: Image.Image, format: str, **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def plain(colour, size=(40, 40), mode="RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def corners() -> Image.Image:
    """300 x 200: red top left, green top right, blue bottom left, black bottom right."""
    image = Image.new("RGB", (300, 200), BLACK)
    image.paste(RED, (0, 0, 150, 100))
    image.paste(GREEN, (150, 0, 300, 100))
    image.paste(BLUE, (0, 100, 150, 200))
    return image


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows: bytes, *extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [
        png_chunk(b"IHDR", header),
        *extra,
        png_chunk(b"IDAT", zlib.compress(rows)),
        png_chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def is_colour(pixel, colour, tolerance=0) -> bool:
    return bool(np.abs(np.asarray(pixel, int) - colour).max() <= tolerance)


# what comes out


def test_a_decoded_picture_is_one_contiguous_float32_array():
    array = decode(encoded(plain(RED), "PNG"))
    assert array.shape == (3, 224, 224)
    assert array.dtype == np.float32
    assert array.flags.c_contiguous


def test_levels_are_normalised_by_imagenet_mean_and_deviation():
    array = decode(encoded(plain((255, 0, 128)), "PNG"))
    expected = [(1 - 0.485) / 0.229, (0 - 0.456) / 0.224, (128 / 255 - 0.406) / 0.225]
    np.testing.assert_allclose(array[:, 112, 112], expected, rtol=1e-6)


def test_training_and_serving_see_the_same_array():
    data = encoded(corners(), "JPEG")
    assert decode(data).tobytes() == normalise(square(data)).tobytes()


def test_a_batch_is_normalised_as_each_of_its_pictures():
    squares = np.stack([square(encoded(corners(), "PNG")), square(encoded(plain(BLUE), "PNG"))])
    batch = normalise(squares)
    assert batch.shape == (2, 3, 224, 224)
    assert batch.flags.c_contiguous
    for one, many in zip(squares, batch, strict=True):
        assert normalise(one).tobytes() == many.tobytes()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_the_same_bytes_give_the_same_array(width, height, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    data = encoded(Image.fromarray(noise), "PNG")
    assert decode(data).tobytes() == decode(memoryview(bytearray(data))).tobytes()


def test_threads_decode_the_same_array():
    data, results = encoded(corners(), "JPEG"), []
    threads = [threading.Thread(target=lambda: results.append(decode(data).tobytes())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [decode(data).tobytes()] * 8


def test_a_square_of_224_is_not_resampled():
    noise = np.random.default_rng(1).integers(0, 256, (224, 224, 3), np.uint8)
    np.testing.assert_array_equal(square(encoded(Image.fromarray(noise), "PNG")), noise)


def test_the_longest_side_becomes_224_and_the_rest_is_white():
    wide = square(encoded(plain(RED, (448, 224)), "PNG"))
    np.testing.assert_array_equal(wide[56:168], np.broadcast_to(RED, (112, 224, 3)))
    np.testing.assert_array_equal(wide[:56], 255)
    np.testing.assert_array_equal(wide[168:], 255)
    tall = square(encoded(plain(RED, (224, 448)), "PNG"))
    np.testing.assert_array_equal(tall, wide.transpose(1, 0, 2))


def test_fine_stripes_are_averaged_not_sampled():
    stripes = np.zeros((2240, 2240, 3), np.uint8)
    stripes[:, ::2] = 255
    middle = square(encoded(Image.fromarray(stripes), "PNG"))[20:-20, 20:-20]
    assert np.abs(middle.astype(int) - 128).max() <= 2


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_each_format_is_read(format):
    found = square(encoded(corners(), format))
    for place, colour in {(60, 20): RED, (60, 200): GREEN, (160, 20): BLUE, (160, 200): BLACK}.items():
        assert is_colour(found[place], colour, tolerance=8), (place, found[place])
    assert is_colour(found[5, 112], WHITE)


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 2)])
def test_tiny_pictures_are_enlarged(size):
    found = square(encoded(plain(BLUE, size), "PNG"))
    assert is_colour(found[112, 112], BLUE)


@pytest.mark.parametrize("size", [(20_000, 2), (2, 20_000), (65_535, 1)])
def test_extreme_shapes_become_a_line(size):
    found = square(encoded(plain(BLUE, size), "PNG"))
    line = found[111:113] if size[0] > size[1] else found[:, 111:113]
    assert (line == BLUE).all(axis=-1).sum() == 224
    assert (found == BLUE).all(axis=-1).sum() == 224


# modes


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [("L", 100, (100,) * 3), ("1", 1, WHITE), ("1", 0, BLACK), ("RGB", (9, 80, 170), (9, 80, 170))],
)
def test_grey_and_black_and_white_become_rgb(mode, colour, expected):
    assert is_colour(square(encoded(plain(colour, mode=mode), "PNG"))[112, 112], expected)


def test_a_palette_becomes_rgb():
    image = corners().quantize(4)
    assert image.mode == "P"
    assert is_colour(square(encoded(image, "PNG"))[60, 20], RED)


@pytest.mark.parametrize(("colour", "expected"), [((0, 255, 255, 0), RED), ((0, 0, 0, 255), BLACK)])
def test_cmyk_becomes_rgb(colour, expected):
    data = encoded(plain(colour, mode="CMYK"), "JPEG")
    assert Image.open(BytesIO(data)).mode == "CMYK"
    assert is_colour(square(data)[112, 112], expected, tolerance=3)


def test_grey_jpeg_becomes_rgb():
    assert is_colour(square(encoded(plain(77, mode="L"), "JPEG"))[112, 112], (77,) * 3, tolerance=1)


def test_sixteen_bit_grey_keeps_its_high_byte():
    image = Image.fromarray(np.full((30, 30), 0x80FF, np.uint16))
    assert is_colour(square(encoded(image, "PNG"))[112, 112], (0x80,) * 3)


def test_sixteen_bit_colour_keeps_its_high_byte():
    row = b"\0" + struct.pack(">HHH", 0xFFFF, 0x8010, 0x00FF) * 4
    assert is_colour(square(png(4, 4, 16, 2, row * 4))[112, 112], (0xFF, 0x80, 0x00))


@pytest.mark.parametrize(
    ("depth", "clear", "grey"),
    [(16, 0x1234, 0x4000), (8, 18, 64), (1, 0, 1)],
    ids=["16 bit", "8 bit", "1 bit"],
)
def test_the_transparent_grey_of_a_png_is_white(depth, clear, grey):
    pixels = {16: struct.pack(">16H", *[clear] * 8, *[grey] * 8), 8: b"\x12" * 8 + b"\x40" * 8, 1: b"\0\xff"}
    found = square(png(16, 1, depth, 0, b"\0" + pixels[depth], png_chunk(b"tRNS", struct.pack(">H", clear))))
    assert is_colour(found[112, 10], WHITE)
    assert is_colour(found[112, 213], WHITE if depth == 1 else (64,) * 3)


def test_the_transparent_colour_of_a_png_is_white():
    row = b"\0" + bytes([*RED, *BLUE])
    found = square(png(2, 1, 8, 2, row, png_chunk(b"tRNS", struct.pack(">HHH", *RED))))
    assert is_colour(found[112, 5], WHITE, tolerance=12)
    assert is_colour(found[112, 218], BLUE, tolerance=12)


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_transparency_is_laid_on_white(format):
    clear = encoded(
        plain((255, 0, 0, 0), mode="RGBA"), format, **({"exact": True} if format == "WEBP" else {})
    )
    np.testing.assert_array_equal(square(clear), 255)
    half = encoded(plain((255, 0, 0, 127), mode="RGBA"), format)
    assert is_colour(square(half)[112, 112], (255, 128, 128), tolerance=4)


def test_transparent_grey_is_laid_on_white():
    assert is_colour(square(encoded(plain((0, 0), mode="LA"), "PNG"))[112, 112], WHITE)
    assert is_colour(square(encoded(plain((0, 255), mode="LA"), "PNG"))[112, 112], BLACK)


@pytest.mark.parametrize("alpha", [0, bytes([0, 255])], ids=["one index", "a table"])
def test_a_transparent_palette_is_laid_on_white(alpha):
    image = Image.new("P", (40, 20), 0)
    image.putpalette([*RED, *BLUE])
    image.paste(1, (20, 0, 40, 20))
    found = square(encoded(image, "PNG", transparency=alpha))
    assert is_colour(found[112, 20], WHITE)
    assert is_colour(found[112, 200], BLUE)


# orientation


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_end_upright(format, orientation):
    upright = corners()
    # the file is stored so that the orientation's own turn makes it upright again
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95} if format == "JPEG" else {"lossless": True} if format == "WEBP" else {}
    turned = square(encoded(stored, format, exif=exif, **options)).astype(int)
    plainly = square(encoded(upright, format, **options)).astype(int)
    assert np.abs(turned - plainly).mean() < (1.0 if format == "JPEG" else 0.1)
    for place, colour in {(60, 20): RED, (60, 200): GREEN, (160, 20): BLUE, (160, 200): BLACK}.items():
        assert is_colour(turned[place], colour, tolerance=8)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    np.testing.assert_array_equal(
        square(encoded(corners(), "PNG", exif=exif)), square(encoded(corners(), "PNG"))
    )


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"]
)
def test_broken_exif_is_no_reason_to_refuse(exif):
    np.testing.assert_array_equal(
        square(encoded(corners(), "JPEG", exif=exif)), square(encoded(corners(), "JPEG"))
    )


# animations


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_the_first_frame_of_an_animation_counts(format):
    frames = {"save_all": True, "append_images": [plain(BLUE), plain(GREEN)], "duration": 50}
    options = {"lossless": True} if format == "WEBP" else {}
    data = encoded(plain(RED), format, **frames, **options)
    with Image.open(BytesIO(data)) as image:
        assert image.n_frames == 3
    assert is_colour(square(data)[112, 112], RED)


# refusals


def test_no_bytes_are_refused():
    with pytest.raises(EmptyPicture, match="expected a picture, found 0 bytes"):
        decode(b"")


@pytest.mark.parametrize(
    "data",
    [
        b"This is no picture at all.",
        b"\xff\xd8",
        b"\x89PNG",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"%PDF-1.7",
        b"\0" * 99,
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(
        NotAPicture, match="expected a JPEG, PNG or WebP picture, found bytes that start with"
    ):
        decode(data)


@pytest.mark.parametrize("format", ["GIF", "BMP", "TIFF", "PPM", "ICO", "JPEG2000"])
def test_other_formats_are_refused(format):
    with pytest.raises(NotAPicture):
        decode(encoded(plain(RED), format))


def test_too_many_bytes_are_refused_before_they_are_looked_at():
    with pytest.raises(PictureTooLarge, match="expected at most 20971520 bytes, found 20971521"):
        decode(b"\xff" * (20 * 1024 * 1024 + 1))


def test_twenty_mebibytes_are_not_too_many():
    data = encoded(plain(RED), "JPEG")
    assert is_colour(square(data + b"\0" * (pictures.MAX_BYTES - len(data)))[112, 112], RED, tolerance=3)


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG of one colour whose frame header lies about its size."""
    data = encoded(plain(RED, (16, 16)), "JPEG")
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def webp_header(kind: bytes, width: int, height: int) -> bytes:
    if kind == b"VP8X":
        body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little") + bytes(5)
    else:
        body = b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunk = kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


BOMBS = {
    "jpeg": jpeg_header(30_000, 30_000),
    "png": png(30_000, 30_000, 8, 2, b""),
    "webp lossy": webp_header(b"VP8 ", 16_000, 16_000),
    "webp lossless": webp_header(b"VP8L", 16_000, 16_000),
    "webp extended": webp_header(b"VP8X", 30_000, 30_000),
    "long png": png(40_000_000, 1, 1, 0, b""),
    "one row too many": png(8_000, 5_001, 8, 0, b""),
}


@pytest.mark.parametrize("name", BOMBS)
def test_too_many_pixels_are_refused_without_decoding_them(name):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(
            TooManyPixels, match=r"expected at most [24][50]000000 pixels and 65535 a side, found \d+ x"
        ):
            decode(BOMBS[name])
    assert not warned


def test_forty_megapixels_are_not_too_many():
    """A real picture at the cap: Pillow's own limits, which start lower for warnings, play no part."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        found = square(encoded(plain(1, (8_000, 5_000), "1"), "PNG"))
    np.testing.assert_array_equal(found, 255)
    assert not warned


@pytest.mark.parametrize("limit", [None, 1, 100])
def test_the_caps_do_not_depend_on_pillows_global_limit(limit):
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, limit
    try:
        for format in ("JPEG", "PNG"):
            assert is_colour(square(encoded(plain(RED), format))[112, 112], RED, tolerance=3)
        with pytest.raises(TooManyPixels):
            decode(BOMBS["png"])
    finally:
        Image.MAX_IMAGE_PIXELS = before


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_pictures_are_refused(format, share):
    noise = np.random.default_rng(0).integers(0, 256, (100, 100, 3), np.uint8)
    data = encoded(Image.fromarray(noise), format)
    with pytest.raises(DamagedPicture, match=f"expected a whole {format} picture, found"):
        decode(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP", BOMBS["jpeg"][:40]]
)
def test_a_head_alone_is_damaged(head):
    with pytest.raises(DamagedPicture):
        decode(head)


def test_a_jpeg_of_no_size_is_damaged():
    with pytest.raises(DamagedPicture):
        decode(jpeg_header(0, 10))


def test_a_wrong_checksum_is_damaged():
    data = bytearray(encoded(plain(RED), "PNG"))
    data[20] ^= 1  # in the header's width
    with pytest.raises(DamagedPicture):
        decode(bytes(data))


SEEDS = [encoded(corners(), format) for format in ("JPEG", "PNG", "WEBP")]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_any_bytes_are_decoded_or_refused(seed, data):
    """Whatever is done to a picture, it is an array or one of our refusals, and never a warning."""
    mutated = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, min(len(mutated) - 1, 200)))
        mutated[at] = data.draw(st.integers(0, 255))
    del mutated[data.draw(st.integers(16, len(mutated))) :]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            refusal, array = "", decode(bytes(mutated))
        except PictureRefused as error:
            refusal, array = str(error), np.zeros(1)
    assert np.isfinite(array).all()
    assert array.shape == (3, 224, 224) or "expected" in refusal
    assert not warned
