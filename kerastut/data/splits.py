"""The splits of a data set."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Split:
    """Inputs and targets of equal length.

    Args:
        x: Inputs, samples first.
        y: Targets of shape `(samples,)`: class numbers (int32) or values (float32).
    """

    x: Array
    y: Array

    def __len__(self) -> int:
        return len(self.x)

    def take(self, indices: Array) -> "Split":
        """Returns the samples at `indices`."""
        return Split(self.x[indices], self.y[indices])


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
        sha256: Digest of the files, or of the generated arrays.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    classes: tuple[str, ...]
    source: str
    sha256: str

    def limited(
        self, limit: int, seed: int, splits: tuple[str, ...] = ("train", "validation", "test")
    ) -> "Data":
        """Returns at most `limit` samples of each named split, with the classes' shares kept."""
        taken: dict[str, Any] = {}
        for number, name in enumerate(splits):
            split: Split = getattr(self, name)
            if limit < len(split):
                rng = np.random.default_rng([seed, number])
                split = split.take(_subset(split.y, limit, bool(self.classes), rng))
            taken[name] = split
        return replace(self, **taken)


def digest(*arrays: Array) -> str:
    """Returns the SHA-256 of the arrays' bytes, in hexadecimal."""
    state = hashlib.sha256()
    for array in arrays:
        state.update(np.ascontiguousarray(array).tobytes())
    return state.hexdigest()


def _subset(y: Array, limit: int, stratified: bool, rng: np.random.Generator) -> Array:
    """Draws `limit` indices, in order; `stratified` shares them among the classes."""
    order = rng.permutation(len(y))
    if stratified:
        # Stepping evenly through the samples sorted by class gives each class its share to within
        # one sample; the permutation decides which samples of the class.
        by_class = order[np.argsort(y[order], kind="stable")]
        order = by_class[((np.arange(limit) + 0.5) * len(y) / limit).astype(np.int64)]
    return np.sort(order[:limit])
