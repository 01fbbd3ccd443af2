"""Keras's own `fit`: plain, with several steps in a call, compiled by XLA, on JAX, as the tutorial.

The tutorial's images are float32 and its labels one-hot float64; the others take whole numbers.
"""

import os
import time
from typing import Any

import numpy as np

from benchmarks import data


def measure(
    model: str,
    samples: int,
    batch: int,
    epochs: int,
    seed: int,
    backend: str = "tensorflow",
    jit: bool | str = False,
    steps: int = 1,
    one_hot: bool = False,
) -> dict[str, Any]:
    """Times epochs after one of two batches, which compiles the whole and the last one's shape."""
    os.environ["KERAS_BACKEND"] = backend
    import keras

    from benchmarks import models
    from benchmarks.clock import Clock

    x, y, test_x, test_y = _arrays(samples, one_hot)
    keras.utils.set_random_seed(seed)
    net = models.EPOCHS[model]()
    net.compile(
        optimizer="adam",
        loss="categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=jit,
        steps_per_execution=steps,
    )
    began = time.perf_counter()
    some = steps * batch + samples % batch
    net.fit(x[:some], y[:some], batch_size=batch, verbose=0)
    first = time.perf_counter() - began
    clock = Clock()
    net.fit(x, y, batch_size=batch, epochs=epochs, callbacks=[clock], verbose=0)
    return {
        "seconds": clock.seconds,
        "first": first,
        "accuracy": net.evaluate(test_x, test_y, batch_size=1000, verbose=0)[1],
        "parameters": net.count_params(),
    }


def _arrays(samples: int, one_hot: bool) -> tuple[Any, Any, Any, Any]:
    """Returns training and test arrays."""
    x, y, test_x, test_y = data.images(samples)
    if not one_hot:
        return data.scaled(x), y, data.scaled(test_x), test_y
    return data.scaled(x), np.eye(10)[y], data.scaled(test_x), np.eye(10)[test_y]
