"""What goes wrong with a trained net: a wrong bit, a file that is code, a wrong call."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.errors import KerastutError
from kerastut.teaching.by_hand.cells import softmax


class Gift:
    """What looks like data and is a call: pickle stores the function's name and its arguments."""

    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("this ran while loading; it could have been any program",)


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


def outputs(weights: Sequence[Array], images: Array) -> Array:
    """Returns the probabilities of a net with one hidden layer, in NumPy and single precision.

    Args:
        weights: As `get_weights` returns them: hidden layer, output layer.
        images: Pixels from 0 to 255.
    """
    w1, b1, w2, b2 = weights
    pixels = images.reshape(len(images), -1) / np.float32(255)
    with np.errstate(all="ignore"):  # a wrong bit may make a weight infinite
        return softmax(np.maximum(0, pixels @ w1 + b1) @ w2 + b2)


def flip_changes(weights: Sequence[Array], images: Array, places: Sequence[int]) -> Array:
    """Returns how much an output changes at the most, `(places, 32)`; 1 if it is not a number.

    Args:
        weights: As `outputs` takes them.
        images: As `outputs` takes them.
        places: Weights of the output layer; each of their bits is turned over in turn.
    """
    *before, w2, b2 = weights
    spoilt = [[flipped(w2, place, bit) for bit in range(32)] for place in places]
    wrong = [[outputs([*before, w, b2], images) for w in row] for row in spoilt]
    gaps = np.nan_to_num(np.abs(wrong - outputs(weights, images)), nan=1.0)
    changes: Array = gaps.max(axis=(2, 3))
    return changes


def digest_changes(array: Array, places: Sequence[int]) -> list[int]:
    """Turns over the lowest bit of one number after another; counts what changes in the SHA-256."""
    arrays = array, *(flipped(array, place, 0) for place in places)
    own, *others = (int(hashlib.sha256(one.tobytes()).hexdigest(), 16) for one in arrays)
    return [(own ^ other).bit_count() for other in others]


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


def ways_of_calling(model: keras.Model, augmentation: keras.Layer, x: Array) -> dict[str, Array]:
    """Returns the answers, by each way, of a net whose first layer scales pixels of 0 to 255."""
    bare = keras.Sequential(model.layers[1:])
    augmented = keras.Sequential([keras.Input(x.shape[1:]), augmentation, model])
    answers = {
        "as trained": model(x),
        "scaled twice": model(x / 255),
        "never scaled": bare(x),
        "augmented, predict(x)": augmented.predict(x, verbose=0),
        "augmented, training=False": augmented(x, training=False),
        "augmented, model(x)": augmented(x),
    }
    return {way: keras.ops.convert_to_numpy(answer) for way, answer in answers.items()}
