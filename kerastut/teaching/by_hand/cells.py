"""The LSTM cell and the softmax in NumPy."""

import numpy as np

from kerastut.arrays import Array
from kerastut.teaching.by_hand.hand_activations import sigmoid


def lstm(x: Array, w: Array, u: Array, b: Array, present: Array | None = None) -> Array:
    """Returns the states `(steps, n)` of an LSTM that reads the steps that are present, or all."""
    h = c = np.zeros(len(u))
    states = []
    for t, row in enumerate(x):
        if present is None or present[t]:
            i, f, candidate, o = np.split(row @ w + h @ u + b, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
            h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.array(states)


def softmax(scores: Array) -> Array:
    """Returns probabilities `(n, classes)`."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares
