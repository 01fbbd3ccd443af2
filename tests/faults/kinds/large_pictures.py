"""Pictures of few bytes and many pixels, or that hold much beside their pixels."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from ..case import Case
from ..tiny import DIGITS, copied

OWN = ("run", "cnn-mnist", "-q", "--epochs", "1", "--output-dir", "out", "--data", "pets")
# Colour types of PNG: how many values a pixel has.
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
LIMIT = 34 * 10**6  # pixels, above which any PNG is refused


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields such pictures, to predict or among data of the reader's own."""
    for number in count():
        place = folder / f"large_pictures-{number}"
        kind = random.choice(KINDS)
        place.mkdir()
        told, content, sure = kind(random)
        suffix = random.choice(("png", "jpg", "gif", "bmp"))  # they are told apart by their content
        if random.random() < 0.7:
            copied_to = place / "base"
            copied(copied_to, DIGITS).rename(place / "run")
            copied_to.rmdir()
            (place / f"large.{suffix}").write_bytes(content)
            words: tuple[str, ...] = ("predict", "run", f"large.{suffix}")
        else:
            for name in ("cat", "dog"):
                (place / "pets" / name).mkdir(parents=True)
                Image.new("L", (4, 4)).save(place / "pets" / name / "small.png")
            (place / "pets" / "cat" / f"large.{suffix}").write_bytes(content)
            words, sure = OWN, True  # they are too few to train on
        yield Case(
            f"{told}, {len(content):,} bytes: {words[0]}",
            words,
            place,
            statuses=frozenset({2} if sure else {0, 2}),
        )


def _size(random: Random) -> tuple[int, int]:
    pixels = 10 ** random.uniform(7, 9.5)
    width = int(random.choice((pixels**0.5, 10 ** random.uniform(0, 5), pixels)))
    return max(1, min(width, 2**31 - 1)), max(1, int(pixels / width))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def _png(width: int, height: int, colour: int, depth: int, woven: int, *more: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, woven)
    row = b"\0" + bytes((width * CHANNELS[colour] * depth + 7) // 8)
    pack = zlib.compressobj(1)
    whole = len(row) * height
    piece = row * max(1, min(height, 2**22 // len(row)))
    rows = [pack.compress(piece) for _ in range(min(whole, 400 * 2**20) // len(piece))]
    content = b"".join(
        [*rows, pack.compress(row * (height % max(1, len(piece) // len(row)))), pack.flush()]
    )
    palette = [_chunk(b"PLTE", bytes(768)), _chunk(b"tRNS", bytes(9))] if colour == 3 else []
    chunks = [
        _chunk(b"IHDR", head),
        *palette,
        *more,
        _chunk(b"IDAT", content),
        _chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _plain(random: Random) -> tuple[str, bytes, bool]:
    """A PNG of one colour."""
    width, height = _size(random)
    colour, depth = random.choice(
        ((0, 1), (0, 8), (0, 16), (2, 8), (2, 16), (3, 8), (4, 8), (6, 8), (6, 16))
    )
    content = _png(width, height, colour, depth, random.choice((0, 0, 1)))
    return f"PNG {colour}/{depth}, {width}x{height}", content, width * height > LIMIT


def _header(random: Random) -> tuple[str, bytes, bool]:
    """A small picture whose header states a large one."""
    width, height = _size(random)
    kind, place, form = random.choice((("gif", 6, "<HH"), ("bmp", 18, "<ii"), ("png", 16, ">II")))
    if kind == "gif":
        width, height = min(width, 65_535), min(height, 65_535)
    file = io.BytesIO()
    Image.new("L", (2, 2)).save(file, kind)
    content = bytearray(file.getvalue())
    struct.pack_into(form, content, place, width, height)
    if kind == "png":
        struct.pack_into(">I", content, 29, zlib.crc32(content[12:29]))
    return f"{kind} that states {width}x{height}", bytes(content), width * height > LIMIT


def _jpeg(random: Random) -> tuple[str, bytes, bool]:
    """A JPEG, which is decoded at a fraction of its size."""
    side = random.randint(3000, 9000)
    mode, options = random.choice(
        (("L", {}), ("RGB", {"progressive": True}), ("CMYK", {"progressive": True}))
    )
    file = io.BytesIO()
    Image.new(mode, (side, side)).save(file, "JPEG", quality=1, **options)
    return f"JPEG {mode} {options}, {side}x{side}", file.getvalue(), False


def _frames(random: Random) -> tuple[str, bytes, bool]:
    """A GIF or PNG of many frames; the first one counts."""
    frames = random.randint(200, 2000)
    pictures = [Image.new("P", (300, 300), i % 2) for i in range(frames)]
    file = io.BytesIO()
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], optimize=False)
    return f"GIF of {frames} frames", file.getvalue(), False


def _beside(random: Random) -> tuple[str, bytes, bool]:
    """A small picture with texts, a profile or a tag that unpack to much."""
    size = random.randint(10, 200) * 2**20
    packed = zlib.compress(bytes(size), 9)
    kinds = {
        "zTXt": _chunk(b"zTXt", b"Comment\0\0" + packed),
        "iTXt": _chunk(b"iTXt", b"Comment\0\1\0\0\0" + packed),
        "iCCP": _chunk(b"iCCP", b"icc\0\0" + packed),
        "eXIf": _chunk(b"eXIf", b"II*\0\x08\0\0\0" + b"\xff" * 999),
        "zTXts": _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2**20 - 9))) * 200,
        "tEXt": _chunk(b"tEXt", b"Comment\0" + bytes(2**20)) * 30,
    }
    kind = random.choice(list(kinds))
    return f"PNG with {kind}", _png(20, 20, 0, 8, 0, kinds[kind]), False


def _cut(random: Random) -> tuple[str, bytes, bool]:
    """A picture that ends too early, or goes on too long."""
    told, content, sure = _plain(random)
    kept = random.randrange(len(content))
    if random.random() < 0.3:
        return f"{told}, followed by much", content + bytes(random.randint(1, 60) * 2**20), sure
    return f"{told}, {kept} bytes of it", content[:kept], sure


def _turned(random: Random) -> tuple[str, bytes, bool]:
    """A large picture that is turned when it is read."""
    side = random.randint(5000, 6500)
    exif = Image.Exif()
    exif[0x0112] = random.choice((3, 5, 6, 8, 99))
    file = io.BytesIO()
    Image.new(random.choice(("L", "RGB")), (side, side // 2)).save(
        file, "PNG", exif=exif, compress_level=1
    )
    return f"PNG to be turned, {side}x{side // 2}", file.getvalue(), False


def _noise(random: Random) -> tuple[str, bytes, bool]:
    """A large picture that is not packed."""
    side = random.randint(4000, 7000)
    file = io.BytesIO()
    pixels = np.frombuffer(random.randbytes(side), np.uint8)
    Image.fromarray(np.tile(pixels, (side, 1))).save(file, random.choice(("BMP", "GIF")))
    return f"noise, {side}x{side}", file.getvalue(), side * side > LIMIT


KINDS: tuple[Callable[[Random], tuple[str, bytes, bool]], ...] = (
    *(_plain, _plain, _plain, _header, _header, _jpeg, _frames, _beside, _cut, _turned, _noise),
)
