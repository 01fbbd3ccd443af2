"""One sigmoid unit between two classes in the plane, held against Newton's method.

Two round clouds of points overlap, so nobody can be right every time; how often one can be right at
best is known from the normal distribution (0.8413). The best weights for the training points are
known too: Newton's method finds them in a few steps. Gradient descent must reach both.

What differs from the tutorial, and why:

- The tutorial prints the formulas and no code. Here the gradient of Keras's binary cross entropy
  leads to the solution that Newton's method computes from those formulas.
- The result is given beside the best possible one. An accuracy of 0.84 would look like a failure
  otherwise; it is all that there is to get.
- Labels are 0 and 1 and the output is one sigmoid unit. With labels of -1 and 1 the same loss goes
  below zero without an error, and a linear output with squared error predicts beyond 0 and 1.
"""

from typing import TYPE_CHECKING, Literal

import keras
import numpy as np
from keras import layers
from keras.optimizers import SGD, Adam

from kerastut import Recipe, run_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kerastut import Array, Run

RECIPE = Recipe(
    dataset="blobs",
    epochs=60,
    batch_size=2000,
    expect={"accuracy": (0.833, 0.849), "weight_error": (0.0, 1e-2)},
    tutorials=("T3 4.2",),
)
OPTIMIZERS = {"adam": Adam, "sgd": SGD}


def build(optimizer: Literal["adam", "sgd"] = "sgd", learning_rate: float = 4.0) -> keras.Model:
    """Builds one sigmoid unit: two weights and a bias.

    Args:
        optimizer: Rule of the optimizer step; plain gradient descent is sgd.
        learning_rate: Step size; the curvature of the loss allows this much and little more.

    Returns:
        A compiled model from points `(batch, 2)` to probabilities `(batch, 1)` of the second class.
    """
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(1, activation="sigmoid", dtype="float32")]
    )
    model.compile(
        optimizer=OPTIMIZERS[optimizer](learning_rate),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


def newton(x: "Array", y: "Array", steps: int = 20) -> "Array":
    """Minimises the binary cross entropy by Newton's method.

    Args:
        x: Points `(n, 2)`.
        y: Labels `(n,)`, 0 or 1.
        steps: Newton steps; six are enough.

    Returns:
        The two weights and the bias, float64.
    """
    design = np.column_stack([x, np.ones(len(x))]).astype(np.float64)
    weights = np.zeros(design.shape[1])
    for _ in range(steps):
        probability = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (probability - y)
        curvature = (design.T * (probability * (1 - probability))) @ design
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def learned(run: "Run") -> "Array":
    """Returns the trained model's two weights and bias."""
    return np.concatenate([weight.reshape(-1) for weight in run.model.get_weights()])


def score(run: "Run") -> dict[str, float]:
    """Measures the largest distance of a weight or the bias from Newton's solution."""
    best = newton(run.data.train.x, run.data.train.y)
    return {"weight_error": float(np.abs(learned(run) - best).max())}


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws the points, the learned border and Newton's."""
    from kerastut.plotting import decision_boundary

    x, y = run.data.train.x, run.data.train.y
    lines = {"learned": learned(run), "Newton": newton(x, y)}
    return {"boundary": decision_boundary(x, y, lines, run.data.classes)}


if __name__ == "__main__":
    run_file(__file__)
