"""TensorFlow's compiled training step and nothing else: what any loop around it can reach at best.

The images lie in memory as float32 in one fixed order; there are no metrics.
"""

import time
from typing import Any

import keras
import tensorflow as tf

from benchmarks import data, models


def measure(model: str, samples: int, batch: int, epochs: int, seed: int) -> dict[str, Any]:
    """Times epochs of steps, after the two that trace and warm up."""
    x, y, test_x, test_y = data.images(samples)
    keras.utils.set_random_seed(seed)
    net = models.EPOCHS[model]()
    step = compiled_step(net, tf.constant(data.scaled(x)), tf.constant(y, tf.int32), batch)
    starts = [tf.constant(start) for start in range(0, samples, batch)]
    began = time.perf_counter()
    for start in (starts[0], starts[-1]):
        step(start).numpy()
    first, seconds = time.perf_counter() - began, []
    for _ in range(epochs):
        began = time.perf_counter()
        for start in starts:
            loss = step(start)
        loss.numpy()
        seconds.append(time.perf_counter() - began)
    right = net.predict(data.scaled(test_x), batch_size=1000, verbose=0).argmax(axis=1) == test_y
    return {
        "seconds": seconds,
        "first": first,
        "accuracy": float(right.mean()),
        "parameters": net.count_params(),
    }


def compiled_step(net: Any, images: tf.Tensor, labels: tf.Tensor, batch: int) -> Any:
    """Returns the compiled function that trains on the batch from one sample on."""
    optimizer = keras.optimizers.Adam()
    optimizer.build(net.trainable_variables)
    loss_of = keras.losses.SparseCategoricalCrossentropy()

    def step(start: tf.Tensor) -> tf.Tensor:
        part = slice(start, start + batch)
        with tf.GradientTape() as tape:
            loss = loss_of(labels[part], net(images[part], training=True))
        optimizer.apply(tape.gradient(loss, net.trainable_variables), net.trainable_variables)
        return loss

    return tf.function(step)
