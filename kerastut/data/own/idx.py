"""A folder of idx files, as MNIST and Fashion-MNIST come."""

import gzip
import math
import os
import re
import struct
import zlib
from pathlib import Path
from typing import IO, cast

import numpy as np

from kerastut.arrays import Array
from kerastut.data.dividing import MOST_CLASSES, Found, numbered_classes
from kerastut.data.splits import Split
from kerastut.errors import DataError, refused, shown_path
from kerastut.files import opened
from kerastut.files import read as read_file
from kerastut.memory import exceeding, most_unpacked

NAME = re.compile(r"(train|t10k)-(images|labels)[-.]idx\d-ubyte(?:\.gz)?")
PARTS = {"train": "train", "t10k": "test"}
MOST_NAMES = 2**20  # bytes of classes.txt
# No DEFLATE stream unpacks to more than this many times its size.
MOST_EXPANSION = 1032


def is_folder(folder: Path) -> bool:
    """Returns whether a folder holds a file with one of the names."""
    return any(NAME.fullmatch(path.name) for path in folder.iterdir())


def read(folder: Path) -> Found:
    """Reads images and labels.

    Args:
        folder: Holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the same with `t10k`,
            each plain or `.gz`, with `-` or `.` before `idx`. Of both, the plain one is read.
            A file `classes.txt` beside them may name the classes, one a line, from 0 on.

    Returns:
        Images `(n, height, width, 1)` uint8 and labels `(n,)` int32, as `"train"` and `"test"`.
    """
    files = _files(folder)
    parts = {PARTS[part]: _pair(files[part, "images"], files[part, "labels"]) for part in PARTS}
    numbers = numbered_classes(parts, f"{shown_path(folder)}: labels")
    return Found(parts, _names(folder / "classes.txt", len(numbers)) or numbers, "idx files")


def _names(path: Path, count: int) -> tuple[str, ...]:
    """Reads the classes' names, or nothing where there is no such file."""
    if not os.path.lexists(path):
        return ()
    expected = f"{count} different class names, one a line"
    content = read_file(path, expected, MOST_NAMES, own=True)
    with refused(path, "Expected the classes' names in UTF-8, one a line.", ValueError):
        names = tuple(content.decode("utf-8-sig").strip().splitlines())
    fits = count <= len(names) <= MOST_CLASSES
    if not fits or len(set(names)) < len(names) or not all(map(str.strip, names)):
        raise DataError(
            f"{shown_path(path)}: expected {expected}, received {len(names)} lines. Name each class"
            " once."
        )
    return names


def _files(folder: Path) -> dict[tuple[str, str], Path]:
    matches = ((NAME.fullmatch(path.name), path) for path in sorted(folder.iterdir(), reverse=True))
    # The last of a kind stays, which is the plain one.
    found = {(match[1], match[2]): path for match, path in matches if match}
    wanted = {(part, kind) for part in PARTS for kind in ("images", "labels")}
    if missing := sorted(wanted - found.keys()):
        names = ", ".join(f"{part}-{kind}" for part, kind in missing)
        raise DataError(
            f"{shown_path(folder)}: expected the idx files train-images, train-labels, t10k-images"
            f" and t10k-labels (such as train-images-idx3-ubyte.gz); missing: {names}."
        )
    return found


def _pair(images: Path, labels: Path) -> Split:
    x, y = read_array(images), read_array(labels)
    if x.ndim != 3 or x.size == 0:
        raise DataError(
            f"{shown_path(images)}: expected images of shape (n, height, width),"
            f" received {x.shape}. Is this the file of images?"
        )
    if y.ndim != 1:
        raise DataError(
            f"{shown_path(labels)}: expected labels of shape (n,), received {y.shape}."
            " Is this the file of labels?"
        )
    if len(x) != len(y):
        raise DataError(
            f"{shown_path(labels)}: expected {len(x)} labels, one for each image of {images.name},"
            f" received {len(y)}. Get both files from the same source."
        )
    return Split(x[..., None], y.astype(np.int32))


def read_array(path: Path) -> Array:
    """Reads one idx file of unsigned bytes, plain or packed with gzip.

    No more is ever unpacked than its header states, nor allocated than the file can hold.
    """
    packed = path.suffix == ".gz"
    damaged = (OSError, EOFError, zlib.error, MemoryError)
    with (
        opened(path, "an idx file") as file,
        refused(path, "The file is damaged: get it again.", *damaged),
        cast("IO[bytes]", gzip.open(file)) if packed else file as stream,
    ):
        size = os.fstat(file.fileno()).st_size
        header = stream.read(4)
        if len(header) == 4 and header[3] <= 4:
            header += stream.read(4 * header[3])
        shape = _shape(header, shown_path(path))
        declared = math.prod(shape)
        possible = size * MOST_EXPANSION if packed else size
        if declared > possible:
            raise DataError(
                f"{shown_path(path)}: its header states {declared:,} bytes; expected at most"
                f" {possible:,}, what the file can hold. Get the file again."
            )
        if declared > most_unpacked(size):
            raise exceeding(f"{shown_path(path)}:", f"it would unpack to {declared:,} bytes")
        return _array(stream.read(declared + 1), shape, shown_path(path))


def parse_idx(content: bytes, name: str) -> Array:
    """Returns what the bytes of an unpacked idx file hold."""
    shape = _shape(content, name)
    return _array(memoryview(content)[4 + 4 * len(shape) :], shape, name)


def _array(content: bytes | memoryview, shape: tuple[int, ...], name: str) -> Array:
    """Returns what follows a header; an array of bytes is read-only by itself."""
    declared, received = math.prod(shape), len(content)
    if received != declared:
        more = "more" if received > declared else str(received)
        raise DataError(
            f"{name}: expected {'x'.join(map(str, shape))} bytes after the header,"
            f" received {more}. Get the file again."
        )
    return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(content: bytes, name: str) -> tuple[int, ...]:
    if len(content) < 4 or content[:3] != b"\0\0\x08" or not 1 <= content[3] <= 4:
        raise DataError(
            f"{name}: expected an idx file of unsigned bytes (magic 00 00 08 0n), received"
            f" {content[:4].hex(' ') or 'an empty file'}."
        )
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise DataError(f"{name}: expected a header of {start} bytes, received {len(content)}.")
    return struct.unpack(f">{content[3]}I", content[4:start])
