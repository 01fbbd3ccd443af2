"""Refuses data that would train without an error and give nonsense."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data.splits import SPLITS, Data, Rows, Split, labelled
from kerastut.errors import DataError

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
        for fault in _faults(name, getattr(data, name), data):
            raise DataError(fault)


def _faults(name: str, split: Split, data: Data) -> Iterator[str]:
    """Yields what is wrong with a split; what comes later takes for granted what came before."""
    for axis in "xy":
        yield from _no_arrays(f"{name}.{axis}", getattr(split, axis))
    inputs, targets = _shaped(f"{name}.x", split.x), _shaped(f"{name}.y", split.y)
    for label, x in inputs.items():
        yield from _unfit_inputs(label, x)
    for number, (label, y) in enumerate(targets.items()):
        # The classes are those of the first output; `check_targets` looks at the others.
        yield from _unfit_targets(label, y, len(data.classes) if number == 0 else 0)
    (first, reference), *others = [*inputs.items(), *targets.items()]
    for label, array in others:
        if len(array) != len(reference):
            yield (
                f"{label}: expected {len(reference):,} samples as in {first}, received"
                f" {len(array):,}. Give each sample its inputs and its target."
            )
    for axis in "xy":
        yield from _unlike(name, axis, getattr(split, axis), getattr(data.train, axis))


def _shaped(label: str, arrays: Any) -> dict[str, Array]:
    return {f"{name} {array.shape}": array for name, array in labelled(label, arrays).items()}


def _no_arrays(label: str, arrays: Any) -> Iterator[str]:
    if isinstance(arrays, dict) and not arrays:
        yield f"{label}: expected arrays, received an empty dictionary."
    for name, array in labelled(label, arrays).items():
        if not isinstance(array, (np.ndarray, Rows)):
            yield (
                f"{name}: expected a NumPy array, received {type(array).__name__}."
                " Convert it with np.asarray."
            )
        if array.ndim == 0 or array.size == 0:
            yield f"{name} {array.shape}: expected samples, received an empty array."


def _unfit_inputs(label: str, x: Array) -> Iterator[str]:
    if x.dtype == object:
        for position, value in np.ndenumerate(x):
            if not isinstance(value, str):
                yield (
                    f"{label}: expected strings in an array of objects, received"
                    f" {type(value).__name__} at {list(position)}. Convert it with"
                    " astype('float32'), or to strings."
                )
    elif x.dtype.kind not in "iuf":
        advice = "object" if x.dtype.kind in "US" else "'float32'"
        yield (
            f"{label}: expected numbers or Python strings, received {x.dtype}. Convert it with"
            f" astype({advice})."
        )
    else:
        yield from _not_finite(label, x)


def _not_finite(label: str, array: Array) -> Iterator[str]:
    if array.dtype.kind != "f":
        return
    wrong, first = 0, None
    # A few rows at a time: the mask of all would take a quarter of the memory again.
    rows = max(1, CHUNK // math.prod(array.shape[1:]))
    for start in range(0, len(array), rows):
        places = np.argwhere(~np.isfinite(array[start : start + rows]))
        wrong += len(places)
        if first is None and len(places):
            first = [start + int(places[0, 0]), *places[0, 1:].tolist()]
    if first is not None:
        many = f"{wrong:,} values are not finite, the first at"
        values = "1 value is not finite, at" if wrong == 1 else many
        yield f"{label}: {values} {first}. Remove these samples, or replace the values."


def _unfit_targets(label: str, y: Array, classes: int) -> Iterator[str]:
    if y.dtype.kind not in "iuf":
        wanted = "'int32'" if classes else "'float32'"
        yield (
            f"{label}: expected numbers as targets, received {y.dtype}. Convert it with"
            f" astype({wanted})."
        )
    if not classes:
        yield from _not_finite(label, y)
        return
    if y.dtype.kind == "f":
        yield (
            f"{label}: expected class numbers, received {y.dtype}. Convert it with"
            " astype('int32'), or leave out the class names for regression."
        )
    if y.ndim != 1:
        column = y.ndim == 2 and y.shape[1] == 1
        advice = "Take y[:, 0]." if column else "Turn one-hot labels with y.argmax(axis=-1)."
        yield f"{label}: expected class numbers of shape ({len(y)},). {advice}"
    wrong = np.flatnonzero((y < 0) | (y >= classes))
    if len(wrong):
        more = f" ({len(wrong):,} such labels)" if len(wrong) > 1 else ""
        yield (
            f"{label}: expected class numbers from 0 to {classes - 1}, received {y[wrong[0]]} at"
            f" [{wrong[0]}]{more}. Number the classes from 0, or name them all."
        )


def _unlike(name: str, axis: str, arrays: Any, train: Any) -> Iterator[str]:
    """Compares a split's arrays with those of the training split."""
    found, wanted = labelled(axis, arrays), labelled(axis, train)
    if list(found) != list(wanted):
        yield (
            f"{name}.{axis}: expected the arrays {', '.join(wanted)} as in train, received"
            f" {', '.join(found)}. Name them alike."
        )
    for label, array in found.items():
        shape, dtype = wanted[label].shape[1:], wanted[label].dtype
        if array.shape[1:] != shape or array.dtype.kind != dtype.kind:
            yield (
                f"{name}.{label} {array.shape}: expected samples of shape {shape} and {dtype} as in"
                f" train, received {array.shape[1:]} and {array.dtype}. Prepare all splits alike."
            )
