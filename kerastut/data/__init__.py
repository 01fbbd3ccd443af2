"""Data sets by name, as train, validation and test splits of NumPy arrays."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from kerastut.data.embedded import read_checked
from kerastut.errors import DataError, UnknownNameError
from kerastut.names import did_you_mean

if TYPE_CHECKING:
    from kerastut.data.splits import Data

# Each module has `read(seed) -> Data`, `SUMMARY`, and `FILES` and `FOLDER` if it is embedded.
NAMES: Mapping[str, str] = {
    "blobs": "kerastut.data.blobs",
    "line": "kerastut.data.line",
    "mnist": "kerastut.data.mnist",
    "mnist-pairs": "kerastut.data.mnist_pairs",
    "reviews": "kerastut.data.reviews",
}


def load(name: str, limit: int | None = None, seed: int = 0) -> "Data":
    """Loads a data set; nothing is downloaded.

    Args:
        name: `"mnist"` (70,000 digits, 28x28x1, uint8), `"reviews"` (17,361 Chinese reviews,
            strings), `"mnist-pairs"` (two digits, their sum and its parity), `"line"` (a straight
            line plus noise, float32) or `"blobs"` (two overlapping classes in the plane, float32);
            or the path of data of your own, see `kerastut.data.readers.read`.
        limit: Most samples in each of the three splits, or `None` for all. A subset keeps the
            shares of the classes.
        seed: Decides generated data, the validation part of `mnist`, and subsets.

    Returns:
        A `Data` with `.train`, `.validation` and `.test`, each with `.x` and `.y`.

    Raises:
        UnknownNameError: If there is no such data set.
        DataError: If a file is missing or damaged, or `limit` is not positive.

    Example:

    >>> data = load("mnist", limit=6000)
    >>> data.train.x.shape
    (6000, 28, 28, 1)
    """
    if limit is not None and (type(limit) is not int or limit < 1):
        raise DataError(f"limit must be a positive number of samples; received {limit!r}.")
    if name not in NAMES and is_path(name):
        from kerastut.data import readers

        return readers.read(name, seed=seed, limit=limit)
    if name not in NAMES:
        raise UnknownNameError(f"Unknown data set {name!r}. {did_you_mean(name, NAMES)}")
    read: Callable[[int], Data] = import_module(NAMES[name]).read
    data = read(seed)
    return data if limit is None else data.limited(limit, seed)


def is_path(name: str) -> bool:
    """Returns whether a name of data means a file or folder of the reader's."""
    return Path(name).exists() or Path(name).name != name or Path(name).suffix != ""


def summary(name: str) -> str:
    """Returns one line on a data set."""
    text: str = import_module(NAMES[name]).SUMMARY
    return text


def embedded_files() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yields each embedded file's name, and a function that reads and checks it."""
    for name, module_name in NAMES.items():
        module = import_module(module_name)
        for file, sha256 in getattr(module, "FILES", {}).items():
            yield f"{name}/{file}", partial(read_checked, module.FOLDER, file, sha256)
