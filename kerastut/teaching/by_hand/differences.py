"""Derivatives by trying, and by TensorFlow's tape."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from kerastut.arrays import Array


def finite_differences(
    function: Callable[..., float], arrays: Sequence[Array], step: float = 1e-6
) -> list[Array]:
    """Estimates the derivative of a function with respect to every number of its arguments.

    Each number is moved up and down by the step, and the two results are subtracted: the error is
    of the order of `step**2`, and of the rounding of the function divided by `step`. Returns one
    array for each float64 array, of its shape.

    Example:

    >>> finite_differences(lambda w: (w**2).sum(), [np.array([1.0, 2.0])])
    [array([2., 4.])]
    """
    moved = [array.copy() for array in arrays]
    slopes = [np.empty_like(array) for array in arrays]
    for array, slope in zip(moved, slopes, strict=True):
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + step
            above = function(*moved)
            array[place] = kept - step
            slope[place] = (above - function(*moved)) / (2 * step)
            array[place] = kept
    return slopes


def by_tape(function: Callable[[tf.Tensor], tf.Tensor], x: Array) -> Array:
    """Returns the derivative of what a function returns, summed, with respect to its input."""
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(function(inputs))
    return np.array(tape.gradient(total, inputs))
