"""Arrays that stay in files: only the samples that are asked for come into memory."""

from typing import Any

import numpy as np

from kerastut.arrays import Array


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
