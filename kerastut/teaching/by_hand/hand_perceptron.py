"""A perceptron by hand, for small images, with all its weights in one vector."""

from collections import deque
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from kerastut.arrays import Array
from kerastut.data import Split
from kerastut.teaching.by_hand.cells import softmax
from kerastut.teaching.by_hand.update_rules import Rule, adam, descend

PIXELS, UNITS, CLASSES = 196, 32, 10
SHAPES = ((PIXELS, UNITS), (UNITS,), (UNITS, CLASSES), (CLASSES,))


def start(seed: int) -> Array:
    """Returns random weights, as Keras draws them for a dense layer, and biases of zero."""
    rng = np.random.default_rng(seed)
    drawn = [
        rng.uniform(-1, 1, shape) * np.sqrt(6 / sum(shape)) if len(shape) > 1 else np.zeros(shape)
        for shape in SHAPES
    ]
    return np.concatenate(drawn, axis=None).astype("float32")


def parts(theta: Array) -> list[Array]:
    """Returns the vector's parts in their own shapes: hidden weights, biases, the output's."""
    ends = np.cumsum([np.prod(shape) for shape in SHAPES])
    pieces = np.split(theta, ends[:-1])
    return [piece.reshape(shape) for piece, shape in zip(pieces, SHAPES, strict=True)]


def forward(theta: Array, x: Array) -> tuple[Array, Array]:
    """Returns hidden values `(n, 32)` and probabilities `(n, 10)`."""
    w1, b1, w2, b2 = parts(theta)
    hidden = np.maximum(0, x @ w1 + b1)
    return hidden, softmax(hidden @ w2 + b2)


def cross_entropy(theta: Array, x: Array, y: Array) -> float:
    """Returns the mean loss."""
    return float(-np.log(forward(theta, x)[1][np.arange(len(y)), y]).mean())


def gradient(theta: Array, x: Array, y: Array) -> Array:
    """Returns the derivative of the loss with respect to every weight, as one vector."""
    hidden, p = forward(theta, x)
    g_z = (p - np.eye(CLASSES, dtype=p.dtype)[y]) / len(y)
    g_a = (g_z @ parts(theta)[2].T) * (hidden > 0)
    slopes = x.T @ g_a, g_a.sum(axis=0), hidden.T @ g_z, g_z.sum(axis=0)
    return np.concatenate(slopes, axis=None)


def tape_gradient(theta: Array, x: Array, y: Array) -> Array:
    """Returns the same by Keras and TensorFlow's tape, in single precision."""
    layers = keras.layers.Dense(UNITS, "relu"), keras.layers.Dense(CLASSES, "softmax")
    model = keras.Sequential([keras.Input((PIXELS,)), *layers])
    model.set_weights(parts(theta))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
    return np.concatenate(tape.gradient(loss, model.weights), axis=None)


def small(split: Split) -> tuple[Array, Array]:
    """Returns every second pixel both ways, from 0 to 1, `(n, 196)`; and the labels."""
    pixels: Array = split.x[:, ::2, ::2, 0]
    return pixels.reshape(len(split), PIXELS) / np.float32(255), split.y


def fit(
    x: Array,
    y: Array,
    seed: int,
    rule: Rule = adam,
    rate: float = 0.01,
    epochs: int = 3,
    strength: float = 0.0,
) -> Array:
    """Trains in batches of about 64, with an L2 penalty on all weights; returns the weights."""
    rng, cuts = np.random.default_rng(seed), len(x) // 64
    batches = [b for _ in range(epochs) for b in np.array_split(rng.permutation(len(x)), cuts)]
    slopes = [lambda w, b=b: gradient(w, x[b], y[b]) + 2 * strength * w for b in batches]
    with np.errstate(all="ignore"):  # a rate that is too large diverges
        return deque(descend(rule, rate, start(seed), slopes), maxlen=1)[0]


def accuracies(grid: Sequence[Sequence[Array]], x: Array, y: Array) -> Array:
    """Returns the shares of images that are classified rightly, `(seeds, settings)`."""
    with np.errstate(all="ignore"):
        return np.array([[np.mean(forward(w, x)[1].argmax(axis=1) == y) for w in g] for g in grid])
