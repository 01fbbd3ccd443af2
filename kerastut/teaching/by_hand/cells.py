"""The LSTM cell and the softmax in NumPy."""

import numpy as np

from kerastut.arrays import Array
from kerastut.teaching.by_hand.hand_activations import sigmoid


def lstm(x: Array, w: Array, u: Array, b: Array, present: Array | None = None) -> Array:
    """Reads a sequence with an LSTM, from a state and a memory of zeros.

    Args:
        x: Inputs `(steps, d)`.
        w: Weights of the inputs `(d, 4n)`: input gate, forget gate, candidate, output gate.
        u: Weights of the state `(n, 4n)`.
        b: Biases `(4n,)`.
        present: For each step whether it is read; all are if `None`.

    Returns:
        The states `(steps, n)`.
    """
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
