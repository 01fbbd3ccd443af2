"""Samples too large for memory: decoded once into files, and mapped from there."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from filelock import FileLock

from kerastut.arrays import Array
from kerastut.data.splits import Split
from kerastut.data.tfds.stored import Stored
from kerastut.errors import DataError

Batches = Iterator[tuple[Array, Array]]
ADVICE = "Pass --data-dir with a copy on a disk that has room, or a smaller --image-size."


def decoded(name: str, stored: Stored) -> dict[str, Split]:
    """Returns splits whose inputs are `np.memmap` of files in a folder; makes it if need be.

    The folder appears whole or not at all. Of several processes one decodes, the others wait.

    Args:
        name: What is decoded, for people.
        stored: The prepared data set.

    Raises:
        DataError: If the folder cannot be written, or the disk has too little room.
    """
    folder, counts = stored.folder, stored.counts
    try:
        found = _opened(folder, counts)
        if found is None:
            folder.parent.mkdir(exist_ok=True)
            with FileLock(folder.parent / "lock"):
                found = _opened(folder, counts) or _made(name, stored)
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{name}: cannot be decoded into {folder}: {reason}. {ADVICE}") from error
    return found


def _made(name: str, stored: Stored) -> dict[str, Split]:
    """Decodes every split into the folder."""
    folder, counts, size = stored.folder, stored.counts, _shown(stored.bytes)
    _require_room(name, folder.parent, stored.bytes)
    print(f"{name}: too large for memory, decoding once into {folder} ({size})", file=sys.stderr)
    with _appearing(folder) as staging:
        for split, count in counts.items():
            if (number := _write(staging, split, stored.batches(split), count)) != count:
                raise DataError(
                    f"{name}: expected {count:,} samples in {split}, received {number:,}. Prepare"
                    " it again."
                )
    return {split: _open(folder, split, count) for split, count in counts.items()}


def _opened(folder: Path, counts: Mapping[str, int]) -> dict[str, Split] | None:
    """Returns what the folder holds, or `None` if a file is missing, short or damaged."""
    try:
        return {split: _open(folder, split, count) for split, count in counts.items()}
    except (FileNotFoundError, ValueError, EOFError):
        return None


def _open(folder: Path, split: str, count: int) -> Split:
    images, labels = _paths(folder, split)
    x = np.lib.format.open_memmap(images, mode="r")
    y = np.load(labels, allow_pickle=False)
    if images.stat().st_size != x.offset + x.nbytes or not len(x) == len(y) == count:
        raise ValueError("not of the expected size")
    return Split(x, y)


def _paths(folder: Path, split: str) -> tuple[Path, Path]:
    return folder / f"{split}-images.npy", folder / f"{split}-labels.npy"


def _require_room(name: str, folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise DataError(
            f"{name}: too large for memory, and decoding it into {folder} takes {_shown(size)};"
            f" the disk has {_shown(free)} free. {ADVICE}"
        )


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """Yields a temporary folder that takes the name `folder` if the block succeeds."""
    staging = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(staging, ignore_errors=True)  # left by a process that was killed
    try:
        staging.mkdir()
        yield staging
        shutil.rmtree(folder, ignore_errors=True)
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(folder: Path, split: str, batches: Batches, count: int) -> int:
    """Writes a split of `count` samples; returns how many came."""
    images, labels = _paths(folder, split)
    found: list[Array] = []
    # A full disk is an error here; written through a map it would kill the process.
    with images.open("wb") as file:
        for x, y in batches:
            if not found:
                _write_header(file, (count, *x.shape[1:]), x.dtype)
            file.write(np.ascontiguousarray(x).data)
            found.append(y)
        file.flush()
        os.fsync(file.fileno())
    y = np.concatenate(found)
    np.save(labels, y)
    return len(y)


def _write_header(file: BinaryIO, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    descr = np.lib.format.dtype_to_descr(dtype)
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)


def _shown(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.1f} MB"
