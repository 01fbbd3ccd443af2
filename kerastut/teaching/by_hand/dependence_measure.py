"""Which pixels a unit of a net depends on."""

import keras
import numpy as np
import tensorflow as tf

from kerastut.arrays import Array


def dependence(model: keras.Model, row: int, column: int, images: int = 64) -> Array:
    """Measures how much the units at one place of a model's last maps change with each pixel.

    A maximum passes on one pixel of its window at a time, so the derivatives are taken on many
    images of noise, and the largest counts.

    Args:
        model: From images `(batch, height, width, channels)` to maps.
        row: Row of the maps.
        column: Column of the maps.
        images: How many images of noise.

    Returns:
        `(height, width)`; zero where no unit at that place depends on the pixel.
    """
    rng = np.random.default_rng(0)
    noise = tf.constant(rng.uniform(0, 255, (images, *model.input_shape[1:])), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(noise)
        units = tf.reduce_sum(model(noise)[:, row, column])
    largest: Array = np.abs(tape.gradient(units, noise)).max(axis=(0, 3))
    return largest
