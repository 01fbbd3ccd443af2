"""Good files to damage, ways to damage them, and the count of what was tried."""

import gzip
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from PIL import Image

from kerastut import DataOptions, load
from kerastut.data.splits import Data
from kerastut.errors import DataError, printable

SOAK = os.environ.get("KERASTUT_SOAK") == "1"
IDX = {
    "train-images-idx3-ubyte": (30, 4, 4),
    "train-labels-idx1-ubyte": (30,),
    "t10k-images-idx3-ubyte": (20, 4, 4),
    "t10k-labels-idx1-ubyte": (20,),
}
Attempt = Callable[[Path, Callable[[], object]], str]
Write = Callable[[Path], object]


def fuzz(examples: int) -> settings:
    """Returns settings for a quick, repeatable run, or for a soak that draws anew."""
    return settings(
        max_examples=examples * 20 if SOAK else examples,
        derandomize=not SOAK,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def read(path: Path | str, seed: int = 0, limit: int | None = None, **options: Any) -> Data:
    """Loads data of the reader's own; these are options of `DataOptions`."""
    return load(str(path), limit=limit, seed=seed, options=DataOptions(**options))


@contextmanager
def trials(reader: str) -> Iterator[Attempt]:
    """Yields a function that tries one input, and appends the count of tries to a file.

    The function returns the error's text, or an empty one for a valid result; it lets no exception
    but a `DataError` pass for an answer, and holds that one to a printable line with the file's
    name.
    """
    tried = tracebacks = 0

    def attempt(path: Path, call: Callable[[], object]) -> str:
        nonlocal tried, tracebacks
        tried += 1
        try:
            call()
        except DataError as error:
            text = str(error)
            assert printable(text) == text, text
            assert str(path) in text, text
            return text
        except BaseException:
            tracebacks += 1
            raise
        return ""

    try:
        yield attempt
    finally:
        if counts := os.environ.get("KERASTUT_SOAK_COUNTS"):
            with Path(counts).open("a", encoding="utf-8") as file:
                file.write(f"{reader} {tried} {tracebacks}\n")


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Draws a damaged copy: cut short, bits flipped, bytes overwritten, inserted or removed."""
    found = bytearray(content)
    for _ in range(draw(st.integers(1, 3))):
        # Headers are short and matter most, so half of the places are near the start.
        place = draw(st.integers(0, min(64, len(found))) | st.integers(0, len(found)))
        junk = draw(st.binary(max_size=8))
        match draw(st.sampled_from(["cut", "flip", "overwrite", "insert", "remove"])):
            case "cut":
                del found[place:]
            case "flip" if place < len(found):
                found[place] ^= 1 << draw(st.integers(0, 7))
            case "overwrite":
                found[place : place + len(junk)] = junk
            case "insert":
                found[place:place] = junk
            case "remove":
                del found[place : place + 1 + len(junk)]
    return bytes(found)


def random_pixels(*shape: int) -> Any:
    """Returns the same pixels at every call."""
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def idx_content(*shape: int) -> bytes:
    """Returns an idx file: class numbers from 0 to 2, or pixels."""
    values = np.arange(*shape) % 3 if len(shape) == 1 else random_pixels(*shape)
    head = b"\0\0\x08" + bytes([len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    return head + values.astype(np.uint8).tobytes()


def idx_folder(folder: Path, packed: bool = False) -> Path:
    """Writes a folder of four good idx files."""
    folder.mkdir()
    for name, shape in IDX.items():
        content = idx_content(*shape)
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
        else:
            (folder / name).write_bytes(content)
    return folder


def image_folder(folder: Path, suffix: str = ".png") -> Path:
    """Writes a folder of two classes with five good pictures each."""
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for number in range(5):
            pixels = random_pixels(9, 7, 3)
            Image.fromarray(pixels).save(folder / name / f"{number}{suffix}")
    return folder


def npz_arrays() -> dict[str, Any]:
    """Returns the arrays of a good .npz file."""
    return {
        "x_train": random_pixels(12, 4, 4),
        "y_train": np.arange(12) % 3,
        "x_test": random_pixels(6, 4, 4),
        "y_test": np.arange(6) % 3,
    }


def table_lines(rows: int = 12) -> list[str]:
    """Returns the lines of a good .csv file."""
    return ["text,label", *(f"review {row},{'bad' if row % 2 else 'good'}" for row in range(rows))]


def refused(reader: str, path: Path, **options: Any) -> str:
    """Returns the line with which a reader refuses a path; fails if it is accepted."""
    with trials(reader) as attempt:
        text = attempt(path, lambda: read(path, seed=0, **options))
    assert text, "was accepted"
    return text


def sizes(data: Data) -> list[int]:
    """Returns the numbers of samples for training, validation and test."""
    return [len(split) for split in (data.train, data.validation, data.test)]


def replaced(name: str, content: bytes) -> Write:
    """Returns a damage: another content for a file of a folder."""
    return lambda folder: (folder / name).write_bytes(content)
