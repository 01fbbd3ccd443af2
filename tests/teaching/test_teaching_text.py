"""What the chapters on text and on regularisation draw and compute."""

import keras
import numpy as np
from matplotlib.figure import Figure

from kerastut import teaching


def test_the_lstm_is_that_of_keras_with_and_without_a_mask() -> None:
    rng = np.random.default_rng(0)
    x, present = rng.normal(size=(2, 7, 3)), rng.uniform(size=(2, 7)) > 0.4
    layer = keras.layers.LSTM(4, return_sequences=True, dtype="float64")
    for mask in (None, present):
        expected = np.asarray(layer(x, mask=mask))
        for row in range(2):
            kept = None if mask is None else mask[row]
            w, u, b = layer.get_weights()
            found = teaching.lstm(x[row], w, u, b, present=kept)
            assert np.allclose(found[-1], expected[row, -1], atol=1e-12)


def test_the_drawings_are_figures() -> None:
    x = np.random.default_rng(0).normal(size=(5, 3))
    drawn = (
        teaching.lengths([3, 40, 500], kept=100),
        teaching.weight_sizes({"none": x, "l2": x / 10}, "weights"),
        teaching.forgetting(x, biases=(1, 5)),
    )
    for figure in drawn:
        assert isinstance(figure, Figure)
        figure.canvas.draw()
