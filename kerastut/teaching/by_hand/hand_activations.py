"""Four activations and their slopes, in NumPy."""

import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from kerastut.arrays import Array

_normal_cdf: Callable[[Array], Array] = np.vectorize(lambda z: (1 + math.erf(z / math.sqrt(2))) / 2)


def relu(z: Array) -> Array:
    return np.maximum(z, 0)


def relu_slope(z: Array) -> Array:
    return (z > 0).astype(float)


def tanh_slope(z: Array) -> Array:
    return 1 - np.tanh(z) ** 2


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z: Array) -> Array:
    slope: Array = sigmoid(z) * (1 - sigmoid(z))
    return slope


def gelu(z: Array) -> Array:
    return z * _normal_cdf(z)


def gelu_slope(z: Array) -> Array:
    return _normal_cdf(z) + z * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


PAIRS = {
    "relu": (relu, relu_slope),
    "tanh": (np.tanh, tanh_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "gelu": (gelu, gelu_slope),
}


def by_keras(name: str, z: Array) -> tuple[Array, Array]:
    """Returns the activation of Keras and its slope by TensorFlow's tape."""
    inputs = tf.Variable(z)
    with tf.GradientTape() as tape:
        values = keras.activations.get(name)(inputs)
    return values.numpy(), tape.gradient(values, inputs).numpy()
