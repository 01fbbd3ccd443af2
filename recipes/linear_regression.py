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
- It takes a table of several features, as the tutorial's formula has them: --data houses.csv
  --epochs 500 --set momentum=0.9. Numbers are normalised within the saved model, and the answer is
  held against least squares on them.
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
    dataset="line",
    epochs=20,
    batch_size=1000,
    expect={"loss": (0.0085, 0.0117), "weight_error": (0.0, 1e-3), "bias_error": (0.0, 1e-3)},
    tutorials=("T0 4.1", "T3 4.1"),
)


def build(
    optimizer: Literal["adam", "sgd"] = "sgd",
    learning_rate: float = 0.75,
    momentum: float = 0.0,
    features: int = 1,
) -> keras.Model:
    """Builds one unit without activation: a weight for each feature, and a bias.

    Args:
        optimizer: Rule of the optimizer step; plain gradient descent is sgd.
        learning_rate: Step size; above 1 gradient descent diverges here.
        momentum: Share of the last step that sgd adds to the next; Nesterov's way.
        features: Numbers of a sample. The step is divided by as many, since so much steeper the
            loss may be.

    Returns:
        A compiled model from `(batch, features)` to `(batch, 1)`.
    """
    # From zero, descent ends at the smallest of several best solutions, as least squares does.
    start = "glorot_uniform" if features == 1 else "zeros"
    unit = layers.Dense(1, kernel_initializer=start, dtype="float32")
    model = keras.Sequential([keras.Input((features,)), unit])
    rate = learning_rate / features
    chosen = Adam(rate) if optimizer == "adam" else SGD(rate, momentum, nesterov=momentum > 0)
    model.compile(optimizer=chosen, loss="mean_squared_error")
    return model


def least_squares(run: "Run") -> tuple["Array", "Array"]:
    """Returns the best weights and bias for the training samples, and their standard errors."""
    _, x, y = run.features()
    design = np.column_stack([x, np.ones(len(x))]).astype(np.float64)
    best = np.linalg.lstsq(design, y, rcond=None)[0]
    noise = ((design @ best - y) ** 2).sum() / max(1, len(x) - design.shape[1])
    variances = noise * np.diag(np.linalg.pinv(design.T @ design, hermitian=True))
    return best, np.sqrt(np.maximum(variances, 0))


def learned(run: "Run") -> "Array":
    """Returns the weights and the bias of the trained model."""
    weights = [np.asarray(weight).reshape(-1) for weight in run.model.trainable_weights]
    return np.concatenate(weights)


def score(run: "Run") -> dict[str, float]:
    """Measures the distance from least squares."""
    distance = np.abs(learned(run) - least_squares(run)[0])
    return {"weight_error": float(distance[:-1].max()), "bias_error": float(distance[-1])}


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws the points, the learned line and its least-squares twin; or predictions and weights."""
    from kerastut.plotting import coefficients, predictions, regression_line

    best, errors = least_squares(run)
    names, x, y = run.features()
    if len(names) == 1 and not run.data.columns:
        lines = {"learned": tuple(learned(run)), "least squares": tuple(best)}
        return {"line": regression_line(x, y, lines)}
    drawn = predictions(run.data.test.y, run.predict()[:, 0])
    return {
        "predictions": drawn[0],
        "coefficients": coefficients(names, learned(run)[:-1], best[:-1], errors[:-1]),
    }


if __name__ == "__main__":
    run_file(__file__)
