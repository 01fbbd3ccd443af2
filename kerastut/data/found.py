"""What a reader returns, before it is divided into splits."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from kerastut.arrays import Array
from kerastut.data.splits import Split
from kerastut.errors import DataError

SIZE = (28, 28)  # height and width of pictures, where nobody chose one
WHOLE = "whole"
PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev"), "validation"),
    "test": "test",
}
MOST_CLASSES = 10_000


@dataclass(frozen=True)
class Found:
    """The samples of a file or folder.

    Args:
        parts: Samples under `"whole"`, or under `"train"`, `"test"` and perhaps `"validation"`
            where the data come divided.
        classes: Class names by class number; empty for regression.
        note: What was taken and how, for people.
    """

    parts: Mapping[str, Split]
    classes: tuple[str, ...]
    note: str


def sorted_classes(names: Collection[str]) -> tuple[str, ...]:
    """Returns the names in order; whole numbers by their value, so that 10 follows 9."""
    if all(re.fullmatch("[0-9]{1,18}", name) for name in names):
        return tuple(sorted(names, key=lambda name: (int(name), name)))
    return tuple(sorted(names))


def numbered_classes(labels: Array, where: str) -> tuple[str, ...]:
    """Returns the names `"0"`, `"1"`, ... for labels that are numbers.

    Args:
        labels: Integers, at least one.
        where: File and array, for the error.

    Raises:
        DataError: If a label is negative or too large, or all are the same.
    """
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= MOST_CLASSES:
        wrong = low if low < 0 else high
        first = int(np.argmax(labels == wrong))
        raise DataError(
            f"{where}: expected class numbers from 0 to {MOST_CLASSES - 1:,}, received {wrong}"
            f" at [{first}]. Number the classes from 0."
        )
    if low == high:
        raise DataError(
            f"{where}: expected two classes or more, received {low} alone. Add the other classes."
        )
    return tuple(map(str, range(high + 1)))
