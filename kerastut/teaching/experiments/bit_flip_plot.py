"""What a single wrong bit does to a number of 32 bits, and to what is computed with it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import BLUE, GREEN, ORANGE, RED, house_style

# First bit, one past the last, name, colour.
_FIELDS = ((0, 23, "fraction", BLUE), (23, 31, "exponent", ORANGE), (31, 32, "sign", GREEN))


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
        scores = np.maximum(0, pixels @ w1 + b1) @ w2 + b2
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def flip_changes(weights: Sequence[Array], images: Array, places: Sequence[int]) -> Array:
    """Returns how much an output changes at the most, `(places, 32)`; 1 if it is not a number.

    Args:
        weights: As `outputs` takes them.
        images: As `outputs` takes them.
        places: Weights of the output layer; each of their bits is turned over in turn.
    """
    *before, w2, b2 = weights
    right, changes = outputs(weights, images), np.empty((len(places), 32))
    for row, place in enumerate(places):
        for bit in range(32):
            wrong = outputs([*before, flipped(w2, place, bit), b2], images)
            changes[row, bit] = np.nan_to_num(np.abs(wrong - right), nan=1.0).max()
    return changes


@house_style
def bit_flips(changes: Sequence[Sequence[float]] | Array, floor: float = 1e-9) -> Figure:
    """Draws how much the output changes, for each bit.

    Args:
        changes: `(trials, 32)`; what is below the floor is drawn on it.
        floor: Lowest value of the logarithmic axis.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(7.2, 3.8), layout="constrained")
    ax, values = figure.subplots(), np.maximum(np.asarray(changes), floor)
    for first, end, name, colour in _FIELDS:
        ax.axvspan(first - 0.5, end - 0.5, color=colour, alpha=0.08, lw=0)
        ax.text((first + end - 1) / 2, 6, name, color=colour, ha="center", va="bottom")
        bits = np.arange(first, end)
        for row in values:
            ax.plot(bits, row[first:end], "o", color=colour, ms=3.5, alpha=0.45, mew=0)
        ax.plot(bits, np.median(values, axis=0)[first:end], "_", color=RED, ms=11, mew=2)
    ax.set(xlabel="bit that was turned over (red: median)", ylabel="largest change of an output")
    ax.set(yscale="log", xlim=(-0.6, 31.6), ylim=(floor / 2, 3))
    return figure
