"""Pairs of MNIST digits, with their sum and its parity."""

from dataclasses import replace
from typing import Any

import numpy as np

from kerastut.data.bundled import mnist
from kerastut.data.splits import SPLITS, Data, Split


def read(seed: int) -> Data:
    """Pairs each digit of MNIST with another one of the same split, drawn by the seed.

    Inputs are `{"left", "right"}`, each `(n, 28, 28, 1)` uint8; targets are `{"sum", "parity"}`,
    each `(n,)` int32: 0 to 18, and 1 where the sum is odd.
    """
    digits = mnist.read(seed)
    splits: dict[str, Any] = {
        name: _paired(getattr(digits, name), np.random.default_rng([seed, number]))
        for number, name in enumerate(SPLITS)
    }
    return replace(digits, name="mnist-pairs", classes=tuple(map(str, range(19))), **splits)


def _paired(split: Split, rng: np.random.Generator) -> Split:
    partner = split.take(rng.permutation(len(split)))
    total = (split.y + partner.y).astype(np.int32)
    return Split({"left": split.x, "right": partner.x}, {"sum": total, "parity": total % 2})
