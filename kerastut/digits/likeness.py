"""Whether a picture of 28x28 looks like a digit at all: a small net that was trained on that."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from kerastut.arrays import Array

FILE = Path(__file__).with_name("likeness.npz")


@cache
def weights() -> list[Array]:
    """Returns kernels and biases, layer by layer."""
    with np.load(FILE) as file:
        return [file[name].astype(np.float32) for name in file.files]


def likeness(digits: Array) -> Array:
    """Returns how much pictures look like digits: the logarithm of the odds.

    Args:
        digits: `(n, 28, 28)` uint8, placed as MNIST's.

    Returns:
        `(n,)` float32.
    """
    kernel, bias, kernel2, bias2, dense, bias3, last, bias4 = weights()
    x = digits[..., None].astype(np.float32) / 255
    x = convolved(convolved(x, kernel, bias), kernel2, bias2)
    x = np.maximum(x.reshape(len(x), -1) @ dense + bias3, 0)
    return np.asarray((x @ last + bias4)[:, 0])


def convolved(x: Array, kernel: Array, bias: Array) -> Array:
    """Returns a convolution with a stride of 2 and ReLU."""
    patches = sliding_window_view(x, kernel.shape[:2], (1, 2))[:, ::2, ::2]
    summed = np.tensordot(patches, kernel, ((4, 5, 3), (0, 1, 2)))
    return np.asarray(np.maximum(summed + bias, 0))
