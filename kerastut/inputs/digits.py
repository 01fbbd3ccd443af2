"""Brings a picture to what a model was trained on: its background, and a digit's place and size."""

from typing import Literal

import numpy as np

from kerastut.data.splits import Array, Arrays

Background = Literal["dark", "light"]
# As MNIST's digits are: their longer side is 20 pixels, their centre of mass lies on pixel 14.
SIDE, BOX, MIDDLE = 28, 20, 14
# Share of the strongest ink below which a pixel is paper; at 0.3 the grain of a photograph counts.
INK = 0.5


def background_of(x: Arrays) -> Background | None:
    """Returns the background that grey training images have in common, or `None`.

    Args:
        x: Any training inputs; the first thousand are looked at if they are `(n, height, width, 1)`
            uint8.
    """
    if isinstance(x, dict) or x.dtype != np.uint8 or x.ndim != 4 or x.shape[3] != 1:
        return None
    light = float(np.mean([is_light(image[..., 0]) for image in x[:1000]]))
    return "dark" if light < 0.1 else "light" if light > 0.9 else None


def is_light(pixels: Array) -> bool:
    """Returns whether the border of a picture `(height, width)` is lighter than the whole of it."""
    return float(np.median(_border(pixels))) > float(pixels.mean())


def centred(pixels: Array) -> Array:
    """Returns a light digit on dark ground as MNIST has it.

    Args:
        pixels: `(height, width)` uint8 of any size.

    Returns:
        `(28, 28)` uint8.
    """
    ink = np.clip(pixels - np.median(_border(pixels)), 0, None).astype(np.float32)
    placed = np.zeros((SIDE, SIDE), np.float32)
    if ink.any():
        digit = _boxed(_cropped(ink))
        rows, columns = (_slice(digit, axis) for axis in (0, 1))
        placed[rows, columns] = digit * (255 / digit.max())
    return placed.round().astype(np.uint8)


def _border(pixels: Array) -> Array:
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


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
