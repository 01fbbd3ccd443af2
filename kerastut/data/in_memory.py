"""A data set from arrays that the reader already has."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kerastut.arrays import Array, Arrays, map_arrays
from kerastut.data.checks import check
from kerastut.data.splits import Data, Split, splits_digest

Pair = tuple[Arrays, Arrays]


def from_arrays(
    train: Pair,
    validation: Pair,
    test: Pair,
    classes: Sequence[str] = (),
    name: str = "arrays",
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
    return replace(data, sha256=splits_digest(splits))


def _texts_as_objects(array: Array) -> Array:
    """Returns fixed-width strings as Python strings, which encoders take."""
    is_text = isinstance(array, np.ndarray) and array.dtype.kind == "U"
    return array.astype(object) if is_text else array
