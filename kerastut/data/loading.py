"""Data sets by name, as train, validation and test splits of NumPy arrays."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from kerastut.data.bundled.embedded import read_checked
from kerastut.data.options import TFDS, DataOptions
from kerastut.errors import DataError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from kerastut.data.splits import Data

# Each module has `read(seed) -> Data`, `SUMMARY`, and `FILES` and `FOLDER` if it is embedded.
NAMES: Mapping[str, str] = {
    "blobs": "kerastut.data.bundled.blobs",
    "line": "kerastut.data.bundled.line",
    "mnist": "kerastut.data.bundled.mnist",
    "mnist-pairs": "kerastut.data.bundled.mnist_pairs",
    "reviews": "kerastut.data.bundled.reviews",
}


def load(
    name: str, limit: int | None = None, seed: int = 0, options: DataOptions | None = None
) -> "Data":
    """Loads a data set; nothing but `tfds:NAME` is ever downloaded.

    Args:
        name: `"mnist"` (70,000 digits, 28x28x1, uint8), `"reviews"` (17,361 Chinese reviews,
            strings), `"mnist-pairs"` (two digits, their sum and its parity), `"line"` (a straight
            line plus noise, float32) or `"blobs"` (two overlapping classes in the plane, float32);
            or the path of data of your own, see `kerastut.data.read_own`; or `tfds:NAME`, see
            `kerastut.data.read_tfds`.
        limit: Most samples in each of the three splits, or `None` for all. A subset keeps the
            shares of the classes.
        seed: Decides generated data, the validation part of `mnist`, and subsets.
        options: How data of your own are read.

    Returns:
        A `Data` with `.train`, `.validation` and `.test`, each with `.x` and `.y`.

    Raises:
        UnknownNameError: If there is no such data set.
        DataError: If a file is missing or damaged, `limit` is not positive, or an option does not
            go with the data.

    Example:

    >>> data = load("mnist", limit=6000)
    >>> data.train.x.shape
    (6000, 28, 28, 1)
    """
    if limit is not None and (type(limit) is not int or limit < 1):
        raise DataError(f"limit must be a positive number of samples; received {limit!r}.")
    options = options or DataOptions()
    options.check(name)
    if name not in NAMES and is_own(name):
        return _own(name, limit, seed, options)
    if name not in NAMES:
        raise UnknownNameError(f"Unknown data set {name!r}. {did_you_mean(name, NAMES)}")
    read: Callable[[int], Data] = import_module(NAMES[name]).read
    data = read(seed)
    return data if limit is None else data.limited(limit, seed)


def is_own(name: str) -> bool:
    """Returns whether a name of data means the reader's own: `tfds:NAME`, a file or a folder."""
    path = Path(name)
    return name.startswith(TFDS) or path.exists() or path.name != name or path.suffix != ""


def _own(name: str, limit: int | None, seed: int, options: DataOptions) -> "Data":
    if name.startswith(TFDS):
        from kerastut.data.tfds.prepared import read as read_prepared

        return read_prepared(name, seed, limit, options.image_size, options.data_dir)
    from kerastut.data.own.reader import SIZE, read

    return read(
        name,
        seed=seed,
        limit=limit,
        size=options.image_size or SIZE,
        text=options.text_column,
        label=options.label_column,
        encoding=options.encoding,
    )


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
