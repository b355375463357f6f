"""Damaged pictures without end for the decoder: ``make fuzz``, and 5,000 of them in the tests.

    python -m tests.fuzz --count 100000 --seed 0
    python -m tests.fuzz --file build/fuzz.bin           one picture, again

Each picture is a small good one that was cut, overwritten, glued to another or given a wrong size; the
same seed makes the same pictures. PNG's checksums are put right in half of them, so that what is wrong gets
past the first look. Ends with status 1, and the bytes in a file, at the first one that is neither decoded
nor refused with a reason. The last line is the most memory the process ever had.
"""

import argparse
import random
import resource
import struct
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from shared.errors import PictureRefused
from shared.pictures import decode

SIDES = (0, 1, 2, 255, 256, 4_000, 16_383, 16_384, 30_000, 65_535)


def seeds() -> list[bytes]:
    """A good picture of every kind that the decoder tells apart, small ones."""
    noise = np.random.default_rng(0).integers(0, 256, (24, 32, 4), np.uint8)
    colours = Image.fromarray(noise[..., :3])
    clear = Image.fromarray(noise)
    deep = Image.fromarray(noise[..., 0].astype(np.uint16) << 7)
    frames = {"save_all": True, "append_images": [colours.rotate(90)], "duration": 40}
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = bytes(128) + noise.tobytes()[:256]
    kinds: list[tuple[Image.Image, str, dict[str, object]]] = [
        (colours, "JPEG", {"exif": exif}),
        (colours, "JPEG", {"progressive": True, "icc_profile": profile}),
        (colours, "JPEG", {"subsampling": 0, "restart_marker_blocks": 1}),
        (colours.convert("CMYK"), "JPEG", {"progressive": True, "icc_profile": profile}),
        (colours.convert("L"), "JPEG", {}),
        (colours, "PNG", {"exif": exif}),
        (clear, "PNG", {"icc_profile": profile}),
        (deep, "PNG", {"transparency": 640}),
        (colours.convert("1"), "PNG", {}),
        (colours.quantize(16), "PNG", {"transparency": bytes(range(16))}),
        (colours, "PNG", frames),
        (colours, "WEBP", {"exif": exif, "icc_profile": profile}),
        (clear, "WEBP", {}),
        (clear, "WEBP", {"lossless": True}),
        (colours, "WEBP", {"lossless": True, **frames}),
    ]
    return [_encoded(*kind) for kind in kinds]


def _encoded(image: Image.Image, format: str, options: dict[str, object]) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def damaged(seed: int) -> Iterator[bytes]:
    """Damaged pictures, one after the other."""
    chance, good = random.Random(seed), seeds()
    while True:
        data = bytearray(chance.choice(good))
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            chance.choice(DAMAGES)(data, chance, good)
        yield bytes(_mended(data) if chance.random() < 0.5 else data)


def _flip(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    """One bit, more often near the head, where the structure is."""
    if data:
        data[int(len(data) * chance.random() ** 2)] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    at = chance.randrange(len(data) + 1)
    fill = chance.choice((b"\0", b"\xff", b"\x7f", chance.randbytes(1)))
    data[at : at + chance.randrange(1, 9)] = fill * chance.randrange(1, 9)


def _resize(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    """A side that lies, as any of the formats writes one."""
    at, side = chance.randrange(min(len(data) + 1, 240)), chance.choice(SIDES)
    data[at : at + 4] = struct.pack(chance.choice(("<I", ">I")), side)


def _sides(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    """Both sides in the frame header of a JPEG."""
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        if (at := data.find(marker)) > 0:
            data[at + 5 : at + 9] = struct.pack(">HH", chance.choice(SIDES), chance.choice(SIDES))


def _cut(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _omit(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.randrange(1, 64)]


def _repeat(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = data[at : at + chance.randrange(1, 400)] * chance.choice((1, 2, 50))


def _glue(data: bytearray, chance: random.Random, good: list[bytes]) -> None:
    """The end of another picture: a polyglot."""
    other = chance.choice(good)
    data[chance.randrange(len(data) + 1) :] = other[chance.randrange(len(other)) :]


DAMAGES = (_flip, _flip, _flip, _overwrite, _resize, _sides, _cut, _omit, _repeat, _glue)


def _mended(data: bytearray) -> bytearray:
    """A PNG with the checksum that belongs to each chunk; anything else as it is."""
    at = 8
    while data.startswith(b"\x89PNG") and at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        if end + 4 > len(data):
            break
        data[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4)
        at = end + 4
    return data


def outcome(data: bytes) -> str:
    """``decoded``, or the error's name; anything but an array or a reason is an AssertionError."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            array = decode(data)
        except PictureRefused as error:
            reason, refusal = str(error), type(error).__name__
        else:
            assert array.shape == (3, 224, 224)
            assert np.isfinite(array).all()
            return "decoded"
    assert reason.startswith("expected "), reason
    return refusal


def peak() -> int:
    """The most memory this process ever had resident, in MiB.

    By Linux's own account, where there is one: ``ru_maxrss`` also counts what the parent had before ``exec``.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20  # macOS counts bytes


def main() -> int:
    """Decode so many pictures and tell what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Damaged pictures to decode.")
    parser.add_argument("--count", type=int, default=100_000, help="how many; default: 100000")
    parser.add_argument("--seed", type=int, default=0, help="of the first; default: 0")
    parser.add_argument("--file", type=Path, help="decode this file instead")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz.bin"), help="where a culprit goes")
    arguments = parser.parse_args()
    if arguments.file:
        print(outcome(arguments.file.read_bytes()), peak(), "MiB")
        return 0
    outcomes: Counter[str] = Counter()
    pictures = damaged(arguments.seed)
    for number in tqdm(range(arguments.count), desc="decoding", unit=" pictures", disable=None):
        data = next(pictures)
        try:
            outcomes[outcome(data)] += 1
        except BaseException:
            arguments.out.parent.mkdir(parents=True, exist_ok=True)
            arguments.out.write_bytes(data)
            print(f"picture {number} of seed {arguments.seed}: {arguments.out}", file=sys.stderr)
            raise
    for name, count in outcomes.most_common():
        print(f"{count:>9} {name}")
    print(f"{peak():>9} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
