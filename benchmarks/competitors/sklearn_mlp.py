"""scikit-learn's MLPClassifier: the same layers, Adam, one pass over the data at a time."""

import time
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks import data


def measure(model: str, samples: int, batch: int, epochs: int, seed: int) -> dict[str, Any]:
    """Times passes after one over two batches, which allocates everything."""
    x, y, test_x, test_y = data.images(samples)
    flat, test = data.scaled(x).reshape(samples, -1), data.scaled(test_x).reshape(len(test_x), -1)
    net = MLPClassifier(
        (512,), solver="adam", alpha=0.0, batch_size=batch, epsilon=1e-7, random_state=seed
    )
    began = time.perf_counter()
    net.partial_fit(flat[: 2 * batch], y[: 2 * batch], classes=np.arange(10))
    first, seconds = time.perf_counter() - began, []
    for _ in range(epochs):
        began = time.perf_counter()
        net.partial_fit(flat, y)
        seconds.append(time.perf_counter() - began)
    return {
        "seconds": seconds,
        "first": first,
        "accuracy": float(net.score(test, test_y)),
        "parameters": sum(values.size for values in (*net.coefs_, *net.intercepts_)),
    }
