"""What goes wrong with a trained net's files: a wrong bit, a refusal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.errors import KerastutError


def flipped(array: Array, place: int, bit: int) -> Array:
    """Returns a copy of a float32 array with one bit turned over.

    Args:
        array: float32.
        place: Which number, counted along the flat array.
        bit: Which bit: 0 to 22 are the fraction, 23 to 30 the exponent, 31 is the sign.

    Example:

    >>> flipped(np.float32([1.0]), place=0, bit=31)
    array([-1.], dtype=float32)
    """
    bits = np.array(array, np.float32).view(np.uint32)
    bits.flat[place] ^= np.uint32(1 << bit)
    return bits.view(np.float32)


def damage(path: Path) -> None:
    """Turns over one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def refusal(load: Callable[[Path], Any], path: Path) -> str:
    """Returns the beginning of what a loader says when it refuses a file."""
    try:
        load(path)
    except (ValueError, KerastutError) as error:
        text = str(error).replace(str(path), path.name)
        return f"{type(error).__name__}: {text.partition('. ')[0]}."
    return f"{path.name} was loaded."
