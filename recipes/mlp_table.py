"""Wide and deep net on a table of numbers and words, beside a linear model.

The table is that of the Palmer penguins: measurements, island and sex tell the species. Numbers are
normalised and words become zeros and ones in the first layers of the saved model, which therefore
takes a row as it stands in the table.

What differs from the tutorials, and why:

- The tutorial has the formulas of linear and logistic regression for many features, and no data.
- The score stands beside that of the best linear model, by Newton's method or least squares. On a
  table of a few hundred rows it is hard to beat, so the net has it in itself: the last layer sees
  the row beside the hidden layer (wide and deep), and starts from zero.
- The lead over it comes with its standard error. With 33 test rows a lead of less than two of these
  says nothing: draw other test rows with other seeds before you trust it.
- Means, deviations and vocabularies are those of the training rows alone. Taken from the whole
  table, they would tell the net of the test rows.
- A label that is a number, as in --data houses.csv --label-column price, has one unit without
  activation and the squared error; the target is normalised, too, and the saved model gives it back
  as it was.
"""

from typing import TYPE_CHECKING

import keras
import numpy as np
from keras import layers
from keras.optimizers import Adam

from kerastut import Recipe, run_file, warmup_cosine

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kerastut import Array, Run

RECIPE = Recipe(
    dataset="penguins",
    epochs=40,
    batch_size=32,
    expect={"accuracy": (0.94, 1.0), "lead": (-0.06, 0.06)},
    tutorials=("T3 4.1", "T3 4.2"),
)


def build(
    units: tuple[int, ...] = (64,),
    dropout: float = 0.3,
    learning_rate: float = 3e-3,
    features: int = 15,
    classes: int = 3,
    total_steps: int = 360,
) -> keras.Model:
    """Builds the net.

    Args:
        units: Width of each hidden layer.
        dropout: Share of values that dropout zeroes after each hidden layer.
        learning_rate: Step size of Adam at its highest.
        features: Numbers that a row becomes.
        classes: Classes to tell apart; none for a label that is a number.
        total_steps: Optimizer steps of the whole training, for the schedule.

    Returns:
        A compiled model from `(batch, features)` to probabilities `(batch, classes)`, of the second
        class of two `(batch, 1)`, or to a number `(batch, 1)`.
    """
    inputs = hidden = keras.Input((features,))
    for width in units:
        hidden = layers.Dropout(dropout)(layers.Dense(width, activation="relu")(hidden))
    outputs, activation = {0: (1, "linear"), 2: (1, "sigmoid")}.get(classes, (classes, "softmax"))
    losses = {0: "mean_squared_error", 2: "binary_crossentropy"}
    # Wide and deep: the last layer also sees the row, so that a linear model is a part of it.
    last = layers.Dense(outputs, activation, kernel_initializer="zeros", dtype="float32")
    model = keras.Model(inputs, last(layers.Concatenate()([inputs, hidden])))
    model.compile(
        optimizer=Adam(warmup_cosine(learning_rate, total_steps)),
        loss=losses.get(classes, "sparse_categorical_crossentropy"),
        metrics=["accuracy"] if classes else ["mean_absolute_error"],
    )
    return model


def linear(run: "Run", l2: float = 1e-3, steps: int = 30) -> "Array":
    """Returns what the best linear model says of the test rows.

    Args:
        run: The run, whose training rows it is fitted to.
        l2: Factor of the weights' squares.
        steps: Newton steps.

    Returns:
        Logits `(n, classes)`, or numbers `(n, 1)`.
    """
    (_, x, y), (_, test, _) = run.features(), run.features("test")
    design = np.column_stack([x, np.ones(len(x))]).astype(np.float64)
    penalty = np.diag([2 * l2 * len(x)] * design.shape[1])
    classes = len(run.data.classes)
    targets = np.eye(classes)[y] if classes else y[:, None]
    weights = np.zeros((design.shape[1], targets.shape[1]))
    for _ in range(steps if classes else 1):
        found = design @ weights
        if classes:
            found = np.exp(found - found.max(axis=1, keepdims=True))
            found /= found.sum(axis=1, keepdims=True)
        # Of a probability the slope is at most 1/2, which makes each step a safe one.
        curvature = design.T @ design * (0.5 if classes else 1) + penalty
        weights -= np.linalg.solve(curvature, design.T @ (found - targets) + penalty @ weights)
    return np.column_stack([test, np.ones(len(test))]) @ weights


def answers(outputs: "Array") -> "Array":
    """Returns class numbers `(n,)` for logits or probabilities; one unit is the second of two."""
    return outputs.argmax(axis=1) if outputs.shape[1] > 1 else outputs[:, 0] > 0.5


def score(run: "Run") -> dict[str, float]:
    """Measures the linear model on the test rows, and by how much the net is better, on average.

    `lead_error` is the standard error of that: how much other test rows would change it.
    """
    found, (_, _, y) = linear(run), run.features("test")
    if run.data.classes:
        name, of_linear, of_net = "accuracy", answers(found) == y, answers(run.predict()) == y
        gains = of_net.astype(float) - of_linear
    else:
        name, of_linear = "loss", (found[:, 0] - y) ** 2
        missed = (run.predict()[:, 0] - run.data.test.y) / (run.data.train.y.std() or 1)
        gains = of_linear - missed**2
    return {
        f"linear_{name}": float(of_linear.mean()),
        "lead": float(gains.mean()),
        "lead_error": float(gains.std() / len(gains) ** 0.5),
    }


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws what is taken for what, or predicted against true values."""
    from kerastut.plotting import confusion_matrix, predictions

    found, truth = run.predict(), run.data.test.y
    if not run.data.classes:
        return {"predictions": predictions(truth, found[:, 0])[0]}
    return {"confusion": confusion_matrix(truth, answers(found), run.data.classes)}


if __name__ == "__main__":
    run_file(__file__)
