"""Samples too large for memory: decoded once into files, and mapped from there.

The random access of TensorFlow Datasets itself, `as_data_source`, reads no TFRecord files, which is
how data are prepared by default; it decodes JPEG to other pixels, and again in each epoch.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from filelock import FileLock

from kerastut.arrays import Array
from kerastut.data.splits import Split
from kerastut.data.tfds.stored import Stored
from kerastut.errors import DataError
from kerastut.files import appearing, opened
from kerastut.streams import say

UNFIT = (DataError, FileNotFoundError, ValueError, EOFError)  # a file is missing, short or damaged
GROUPS = Path("/proc/self/cgroup")
CGROUPS = Path("/sys/fs/cgroup")
# Controllers of a line in GROUPS, the folder of their files, and the file of the limit.
LIMITS = {"": (CGROUPS, "memory.max"), "memory": (CGROUPS / "memory", "memory.limit_in_bytes")}
ADVICE = "Pass --data-dir with a copy on a disk that has room, or a smaller --image-size."


def decoded(name: str, stored: Stored) -> dict[str, Split]:
    """Returns splits whose inputs are `np.memmap` of files in a folder; makes it if need be.

    The folder appears whole or not at all. Of several processes one decodes, the others wait.
    """
    folder = stored.folder
    try:
        with suppress(*UNFIT):
            return _opened(stored)
        folder.parent.mkdir(exist_ok=True)
        with FileLock(folder.parent / "lock"):
            with suppress(*UNFIT):  # another process was first
                return _opened(stored)
            _decode(name, stored)
            return _opened(stored)
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{name}: cannot be decoded into {folder}: {reason}. {ADVICE}") from error


def _opened(stored: Stored) -> dict[str, Split]:
    splits = {}
    for split, count in stored.counts.items():
        images, labels = _paths(stored.folder, split)
        opened(images, "decoded pictures").close()
        x = np.lib.format.open_memmap(images, mode="r")
        with opened(labels, "their labels") as file:
            y = np.load(file, allow_pickle=False)
        if images.stat().st_size != x.offset + x.nbytes or not len(x) == len(y) == count:
            raise ValueError("not of the expected size")
        splits[split] = Split(x, y)
    return splits


def _paths(folder: Path, split: str) -> tuple[Path, Path]:
    return folder / f"{split}-images.npy", folder / f"{split}-labels.npy"


def _decode(name: str, stored: Stored) -> None:
    """Decodes every split into the folder."""
    folder, size = stored.folder, _shown(stored.bytes)
    # What is damaged, or was left by a process that was killed.
    for left in (folder, *folder.parent.glob(f".{folder.name}-*")):
        shutil.rmtree(left, ignore_errors=True)
    if (free := shutil.disk_usage(folder.parent).free) < stored.bytes:
        raise DataError(
            f"{name}: too large for memory, and decoding it into {folder.parent} takes {size};"
            f" the disk has {_shown(free)} free. {ADVICE}"
        )
    say(f"{name}: too large for memory, decoding once into {folder} ({size})")
    with appearing(folder) as staging:
        for split, count in stored.counts.items():
            number = _write(*_paths(staging, split), stored.batches(split), count)
            if number != count:
                raise DataError(
                    f"{name}: expected {count:,} samples in {split}, received {number:,}. Prepare"
                    " it again."
                )


def _write(images: Path, labels: Path, batches: Iterator[tuple[Array, Array]], count: int) -> int:
    """Writes a split of `count` samples; returns how many came."""
    found: list[Array] = []
    # A full disk is an error here; written through a map it would kill the process.
    with images.open("wb") as file:
        for x, y in batches:
            if not found:
                header = np.lib.format.header_data_from_array_1_0(x)
                header["shape"] = (count, *x.shape[1:])
                np.lib.format.write_array_header_1_0(file, header)
            file.write(x.data)
            found.append(y)
        file.flush()
        os.fsync(file.fileno())
    y = np.concatenate(found)
    np.save(labels, y)
    return len(y)


def _shown(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.1f} MB"


def available_memory() -> int:
    """Returns the bytes that this process can still take: the machine's, or its container's."""
    import psutil

    return min((int(psutil.virtual_memory().available), *_limits()))


def _limits() -> Iterator[int]:
    """Yields the limits of the control groups that the process is in; on Linux alone."""
    lines = GROUPS.read_text("utf-8").splitlines() if GROUPS.exists() else ()
    for _, controllers, path in (line.split(":", 2) for line in lines):
        mounted, name = LIMITS.get(controllers, (None, ""))
        if mounted:
            own = mounted / path.lstrip("/")
            # A container sees the path of its host, but not always the folders on it.
            for file in (folder / name for folder in (own, *own.parents)):
                if file.is_file() and (limit := file.read_text("utf-8").strip()).isdigit():
                    yield int(limit)
