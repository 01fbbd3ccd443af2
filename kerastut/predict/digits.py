"""Brings a picture to what a model was trained on: its background, and a digit's place and size."""

import numpy as np

from kerastut.arrays import Array
from kerastut.data import border

# As MNIST's digits are: their longer side is 20 pixels, their centre of mass lies on pixel 14.
SIDE, BOX, MIDDLE = 28, 20, 14
# Share of the strongest ink below which a pixel is paper; at 0.3 the grain of a photograph counts.
INK = 0.5


def centred(pixels: Array) -> Array:
    """Returns a light digit on dark ground as MNIST has it.

    Args:
        pixels: `(height, width)` uint8 of any size.

    Returns:
        `(28, 28)` uint8.
    """
    ink = np.clip(pixels - np.median(border(pixels)), 0, None).astype(np.float32)
    placed = np.zeros((SIDE, SIDE), np.float32)
    if ink.any():
        digit = _boxed(_cropped(ink))
        rows, columns = (_slice(digit, axis) for axis in (0, 1))
        placed[rows, columns] = digit * (255 / digit.max())
    return placed.round().astype(np.uint8)


def _cropped(ink: Array) -> Array:
    found = ink > INK * ink.max()
    (rows,), (columns,) = (found.any(axis=axis).nonzero() for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _boxed(ink: Array) -> Array:
    """Resizes so that the longer side is that of the box."""
    from PIL import Image

    height, width = (max(1, round(side * BOX / max(ink.shape))) for side in ink.shape)
    resized = Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(resized)


def _slice(digit: Array, axis: int) -> slice:
    """Returns where the digit goes along an axis, by its centre of mass."""
    length = digit.shape[axis]
    mass = digit.sum(axis=1 - axis)
    centre = float((mass * np.arange(length)).sum() / mass.sum())
    first = min(max(round(MIDDLE - centre), 0), SIDE - length)
    return slice(first, first + length)
