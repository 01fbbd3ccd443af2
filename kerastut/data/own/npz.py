"""An .npz file with x_train, y_train, x_test and y_test, as Keras keeps its data sets."""

import math
import re
import tokenize
import zipfile
from pathlib import Path
from typing import IO

import numpy as np

from kerastut.arrays import Array
from kerastut.data.dividing import PARTS, WHOLE, Found, alike, numbered_classes, sorted_classes
from kerastut.data.splits import Split
from kerastut.data.zipped import opened
from kerastut.errors import DataError, refused, shown, shown_path
from kerastut.memory import check_memory

KEYS = ("x_train", "y_train", "x_test", "y_test")
WHOLES = ("x", "y")
AXES = {"x": ("x", "image", "data", "feature"), "y": ("y", "label", "target")}
HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
TEXT = 90  # bytes of a Python string beside its characters
UNREADABLE = (ValueError, TypeError, KeyError, SyntaxError, tokenize.TokenError, RecursionError)


def read(path: Path) -> Found:
    """Reads the four arrays, or `x` and `y`; others in the file are left alone.

    Args:
        path: What `np.savez` or `np.savez_compressed` wrote.

    Returns:
        The arrays as `"train"` and `"test"`: uint8 images `(n, height, width)` with a channel axis
        added, integer labels `(n,)` or `(n, 1)` as `(n,)` int32, texts as Python strings. Targets
        of floats are for regression: there are no classes then. A pickle is never executed.
    """
    with opened(path, "an .npz file") as archive:
        named = {_key(name): name for name in archive.namelist()}
        named |= {key: f"{key}.npy" for key in KEYS if f"{key}.npy" in archive.namelist()}
        whole = named.keys() >= {*WHOLES} and not named.keys() & {*KEYS}
        keys = WHOLES if whole else KEYS
        arrays = {key: _array(path, archive, key, named.get(key)) for key in keys}
    names = _numbered({key: y for key, y in arrays.items() if key.startswith("y")}, arrays)
    if whole:
        arrays = {f"{key}_{WHOLE}": array for key, array in arrays.items()}
    parts = {part: _pair(path, arrays, part) for part in ((WHOLE,) if whole else ("train", "test"))}
    kinds = {split.y.dtype.kind for split in parts.values()}
    if kinds == {"f"}:
        return Found(parts, (), "npz, regression")
    if len(kinds) > 1:
        raise DataError(
            f"{shown_path(path)}: y_train is {arrays['y_train'].dtype} and y_test"
            f" {arrays['y_test'].dtype}; expected both whole numbers (classes) or both floats."
        )
    labels = "y" if whole else "y_train, y_test"
    numbers = numbered_classes(parts, f"{shown_path(path)}: {labels}")
    return Found(parts, names or numbers, "npz")


def _key(name: str) -> str:
    """Returns `x_train` for X_train, train_images and trainX, `y` for labels; else the name."""
    words = re.findall("[A-Z]?[a-z]+|[A-Z]+", name.removesuffix(".npy"))
    lowered = [word.lower().removesuffix("s") for word in words]
    axes = [axis for word in lowered for axis in AXES if word in AXES[axis]]
    parts = [PARTS[word] for word in lowered if word in PARTS]
    known = len(axes) == 1 and len(axes) + len(parts) == len(words)
    return "_".join([*axes, *parts]) if known else name.removesuffix(".npy")


def _numbered(labels: dict[str, Array], arrays: dict[str, Array]) -> tuple[str, ...]:
    """Puts numbers in place of labels that are words, whose names it returns."""
    if any(y.dtype != object or y.ndim != 1 for y in labels.values()):
        return ()
    one, _ = alike([label for y in labels.values() for label in y])
    names = sorted_classes({*one.values()})
    for key, y in labels.items():
        arrays[key] = np.array([names.index(one[label]) for label in y], np.int32)
    return names


def _array(path: Path, archive: zipfile.ZipFile, key: str, name: str | None) -> Array:
    if name is None:
        names = [name.removesuffix(".npy") for name in archive.namelist()]
        raise DataError(
            f"{shown_path(path)}: expected the arrays {', '.join(KEYS)}; {key} is missing."
            f" It holds {shown(', '.join(names), 120) or 'nothing'}."
        )
    info = archive.getinfo(name)
    advice = f"Expected {key} as np.savez writes it: save the file again."
    with refused(path, advice, *UNREADABLE), archive.open(info) as member:
        _check_header(f"{shown_path(path)}: {key}", member, info.file_size)
        member.seek(0)
        array: Array = np.lib.format.read_array(member, allow_pickle=False)
    kind = object if array.dtype.kind == "U" else array.dtype.newbyteorder("=")
    return array.astype(kind, copy=False)


def _check_header(where: str, member: IO[bytes], size: int) -> None:
    """Compares what the header states with the bytes there are, before memory is taken."""
    version = np.lib.format.read_magic(member)
    if version not in HEADERS:
        raise DataError(f"{where}: expected the npy format 1.0 or 2.0, received {version}.")
    shape, _, dtype = HEADERS[version](member)
    if dtype.hasobject:
        raise DataError(
            f"{where}: holds pickled Python objects, which can run any code and are never loaded."
            " Save numbers, or texts with astype(str)."
        )
    if dtype.kind not in "iufU" or dtype.itemsize == 0:
        raise DataError(
            f"{where}: expected numbers or texts, received dtype {shown(dtype)}. Convert it."
        )
    if min(shape, default=0) < 1:
        raise DataError(f"{where}: expected samples, received shape {shown(shape)}.")
    stated, present = math.prod(shape) * dtype.itemsize, size - member.tell()
    if stated != present:
        raise DataError(
            f"{where}: its header states shape {shown(shape)} of {dtype}, {stated:,} bytes; the"
            f" file holds {present:,}. Save it again."
        )
    if dtype.kind == "U":  # such an array for training, and one for testing
        check_memory(where, 2 * math.prod(shape) * (dtype.itemsize + TEXT))


def _pair(path: Path, arrays: dict[str, Array], part: str) -> Split:
    x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
    of = "" if part == WHOLE else f"_{part}"
    if x.ndim == 4 and x.shape[1] in (1, 3) and x.shape[3] not in (1, 3, 4):
        raise DataError(
            f"{shown_path(path)}: x: {x.shape} has channels first; expected them last. Save"
            " x.transpose(0, 2, 3, 1)."
        )
    if x.dtype == np.uint8 and x.ndim == 3:
        x = x[..., None]
    if y.dtype.kind in "iu" and y.shape[1:] == (1,):
        y = y[:, 0]
    if y.dtype.kind == "O" or y.ndim != 1:
        raise DataError(
            f"{shown_path(path)}: y{of}: expected numbers of shape (n,), received"
            f" {y.dtype} {y.shape}. For one-hot labels save y.argmax(axis=1)."
        )
    if len(x) != len(y):
        raise DataError(
            f"{shown_path(path)}: x{of} has {len(x)} samples and y{of} {len(y)}; expected as"
            " many of both."
        )
    # Class numbers that int32 does not hold are kept, for the range check to name.
    fits = y.dtype.kind in "iu" and int(y.min()) >= -(2**31) and int(y.max()) < 2**31
    return Split(x, y.astype(np.int32) if fits else y)
