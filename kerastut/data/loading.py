"""Data sets by name or path or from arrays: train, validation and test splits of NumPy arrays."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kerastut.arrays import Array, Arrays, map_arrays
from kerastut.data.bundled import blobs, line, mnist, mnist_pairs, penguins, reviews
from kerastut.data.checks import check
from kerastut.data.dividing import SIZE, Found, divided
from kerastut.data.kinds import Kind, recognised
from kerastut.data.options import DataOptions
from kerastut.data.own import idx, images, npz, table
from kerastut.data.splits import Data, Split, digest
from kerastut.errors import DataError, refused, shown_path

Pair = tuple[Arrays, Arrays]


BUNDLED = {
    "blobs": blobs,
    "line": line,
    "mnist": mnist,
    "mnist-pairs": mnist_pairs,
    "penguins": penguins,
    "reviews": reviews,
}


def load(
    name: str, limit: int | None = None, seed: int = 0, options: DataOptions | None = None
) -> Data:
    """Loads a data set; nothing but `tfds:NAME` is ever downloaded.

    Args:
        name: `"mnist"` (70,000 digits, 28x28x1, uint8), `"reviews"` (17,361 Chinese reviews,
            strings), `"mnist-pairs"` (two digits, their sum and its parity), `"line"` (a straight
            line plus noise, float32), `"blobs"` (two overlapping classes in the plane, float32) or
            `"penguins"` (a table of 333 penguins of three species); or `tfds:NAME`; or the path of
            data of your own: a folder of idx files, a folder with a folder of pictures for each
            class, a table of texts or of numbers and words, or an `.npz` file of arrays.
        limit: Most samples in each of the three splits, or `None` for all. A subset keeps the
            shares of the classes.
        seed: Decides generated data, subsets, and which samples are drawn for validation, and for
            test, where data do not come so divided.
        options: How data of your own are read.

    Returns:
        A `Data` with `.train`, `.validation` and `.test`, each with `.x` and `.y`. The `sha256` of
        data of your own is that of the contents, whatever `seed` and `limit`.

    Raises:
        UnknownNameError: If there is no such data set.
        DataError: If data are missing, damaged or unfit, `limit` is not positive, or an option does
            not go with the data; the text names the file.

    Example:

    >>> data = load("mnist", limit=6000)
    >>> data.train.x.shape
    (6000, 28, 28, 1)
    """
    if limit is not None and (type(limit) is not int or limit < 1):
        raise DataError(f"limit must be a positive number of samples; received {limit!r}.")
    options = options or DataOptions()
    kind = recognised(name, options)
    if kind == "bundled":
        read: Callable[[int], Data] = BUNDLED[name].read
        data = read(seed)
    else:
        where = name if kind == "tfds" else shown_path(Path(name))
        data = divided(found_at(kind, name, options), name, where, seed)
        try:
            check(data)
        except DataError as error:
            raise DataError(f"{where}: {error}") from error
    return data if limit is None else data.limited(limit, seed)


def found_at(kind: Kind, name: str, options: DataOptions) -> Found:
    """Has data read by the reader of their kind."""
    if kind == "tfds":
        from kerastut.data.tfds import reading

        return reading.read(name, options.image_size, options.data_dir)
    path = Path(name)
    with refused(path, "Check the path and its permissions.", OSError, ValueError):
        match kind:
            case "idx":
                return idx.read(path)
            case "pictures":
                size, fit = options.image_size or SIZE, options.fit or "squash"
                return images.read(path, size, fit, bool(options.skip_bad))
            case "table":
                return table.read(path, options)
            case _:
                return npz.read(path)


def from_arrays(
    train: Pair, validation: Pair, test: Pair, classes: Sequence[str] = (), name: str = "arrays"
) -> Data:
    """Makes a data set of arrays, and checks it.

    Args:
        train: Inputs and targets to fit, samples first; dictionaries of arrays for a model of
            several inputs or outputs. Texts may be arrays of strings.
        validation: The same, to choose by.
        test: The same, to report on once.
        classes: Class names by class number; none for regression.
        name: What to call the data.

    Returns:
        A `Data` whose `sha256` is the digest of all arrays.

    Raises:
        DataError: If an array is unfit for training; the text names it and its shape.

    Example:

    >>> data = from_arrays((x[:80], y[:80]), (x[80:90], y[80:90]), (x[90:], y[90:]), ("no", "yes"))
    """
    pairs = {"train": train, "validation": validation, "test": test}
    splits = {part: Split(map_arrays(_texts_as_objects, x), y) for part, (x, y) in pairs.items()}
    data = Data(name, **splits, classes=tuple(classes), source="arrays in memory", sha256="")
    check(data)
    return replace(data, sha256=digest(splits))


def _texts_as_objects(array: Array) -> Array:
    """Returns fixed-width strings as Python strings, which encoders take."""
    is_text = isinstance(array, np.ndarray) and array.dtype.kind == "U"
    return array.astype(object) if is_text else array
