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
- It takes a table of several features and classes, too: --data penguins --epochs 1000
  --set momentum=0.9 --set l2=0.001. Numbers are normalised within the saved model.
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


def build(
    optimizer: Literal["adam", "sgd"] = "sgd",
    learning_rate: float = 4.0,
    momentum: float = 0.0,
    l2: float = 0.0,
    features: int = 2,
    classes: int = 2,
) -> keras.Model:
    """Builds one sigmoid unit: two weights and a bias.

    Args:
        optimizer: Rule of the optimizer step; plain gradient descent is sgd.
        learning_rate: Step size; the curvature of the loss allows this much and little more.
        momentum: Share of the last step that sgd adds to the next; Nesterov's way.
        l2: Factor of the weights' squares in the loss. Where a border separates the classes
            entirely there are no best weights without it.
        features: Numbers of a sample; the step is divided by half as many.
        classes: Classes to tell apart; more than two have a softmax unit each.

    Returns:
        A compiled model from points `(batch, features)` to probabilities `(batch, 1)` of the second
        class, or `(batch, classes)`.
    """
    if classes < 2:
        raise ValueError("the label is a number; take linear-regression or --task classification")
    binary = classes == 2
    unit = layers.Dense(
        1 if binary else classes,
        activation="sigmoid" if binary else "softmax",
        kernel_initializer="glorot_uniform" if features == 2 else "zeros",
        kernel_regularizer=keras.regularizers.L2(l2) if l2 else None,
        dtype="float32",
    )
    model = keras.Sequential([keras.Input((features,)), unit])
    rate = learning_rate * 2 / features
    model.compile(
        optimizer=Adam(rate) if optimizer == "adam" else SGD(rate, momentum, momentum > 0),
        loss="binary_crossentropy" if binary else "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def newton(x: "Array", y: "Array", classes: int = 2, l2: float = 0.0, steps: int = 20) -> "Array":
    """Minimises the cross entropy by Newton's method.

    Args:
        x: Points `(n, features)`.
        y: Labels `(n,)`, from 0 on.
        classes: Classes; two share one unit.
        l2: Factor of the weights' squares.
        steps: Newton steps; six are enough without a penalty.

    Returns:
        Weights and, last, the bias `(features + 1, units)`, float64.
    """
    design = np.column_stack([x, np.ones(len(x))]).astype(np.float64)
    units = 1 if classes == 2 else classes
    targets = y[:, None] if units == 1 else np.eye(classes)[y]
    penalty = np.append(np.full(x.shape[1], 2 * l2 * len(x)), 0)
    weights = np.zeros((design.shape[1], units))
    for _ in range(steps):
        p = probabilities(design @ weights)
        gradient = design.T @ (p - targets) + penalty[:, None] * weights
        curvature = np.zeros((units, len(weights), units, len(weights)))
        for one in range(units):
            for other in range(units):
                slope = p[:, one] * ((one == other) - p[:, other])
                curvature[one, :, other] = (design.T * slope) @ design
            curvature[one, :, one] += np.diag(penalty)
        flat = curvature.reshape(weights.size, weights.size)
        # Least squares: with words or softmax, several weights are equally good.
        step = np.linalg.lstsq(flat, gradient.T.reshape(-1), rcond=1e-10)[0]
        weights -= step.reshape(units, -1).T
    return weights


def probabilities(logits: "Array") -> "Array":
    """Returns the sigmoid of one column of logits, or the softmax of several."""
    if logits.shape[1] == 1:
        logits = np.column_stack([np.zeros(len(logits)), logits])
        return probabilities(logits)[:, 1:]
    powers: Array = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def learned(run: "Run") -> "Array":
    """Returns the trained model's weights and, last, the bias `(features + 1, units)`."""
    return np.concatenate([np.atleast_2d(weight) for weight in run.model.trainable_weights])


def best(run: "Run") -> "Array":
    """Returns Newton's solution for the training samples."""
    _, x, y = run.features()
    return newton(x, y, len(run.data.classes), run.settings.parameters["l2"])


def score(run: "Run") -> dict[str, float]:
    """Measures the largest distance of a weight or the bias from Newton's solution."""
    return {"weight_error": float(np.abs(learned(run) - best(run)).max())}


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws the points with the learned border and Newton's; of a table, what is taken for what."""
    from kerastut.plotting import confusion_matrix, decision_boundary

    classes, truth = run.data.classes, run.data.test.y
    if len(run.features()[0]) == 2 and not run.data.columns:
        x, y = run.data.train.x, run.data.train.y
        lines = {"learned": learned(run)[:, 0], "Newton": best(run)[:, 0]}
        return {"boundary": decision_boundary(x, y, lines, classes)}
    found = run.predict()
    predicted = found.argmax(axis=1) if found.shape[1] > 1 else found[:, 0] > 0.5
    return {"confusion": confusion_matrix(truth, predicted, classes)}


if __name__ == "__main__":
    run_file(__file__)
