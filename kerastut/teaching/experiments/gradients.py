"""What depends on what."""

from collections.abc import Sequence

import keras
import numpy as np
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.teaching.by_hand.differences import by_tape
from kerastut.teaching.plots.graphs import curves

UNITS = 16


def dependence(model: keras.Model, row: int, column: int) -> Array:
    """Measures how much the units at one place of a model's last maps change with each pixel.

    A maximum passes on one pixel of its window at a time, so the derivatives are taken on many
    images of noise, and the largest counts.

    Args:
        model: From images `(batch, height, width, channels)` to maps.
        row: Row of the maps.
        column: Column of the maps.

    Returns:
        `(height, width)`; zero where no unit at that place depends on the pixel.
    """
    rng = np.random.default_rng(0)
    noise = rng.uniform(0, 255, (64, *model.input_shape[1:])).astype("float32")
    slopes = by_tape(lambda x: model(x)[:, row, column], noise)
    largest: Array = np.abs(slopes).max(axis=(0, 3))
    return largest


def forgetting(x: Array, biases: Sequence[float]) -> Figure:
    """Draws the size of the last state's gradient with respect to each input, step by step back.

    The layers are not trained; the LSTMs differ in the bias of their forget gate alone.

    Args:
        x: Inputs `(steps, features)`.
        biases: Of the forget gates.
    """
    lines = {"simple recurrent layer": _influence(keras.layers.SimpleRNN, x)}
    lines |= {f"LSTM, forget bias {b:g}": _influence(keras.layers.LSTM, x, b) for b in biases}
    title = "how much an input still matters to the last state"
    return curves(lines, None, "steps back", "size of the gradient", title, yscale="log")


def _influence(kind: type[keras.layers.Layer], x: Array, bias: float | None = None) -> Array:
    """Returns the norm of the gradient of the summed last state by each input, the last first."""
    keras.utils.set_random_seed(0)
    layer = kind(UNITS, dtype="float64")
    layer.build((None, *x.shape))
    if bias is not None:
        gates = np.repeat([0, bias, 0, 0], UNITS)  # input, forget, candidate, output
        layer.set_weights([*layer.get_weights()[:2], gates])
    sizes: Array = np.linalg.norm(by_tape(layer, x[None])[0], axis=1)[::-1]
    return sizes
