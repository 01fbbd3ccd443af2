"""A training by hand whose whole state lies in plain sight."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from kerastut.arrays import Array

BATCH, RATE, DROPOUT, CLASSES = 50, 0.01, 0.2, 10


LOST = {
    "order": ("order",),
    "random numbers": ("rng",),
    "step number": ("t",),
    "moments": ("m", "v"),
    "all but weights": ("order", "rng", "t", "m", "v"),
}
"""Parts of a state that a checkpoint may lack."""


@dataclass
class State:
    """Everything that decides the next step.

    Args:
        w: Weights `(pixels, 10)`.
        m: Running mean of the gradients, as `w`.
        v: Running mean of their squares, as `w`.
        t: Steps done.
        rng: Generator of random numbers, for dropout and the orders to come.
        order: Order of the samples in this epoch `(n,)`.
    """

    w: Array
    m: Array
    v: Array
    t: int
    rng: np.random.Generator
    order: Array


def fresh(seed: int, n: int = 1000, pixels: int = 196) -> State:
    """Returns the state before the first step."""
    rng, zeros = np.random.default_rng(seed), np.zeros((pixels, CLASSES))
    return State(zeros, zeros, zeros, 0, rng, rng.permutation(n))


def draw(s: State, x: Array, y: Array) -> tuple[Array, Array]:
    """Returns the next batch, with dropout; after the last one the samples are shuffled anew."""
    steps = len(s.order) // BATCH
    if s.t and s.t % steps == 0:
        s.order = s.rng.permutation(len(s.order))
    batch = np.split(s.order, steps)[s.t % steps]
    kept = s.rng.random(x[batch].shape) >= DROPOUT
    return x[batch] * kept / (1 - DROPOUT), y[batch]


def probabilities(w: Array, x: Array) -> Array:
    """Returns softmax of the scores `(n, 10)`."""
    scores = x @ w
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def gradient(w: Array, x: Array, y: Array) -> Array:
    """Returns the derivative of the cross-entropy by the weights."""
    slopes: Array = x.T @ (probabilities(w, x) - np.eye(CLASSES)[y]) / len(y)
    return slopes


def update(s: State, g: Array) -> None:
    """Takes one step of Adam."""
    s.t += 1
    s.m = 0.9 * s.m + 0.1 * g
    s.v = 0.999 * s.v + 0.001 * g**2
    correction = np.sqrt(1 - 0.999**s.t) / (1 - 0.9**s.t)
    s.w = s.w - RATE * correction * s.m / (np.sqrt(s.v) + 1e-7)


def train(start: State, x: Array, y: Array, steps: int) -> State:
    """Returns the state after so many steps more; `start` stays as it was."""
    s = copy.deepcopy(start)
    for _ in range(steps):
        update(s, gradient(s.w, *draw(s, x, y)))
    return s


def resumed(seed: int, lost: Sequence[str], x: Array, y: Array) -> Array:
    """Stops after 130 of 240 steps, puts new parts in place of the lost ones, and goes on."""
    state = train(fresh(seed), x, y, 130)
    for part in lost:
        setattr(state, part, getattr(fresh(seed + 100), part))
    return train(state, x, y, 110).w


def cross_entropy(w: Array, x: Array, y: Array) -> float:
    """Returns the mean loss."""
    return float(-np.log(probabilities(w, x)[np.arange(len(y)), y]).mean())


def tape_gradient(w: Array, x: Array, y: Array) -> Array:
    """Returns the gradient by Keras's loss and TensorFlow's tape."""
    weights = tf.Variable(w)
    with tf.GradientTape() as tape:
        scores = tf.constant(x, w.dtype) @ weights
        loss = keras.losses.sparse_categorical_crossentropy(y, scores, from_logits=True)
        loss = tf.reduce_mean(loss)
    slopes: Array = tape.gradient(loss, weights).numpy()
    return slopes


def hand_steps(g: Array, steps: int) -> Array:
    """Returns zeros after some steps of `update` along one and the same gradient."""
    state = fresh(0)
    for _ in range(steps):
        update(state, g)
    return state.w


def keras_steps(g: Array, steps: int) -> Array:
    """Returns the same by Keras's Adam."""
    weights, optimizer = keras.Variable(0 * g, dtype="float64"), keras.optimizers.Adam(RATE)
    for _ in range(steps):
        optimizer.apply([g], [weights])
    values: Array = weights.numpy()
    return values
