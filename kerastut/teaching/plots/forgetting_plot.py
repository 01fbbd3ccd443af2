"""How much an earlier input still matters to the last state of a recurrent layer."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.teaching.plots.curve_plot import curves


def forgetting(x: Array, biases: Sequence[float], units: int = 16) -> Figure:
    """Draws the size of the last state's gradient with respect to each input, step by step back.

    The layers are not trained; the LSTMs differ in the bias of their forget gate alone.

    Args:
        x: Inputs `(steps, features)`.
        biases: Of the forget gates.
        units: Width of each layer.

    Returns:
        The figure.
    """
    lines = {"simple recurrent layer": influence(_seeded(keras.layers.SimpleRNN, units, x), x)}
    for bias in biases:
        layer = _seeded(keras.layers.LSTM, units, x)
        w, u, b = layer.get_weights()
        b[units : 2 * units] = bias  # Keras's order of gates: input, forget, candidate, output
        layer.set_weights([w, u, b])
        lines[f"LSTM, forget bias {bias:g}"] = influence(layer, x)
    return curves(
        lines,
        title="how much an input still matters to the last state",
        xlabel="steps back",
        ylabel="size of the gradient",
        yscale="log",
    )


def influence(layer: keras.layers.Layer, x: Array) -> Array:
    """Returns the norm of the gradient of the summed last state by each input, the last first.

    Args:
        layer: A recurrent layer that returns its last state.
        x: Inputs `(steps, features)`.
    """
    inputs = tf.constant(x[None])
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        end = tf.reduce_sum(layer(inputs))
    sizes: Array = np.linalg.norm(tape.gradient(end, inputs)[0], axis=1)[::-1]
    return sizes


def _seeded(kind: type[keras.layers.Layer], units: int, x: Array) -> keras.layers.Layer:
    keras.utils.set_random_seed(0)
    layer = kind(units, dtype="float64")
    layer.build((None, *x.shape))
    return layer
