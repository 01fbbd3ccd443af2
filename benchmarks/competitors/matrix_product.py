"""The peak of the machine: the best of several large float32 matrix products in TensorFlow."""

import time
from typing import Any

import tensorflow as tf

SIZES = (2048, 4096)


def measure(seconds: float, seed: int) -> dict[str, Any]:
    """Multiplies square matrices of each size for so many seconds; `peak` is in operations/s."""
    product = tf.function(lambda a, b: tf.reduce_sum(tf.matmul(a, b)))
    best = {str(size): _best(product, size, seconds / len(SIZES)) for size in SIZES}
    return {"peak": max(best.values()), "by_size": best}


def _best(product: Any, size: int, seconds: float) -> float:
    a, b = (tf.random.stateless_normal((size, size), seed=(0, s)) for s in range(2))
    product(a, b).numpy()
    shortest, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        product(a, b).numpy()
        shortest = min(shortest, time.perf_counter() - began)
    return 2.0 * size**3 / shortest
