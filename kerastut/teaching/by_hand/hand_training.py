"""A training by hand whose whole state lies in plain sight."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from kerastut.arrays import Array
from kerastut.teaching.by_hand.cells import softmax
from kerastut.teaching.by_hand.differences import by_tape
from kerastut.teaching.by_hand.update_rules import keras_path

BATCH, RATE, DROPOUT, CLASSES = 50, 0.01, 0.2, 10
LOST = {
    "order": ("order",),
    "random numbers": ("rng",),
    "step number": ("t",),
    "moving averages": ("m", "v"),
    "all but weights": ("order", "rng", "t", "m", "v"),
}
"""Parts of a state that a checkpoint may lack."""


@dataclass
class State:
    """Everything that decides the next step."""

    w: Array  # weights `(pixels, 10)`
    m: Array  # running mean of the gradients, as `w`
    v: Array  # running mean of their squares, as `w`
    t: int  # steps done
    rng: np.random.Generator  # for dropout and the orders to come
    order: Array  # of the samples in this epoch `(n,)`


def fresh(seed: int) -> State:
    """Returns the state before the first step, for a thousand images of 14 × 14 pixels."""
    rng, zeros = np.random.default_rng(seed), np.zeros((196, CLASSES))
    return State(zeros, zeros, zeros, 0, rng, rng.permutation(1000))


def draw(s: State, x: Array, y: Array) -> tuple[Array, Array]:
    """Returns the next batch, with dropout; after the last one the samples are shuffled anew."""
    steps = len(s.order) // BATCH
    if s.t and s.t % steps == 0:
        s.order = s.rng.permutation(len(s.order))
    batch = np.split(s.order, steps)[s.t % steps]
    kept = s.rng.random(x[batch].shape) >= DROPOUT
    return x[batch] * kept / (1 - DROPOUT), y[batch]


def gradient(w: Array, x: Array, y: Array) -> Array:
    """Returns the derivative of the cross-entropy with respect to the weights."""
    slopes: Array = x.T @ (softmax(x @ w) - np.eye(CLASSES)[y]) / len(y)
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
    return float(-np.log(softmax(x @ w)[np.arange(len(y)), y]).mean())


def tape_gradient(w: Array, x: Array, y: Array) -> Array:
    """Returns the gradient by Keras's loss and TensorFlow's tape."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype=w.dtype)
    return by_tape(lambda weights: loss(y, tf.constant(x, w.dtype) @ weights), w)


def hand_steps(g: Array, steps: int) -> Array:
    """Returns zeros after some steps of `update` along one and the same gradient."""
    state = fresh(0)
    for _ in range(steps):
        update(state, g)
    return state.w


def keras_steps(g: Array, steps: int) -> Array:
    """Returns the same by Keras's Adam."""
    return np.array(keras_path("Adam", RATE, 0 * g, lambda w: g)[steps])
