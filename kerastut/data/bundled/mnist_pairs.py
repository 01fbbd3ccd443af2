"""Pairs of MNIST digits, with their sum and its parity."""

from dataclasses import replace
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data.bundled import mnist
from kerastut.data.splits import Data, Split

SUMMARY = "two handwritten digits, their sum (19 classes) and its parity"


def read(seed: int) -> Data:
    """Pairs each digit of MNIST with another one of the same split.

    Args:
        seed: Decides the partners, and the validation part of MNIST.

    Returns:
        Inputs `{"left", "right"}`, each `(n, 28, 28, 1)` uint8; targets `{"sum", "parity"}`, each
        `(n,)` int32: 0 to 18, and 1 where the sum is odd. As many pairs as MNIST has images.
    """
    digits = mnist.read(seed)
    splits: dict[str, Any] = {
        name: _paired(getattr(digits, name), np.random.default_rng([seed, number]))
        for number, name in enumerate(("train", "validation", "test"))
    }
    classes = tuple(str(total) for total in range(19))
    return replace(digits, name="mnist-pairs", classes=classes, **splits)


def _paired(split: Split, rng: np.random.Generator) -> Split:
    images, labels = split.x, split.y
    partner: Array = rng.permutation(len(split))
    total = (labels + labels[partner]).astype(np.int32)
    return Split({"left": images, "right": images[partner]}, {"sum": total, "parity": total % 2})
