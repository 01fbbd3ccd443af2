"""Batch, mini-batch and stochastic descent, by hand, by tape and by Keras.

A line is fitted to 1,000 points three times, with all points in a step, with 32, and with one. The
steps are computed by hand in NumPy; for the batch size of the run they are the steps that Keras
takes, to the last digits, and the gradient is the one that GradientTape gives.

What differs from the tutorial, and why:

- The tutorial says that batch descent finds the global optimum and stochastic descent gets stuck in
  local ones. On a convex loss all three go to the same place. On a loss with two wells batch
  descent ends in the nearer one, and for some starts that is the wrong one: see the figure of
  the two wells.
- What sets them apart is noise and price. With a constant step, one point at a time never settles;
  the mini-batch wanders less, the whole batch not at all, and an epoch gives 1,000, 32 or 1 steps.
- In Keras the optimizer 'sgd' is as stochastic as batch_size makes it: try --batch-size 1000.
"""

from typing import TYPE_CHECKING

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from kerastut import Recipe, epoch_order, run_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kerastut import Array, Run

RECIPE = Recipe(
    dataset="line",
    epochs=4,
    batch_size=32,
    expect={
        "loss": (0.0085, 0.013),
        "gradient_difference": (0.0, 1e-6),
        "step_difference": (0.0, 1e-6),
        "wrong_wells": (1.0, 3.0),
    },
    tutorials=("T3 3.1", "T3 3.2"),
)
STARTS = (-2.0, -0.5, 0.1, 0.5, 2.0)


def build(start: tuple[float, ...] = (-1.0, 3.0), learning_rate: float = 0.1) -> keras.Model:
    """Builds one unit without activation, in double precision, from a fixed start.

    Args:
        start: Weight and bias before the first step.
        learning_rate: Step size of plain gradient descent.

    Returns:
        A compiled model from `(batch, 1)` to `(batch, 1)`, float64.
    """
    weight, bias = start
    unit = layers.Dense(
        1,
        kernel_initializer=keras.initializers.Constant(weight),
        bias_initializer=keras.initializers.Constant(bias),
        dtype="float64",
    )
    model = keras.Sequential([keras.Input((1,), dtype="float64"), unit])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mean_squared_error")
    return model


def gradient(x: "Array", y: "Array", weights: "Array") -> "Array":
    """Returns the gradient of the mean squared error, by hand.

    Args:
        x: Inputs `(n,)`.
        y: Targets `(n,)`.
        weights: Weight and bias `(2,)`.

    Returns:
        `2/n sum (prediction - y) x` and `2/n sum (prediction - y)`, `(2,)`.
    """
    error = weights[0] * x + weights[1] - y
    return 2 * np.array([(error * x).mean(), error.mean()])


def tape_gradient(x: "Array", y: "Array", weights: "Array") -> "Array":
    """Returns the same gradient, by automatic differentiation."""
    variable = tf.Variable(weights)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((variable[0] * x + variable[1] - y) ** 2)
    found: Array = tape.gradient(loss, variable).numpy()
    return found


def descend(run: "Run", batch_size: int) -> "Array":
    """Returns weight and bias after each step of an epoch or more, `(steps + 1, 2)`."""
    x, y = (np.asarray(a, np.float64).reshape(-1) for a in (run.data.train.x, run.data.train.y))
    rate = run.settings.parameters["learning_rate"]
    path = [np.array(run.settings.parameters["start"])]
    for epoch in range(run.epochs):
        order = epoch_order(len(x), run.settings.seed, epoch)
        for first in range(0, len(x), batch_size):
            batch = order[first : first + batch_size]
            path.append(path[-1] - rate * gradient(x[batch], y[batch], path[-1]))
    return np.array(path)


def double_well(w: "Array") -> "Array":
    """Returns a loss with two wells of unequal depth; the left one is the deeper."""
    height: Array = w**4 - 3 * w**2 + w
    return height


def roll(start: float, rate: float = 0.01, steps: int = 500) -> "Array":
    """Returns the path of batch descent in the double well."""
    path = [start]
    for _ in range(steps):
        w = path[-1]
        path.append(w - rate * (4 * w**3 - 6 * w + 1))
    return np.asarray(path, np.float64)


def score(run: "Run") -> dict[str, float]:
    """Compares gradients and steps of the three ways, and counts starts in the wrong well."""
    x, y = (np.asarray(a, np.float64).reshape(-1) for a in (run.data.train.x, run.data.train.y))
    path = descend(run, run.settings.batch_size)
    learned = np.concatenate([weight.reshape(-1) for weight in run.model.get_weights()])
    differences = [gradient(x, y, point) - tape_gradient(x, y, point) for point in path[::10]]
    return {
        "gradient_difference": float(np.abs(differences).max()),
        "step_difference": float(np.abs(path[-1] - learned).max()),
        "wrong_wells": float(sum(roll(start)[-1] > 0 for start in STARTS)),
    }


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws the three paths on the loss, and batch descent in the double well."""
    from kerastut.plotting import trajectories, wells

    x, y = (np.asarray(a, np.float64).reshape(-1) for a in (run.data.train.x, run.data.train.y))
    sizes = {"one point a step": 1, "32 points a step": 32, "all points": len(x)}
    paths = {label: descend(run, size) for label, size in sizes.items()}

    def loss(weight: "Array", bias: "Array") -> "Array":
        return np.asarray(((weight[..., None] * x + bias[..., None] - y) ** 2).mean(axis=-1))

    return {
        "trajectories": trajectories(loss, paths, ("weight", "bias")),
        "double_well": wells(double_well, {start: roll(start) for start in STARTS}),
    }


if __name__ == "__main__":
    run_file(__file__)
