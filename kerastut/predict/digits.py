"""Puts a digit where MNIST has it, in MNIST's size."""

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
        placed[_place(digit.sum(axis=1)), _place(digit.sum(axis=0))] = digit * (255 / digit.max())
    return placed.round().astype(np.uint8)


def _cropped(ink: Array) -> Array:
    rows, columns = (ink > INK * ink.max()).nonzero()
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _boxed(ink: Array) -> Array:
    """Resizes so that the longer side is that of the box."""
    from PIL import Image

    height, width = (max(1, round(side * BOX / max(ink.shape))) for side in ink.shape)
    resized = Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(resized)


def _place(mass: Array) -> slice:
    """Returns where a digit goes along an axis, by its mass along it."""
    centre = float((mass * np.arange(len(mass))).sum() / mass.sum())
    first = min(max(round(MIDDLE - centre), 0), SIDE - len(mass))
    return slice(first, first + len(mass))
