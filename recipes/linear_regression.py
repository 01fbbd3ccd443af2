"""A line through noisy points, learned and held against least squares.

The points are y = 2x + 1 plus noise, so a straight line is the right model and its best answer is
known: least squares. Gradient descent over all 1,000 points reaches it to within 0.001 in weight
and bias.

What differs from the tutorial, and why:

- The tutorial fits a straight line to y = x squared. Training looks like a success and stops at a
  floor that no training lowers, since the model cannot bend.
- The answer is printed beside the best one, and tested on points that were not trained on. The
  noise alone leaves a mean squared error of 0.01: nobody can do better.
- Each step uses all points: with small batches and a constant rate the line never settles, it
  wanders around the answer. Twenty steps at rate 0.75 do what the tutorial's 1,000 epochs at
  rate 0.01 do.
"""

from typing import TYPE_CHECKING, Literal

import keras
import numpy as np
from keras import layers
from keras.optimizers import SGD, Adam

from kerastut import Recipe, run_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kerastut import Run

RECIPE = Recipe(
    dataset="line",
    epochs=20,
    batch_size=1000,
    expect={"loss": (0.0085, 0.0117), "weight_error": (0.0, 1e-3), "bias_error": (0.0, 1e-3)},
    tutorials=("T0 4.1", "T3 4.1"),
)
OPTIMIZERS = {"adam": Adam, "sgd": SGD}


def build(optimizer: Literal["adam", "sgd"] = "sgd", learning_rate: float = 0.75) -> keras.Model:
    """Builds one unit without activation: a weight and a bias.

    Args:
        optimizer: Rule of the optimizer step; plain gradient descent is sgd.
        learning_rate: Step size; above 1 gradient descent diverges here.

    Returns:
        A compiled model from `(batch, 1)` to `(batch, 1)`.
    """
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, dtype="float32")])
    model.compile(optimizer=OPTIMIZERS[optimizer](learning_rate), loss="mean_squared_error")
    return model


def least_squares(run: "Run") -> tuple[float, float]:
    """Returns slope and intercept of the best line through the training points."""
    x, y = run.data.train.x[:, 0].astype(np.float64), run.data.train.y
    (slope, intercept), *_ = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)
    return float(slope), float(intercept)


def learned(run: "Run") -> tuple[float, float]:
    """Returns slope and intercept of the trained model."""
    weight, bias = run.model.get_weights()
    return float(weight[0, 0]), float(bias[0])


def score(run: "Run") -> dict[str, float]:
    """Measures the distance from least squares."""
    best, found = least_squares(run), learned(run)
    return {"weight_error": abs(found[0] - best[0]), "bias_error": abs(found[1] - best[1])}


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws the points, the learned line and its least-squares twin."""
    from kerastut.plotting import regression_line

    lines = {"learned": learned(run), "least squares": least_squares(run)}
    return {"line": regression_line(run.data.train.x, run.data.train.y, lines)}


if __name__ == "__main__":
    run_file(__file__)
