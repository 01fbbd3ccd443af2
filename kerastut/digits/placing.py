"""A digit's ink, brought to where MNIST has it."""

import numpy as np
from PIL import Image
from scipy import ndimage

from kerastut.arrays import Array
from kerastut.digits.ink import resized
from kerastut.digits.parts import Box

# As MNIST's digits are: their longer side is 20 pixels, their centre of mass lies on pixel 14.
SIDE, BOX, MIDDLE = 28, 20, 14
# Pixels around a digit that still belong to its soft edge; how strong ink is that counts for its
# size.
EDGE, INK = 2, 0.3


def cut(found: Array, mask: Array, box: Box, level: float) -> Array:
    """Returns a digit's ink, 1 where it is as strong as `level`.

    Args:
        found: Ink of the whole picture.
        mask: Its pixels that belong to the digit.
        box: Where they lie.
        level: How strong ink is.
    """
    top, left, bottom, right = (max(0, side) for side in np.add(box, (-EDGE, -EDGE, EDGE, EDGE)))
    own = ndimage.binary_dilation(mask[top:bottom, left:right], iterations=EDGE)
    return np.asarray(np.clip(found[top:bottom, left:right] * own / level, 0, 1), np.float32)


def turned(ink: Array, degrees: float) -> Array:
    """Returns ink turned to the left."""
    image = Image.fromarray(ink).rotate(degrees, Image.Resampling.BILINEAR, expand=True)
    return np.asarray(image)


def placed(ink: Array) -> Array:
    """Returns a digit as MNIST has it.

    Args:
        ink: `(height, width)` float32 from 0 to 1.

    Returns:
        `(28, 28)` uint8, light on dark.
    """
    rows, columns = (ink > INK * ink.max()).nonzero()
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    size = [max(1, round(side * BOX / max(ink.shape))) for side in ink.shape]
    digit = resized(ink, *size)
    whole = np.zeros((SIDE, SIDE), np.float32)
    whole[_place(digit.sum(axis=1)), _place(digit.sum(axis=0))] = digit * (255 / digit.max())
    return whole.round().astype(np.uint8)


def _place(mass: Array) -> slice:
    """Returns where a digit goes along an axis, by its mass along it."""
    centre = float((mass * np.arange(len(mass))).sum() / mass.sum())
    first = min(max(round(MIDDLE - centre), 0), SIDE - len(mass))
    return slice(first, first + len(mass))
