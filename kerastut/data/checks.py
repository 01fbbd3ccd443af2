"""Refuses data that would train without an error and give nonsense."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data.mapped import Rows
from kerastut.data.splits import Data, Split
from kerastut.errors import DataError

SPLITS = ("train", "validation", "test")
CHUNK = 2**20


def check(data: Data) -> None:
    """Checks the arrays of every split.

    Args:
        data: Any data set. Arrays of whole numbers are not looked through for NaN, so that images
            cost next to nothing.

    Raises:
        DataError: If an array is empty, of an unfit type, holds NaN or infinity, or differs in
            length or shape from its fellows; if labels are floats, no `(n,)`, or out of range. The
            text names the array and its shape.

    Example:

    >>> check(load("mnist"))
    """
    for name in SPLITS:
        split: Split = getattr(data, name)
        for label, x in _arrays(f"{name}.x", split.x):
            _check_inputs(label, x)
        for number, (label, y) in enumerate(_arrays(f"{name}.y", split.y)):
            # The classes are those of the first output; `check_targets` looks at the others.
            _check_targets(label, y, len(data.classes) if number == 0 else 0)
        _check_lengths(name, split)
        _check_alike(name, split, data.train)


def _arrays(name: str, arrays: Any) -> Iterator[tuple[str, Any]]:
    """Yields arrays with what to call them."""
    pairs = (
        [(f"{name}[{key!r}]", array) for key, array in arrays.items()]
        if isinstance(arrays, dict)
        else [(name, arrays)]
    )
    if not pairs:
        raise DataError(f"{name}: expected arrays, received an empty dictionary.")
    for label, array in pairs:
        if not isinstance(array, (np.ndarray, Rows)):
            raise DataError(
                f"{label}: expected a NumPy array, received {type(array).__name__}."
                " Convert it with np.asarray."
            )
        shown = f"{label} {array.shape}"
        if array.ndim == 0 or array.size == 0:
            raise DataError(f"{shown}: expected samples, received an empty array.")
        yield shown, array


def _check_inputs(label: str, x: Array) -> None:
    if x.dtype == object:
        _check_texts(label, x)
    elif x.dtype.kind not in "iuf":
        advice = "object" if x.dtype.kind in "US" else "'float32'"
        raise DataError(
            f"{label}: expected numbers or Python strings, received {x.dtype}. Convert it with"
            f" astype({advice})."
        )
    else:
        _check_finite(label, x)


def _check_texts(label: str, x: Array) -> None:
    for position, value in np.ndenumerate(x):
        if not isinstance(value, str):
            raise DataError(
                f"{label}: expected strings in an array of objects, received"
                f" {type(value).__name__} at {list(position)}. Convert it with astype('float32'),"
                " or to strings."
            )


def _check_finite(label: str, array: Array) -> None:
    if array.dtype.kind != "f":
        return
    wrong, first = 0, None
    # A few rows at a time: the mask of all would take a quarter of the memory again.
    rows = max(1, CHUNK // math.prod(array.shape[1:]))
    for start in range(0, len(array), rows):
        finite = np.isfinite(array[start : start + rows])
        if finite.all():
            continue
        wrong += finite.size - int(np.count_nonzero(finite))
        if first is None:
            row, *rest = np.argwhere(~finite)[0].tolist()
            first = [start + row, *rest]
    if first is not None:
        values = "1 value is" if wrong == 1 else f"{wrong:,} values are"
        place = "at" if wrong == 1 else "the first at"
        raise DataError(
            f"{label}: {values} not finite, {place} {first}. Remove these samples, or replace the"
            " values."
        )


def _check_targets(label: str, y: Array, classes: int) -> None:
    if y.dtype.kind not in "iuf":
        wanted = "'int32'" if classes else "'float32'"
        raise DataError(
            f"{label}: expected numbers as targets, received {y.dtype}. Convert it with"
            f" astype({wanted})."
        )
    if not classes:
        _check_finite(label, y)
        return
    if y.dtype.kind == "f":
        raise DataError(
            f"{label}: expected class numbers, received {y.dtype}. Convert it with"
            " astype('int32'), or leave out the class names for regression."
        )
    if y.ndim != 1:
        column = y.ndim == 2 and y.shape[1] == 1
        advice = "Take y[:, 0]." if column else "Turn one-hot labels with y.argmax(axis=-1)."
        raise DataError(f"{label}: expected class numbers of shape ({len(y)},). {advice}")
    _check_range(label, y, classes)


def _check_range(label: str, y: Array, classes: int) -> None:
    if int(y.min()) >= 0 and int(y.max()) < classes:
        return
    wrong = (y < 0) | (y >= classes)
    first, count = int(np.argmax(wrong)), int(np.count_nonzero(wrong))
    more = f" ({count:,} such labels)" if count > 1 else ""
    raise DataError(
        f"{label}: expected class numbers from 0 to {classes - 1}, received {y[first]} at"
        f" [{first}]{more}. Number the classes from 0, or name them all."
    )


def _check_lengths(name: str, split: Split) -> None:
    both = [*_arrays(f"{name}.x", split.x), *_arrays(f"{name}.y", split.y)]
    (first, reference), *others = both
    for label, array in others:
        if len(array) != len(reference):
            raise DataError(
                f"{label}: expected {len(reference):,} samples as in {first}, received"
                f" {len(array):,}. Give each sample its inputs and its target."
            )


def _check_alike(name: str, split: Split, train: Split) -> None:
    """Compares a split's arrays with those of the training split."""
    for axis in "xy":
        wanted = dict(_arrays(axis, getattr(train, axis)))
        found = dict(_arrays(axis, getattr(split, axis)))
        keys = [label.partition(" ")[0] for label in wanted]
        if keys != [label.partition(" ")[0] for label in found]:
            raise DataError(
                f"{name}.{axis}: expected the arrays {', '.join(keys)} as in train, received"
                f" {', '.join(label.partition(' ')[0] for label in found)}. Name them alike."
            )
        for (label, array), reference in zip(found.items(), wanted.values(), strict=True):
            if array.shape[1:] != reference.shape[1:] or array.dtype.kind != reference.dtype.kind:
                raise DataError(
                    f"{name}.{label}: expected samples of shape {reference.shape[1:]} and"
                    f" {reference.dtype} as in train, received {array.shape[1:]} and {array.dtype}."
                    " Prepare all splits alike."
                )
