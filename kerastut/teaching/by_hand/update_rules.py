"""Four optimizers in NumPy: from a gradient to the direction of the step."""

import math
from collections.abc import Callable, Iterable, Iterator

import keras
import numpy as np

from kerastut.arrays import Array

# Gradient, first and second average, number of the step -> direction, and the averages anew.
Rule = Callable[[Array, Array, Array, int], tuple[Array, Array, Array]]


def sgd(g: Array, m: Array, v: Array, t: int) -> tuple[Array, Array, Array]:
    return g, m, v


def momentum(g: Array, m: Array, v: Array, t: int) -> tuple[Array, Array, Array]:
    m = 0.9 * m + g
    return m, m, v


def rmsprop(g: Array, m: Array, v: Array, t: int) -> tuple[Array, Array, Array]:
    v = 0.9 * v + 0.1 * g**2
    return g / np.sqrt(v + 1e-7), m, v


def adam(g: Array, m: Array, v: Array, t: int) -> tuple[Array, Array, Array]:
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    return math.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7), m, v


def descend(
    rule: Rule, rate: float, theta: Array, gradients: Iterable[Callable[[Array], Array]]
) -> Iterator[Array]:
    """Yields the weights after each step; there is one gradient function for each."""
    m = v = 0 * theta
    for t, gradient in enumerate(gradients, start=1):
        u, m, v = rule(gradient(theta), m, v, t)
        theta = theta - rate * u
        yield theta


RULES: dict[str, Rule] = {"SGD": sgd, "momentum": momentum, "RMSprop": rmsprop, "Adam": adam}


def path(name: str, rate: float, theta: Array, gradient: Callable[[Array], Array]) -> Array:
    """Returns the start and forty steps, `(41, p)`."""
    return np.array([theta, *descend(RULES[name], rate, theta, [gradient] * 40)])


def keras_path(name: str, rate: float, theta: Array, gradient: Callable[[Array], Array]) -> Array:
    """Returns the same, computed by the optimizer of Keras."""
    optimizers = keras.optimizers
    own = optimizers.SGD(rate, momentum=0.9) if name == "momentum" else None
    optimizer = own or getattr(optimizers, name)(rate)
    variable, visited = keras.Variable(theta, dtype="float64"), [theta]
    for _ in range(40):
        optimizer.apply([gradient(variable.numpy())], [variable])
        visited.append(variable.numpy())
    return np.array(visited)
