"""The splits of a data set; samples that are too many for memory stay in files."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kerastut.arrays import Array, Arrays, map_arrays

SPLITS = ("train", "validation", "test")


class Rows:
    """Chosen samples of an array in a file, in an order of their own.

    Indexing reads the samples asked for; `np.asarray` reads all of them.

    Args:
        file: The array, samples first.
        rows: Which of its samples, `(n,)` int64.

    Example:

    >>> Rows(np.load("images.npy", mmap_mode="r"), np.array([3, 1, 8]))[:2].shape
    (2, 28, 28, 1)
    """

    def __init__(self, file: Array, rows: Array) -> None:
        self._file, self._rows = file, rows
        self.shape: tuple[int, ...] = (len(rows), *file.shape[1:])
        self.dtype, self.ndim = file.dtype, file.ndim
        self.size = len(rows) * file[:1].size
        self.nbytes = self.size * self.dtype.itemsize

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, key: Any) -> Array:
        samples: Array = self._file[self._rows[key]]
        return samples

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        if copy is False:
            raise ValueError("Samples in a file cannot become an array without a copy.")
        return self[:].astype(dtype or self.dtype, copy=False)

    def take(self, indices: Array) -> "Rows":
        """Returns the samples at `indices`, still in the file."""
        return Rows(self._file, self._rows[indices])


def is_mapped(array: Any) -> bool:
    """Says whether the samples are in a file."""
    return isinstance(array, (np.memmap, Rows))


def taken(array: Any, indices: Array) -> Any:
    """Returns the samples at `indices`; those of a file stay there."""
    if isinstance(array, np.memmap):
        return Rows(array, indices)
    return array.take(indices) if isinstance(array, Rows) else array[indices]


@dataclass(frozen=True)
class Split:
    """Inputs and targets of equal length.

    Args:
        x: Inputs, samples first; a dictionary for a model of several inputs. Data too large for
            memory stay in files: `np.memmap`, or `Rows` of one.
        y: Targets of shape `(samples,)`: class numbers (int32) or values (float32); a dictionary
            for a model of several outputs.
    """

    x: Any
    y: Any

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def labels(self) -> Array:
        """The targets, or the first of several: what a subset is stratified by."""
        labels: Array = next(iter(self.y.values())) if isinstance(self.y, dict) else self.y
        return labels

    def take(self, indices: Array) -> "Split":
        """Returns the samples at `indices`; inputs in a file stay there."""
        x = map_arrays(lambda array: taken(array, indices), self.x)
        return Split(x, map_arrays(lambda array: array[indices], self.y))


@dataclass(frozen=True)
class Data:
    """A data set in three splits; the test split is for the final evaluation alone.

    Args:
        name: The name that loaded it.
        train: Samples to fit.
        validation: Samples to choose by: epochs, hyperparameters.
        test: Samples to report on, once.
        classes: Class names by class number; empty for regression.
        source: Where the data come from, for people.
        sha256: Digest of the files, or of the arrays.
        columns: Names of the columns by those of the inputs, for a table of numbers and words:
            inputs are then a dictionary of arrays `(samples, 1)`.
        bits: How many bits pictures of 16 bits used, before they became 8.
        units: What stands behind or before the numbers of a table's column, by its name.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    classes: tuple[str, ...]
    source: str
    sha256: str
    columns: Any = field(default_factory=dict)  # of texts
    bits: Any = None  # or a number
    units: Any = field(default_factory=dict)  # of texts

    def limited(self, limit: int, seed: int, splits: tuple[str, ...] = SPLITS) -> "Data":
        """Returns at most `limit` samples of each named split, with the classes' shares kept."""
        taken: dict[str, Any] = {}
        for number, name in enumerate(splits):
            split: Split = getattr(self, name)
            if limit < len(split):
                rng = np.random.default_rng([seed, number])
                taken[name] = split.take(subset(split.labels, limit, bool(self.classes), rng))
        return replace(self, **taken)


def subset(y: Array, limit: int, stratified: bool, rng: np.random.Generator) -> Array:
    """Draws `limit` indices, in order; `stratified` shares them among the classes."""
    order = rng.permutation(len(y))
    if stratified:
        # Stepping evenly through the samples sorted by class gives each class its share to within
        # one sample; the permutation decides which samples of the class.
        by_class = order[np.argsort(y[order], kind="stable")]
        order = by_class[((np.arange(limit) + 0.5) * len(y) / limit).astype(np.int64)]
    return np.sort(order[:limit])


def labelled(label: str, arrays: Arrays) -> dict[str, Array]:
    """Returns arrays by what to call them: `"x"`, or `"x['left']"` and so on of several."""
    if isinstance(arrays, dict):
        return {f"{label}[{key!r}]": array for key, array in arrays.items()}
    return {label: arrays}


def digest(splits: Mapping[str, Split]) -> str:
    """Returns a SHA-256 of names, shapes, types and values, also of arrays of Python strings."""
    arrays: dict[str, Array] = {}
    for name, split in splits.items():
        arrays |= labelled(f"{name}.x", split.x) | labelled(f"{name}.y", split.y)
    state = hashlib.sha256()
    for label, array in sorted(arrays.items()):
        state.update(f"{label} {array.shape} {array.dtype.str}\n".encode())
        if array.dtype == object:
            for text in array.flat:
                content = str(text).encode("utf-8", "surrogatepass")
                state.update(f"{len(content)} ".encode() + content)
        else:
            state.update(np.ascontiguousarray(array).data)
    return state.hexdigest()
