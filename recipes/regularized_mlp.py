"""A small net on 1,000 images: how far a penalty closes the gap to validation.

With 1,000 of MNIST's images the net of 50,890 parameters learns its training set by heart: the
loss there goes towards zero, on held-out images it does not. A penalty on the weights (l1, l2 or
both), dropout and early stopping each narrow that gap; the figure shows it for every penalty.

What differs from the tutorials, and why:

- The strength is written out. The string 'l2' means 0.01 without saying so, which is strong for
  this net; 'l1_l2' is refused by Keras 3, and its nearest spelling means no penalty at all.
- The reported loss contains the penalty, so it cannot be compared between runs. The metric
  cross_entropy does not contain it, and the gap is measured with it.
- Which penalty suits is not a question of a simple or a fast model. l1 brings most weights near
  zero and leaves a few large, l2 shrinks all in proportion; the strength is chosen on validation
  data.
- Training stops when the validation data say so, and the best weights are restored.
"""

from typing import TYPE_CHECKING, Literal

import keras
from keras import layers
from keras.regularizers import L1, L1L2, L2

from kerastut import Recipe, run_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kerastut import Run

RECIPE = Recipe(
    dataset="mnist",
    epochs=40,
    batch_size=32,
    samples=1000,
    expect={"accuracy": (0.85, 0.91), "gap": (0.05, 0.3), "gap_without": (0.25, 0.6)},
    tutorials=("T1 3.5", "T1 6.3", "T3 9.2", "T4 8"),
)
PENALTIES = ("none", "l1", "l2", "l1_l2")


def build(
    units: int = 64,
    regularizer: Literal["none", "l1", "l2", "l1_l2"] = "l2",
    strength: float = 1e-2,
    dropout: float = 0.0,
    learning_rate: float = 1e-3,
    classes: int = 10,
    shape: tuple[int, ...] = (28, 28, 1),
) -> keras.Model:
    """Builds the net of one hidden layer with a penalty on its weights.

    Args:
        units: Width of the hidden layer.
        regularizer: The penalty: sum of absolute values, of squares, of both, or none.
        strength: Factor of the squares. Absolute values get a tenth of it, since they weigh small
            weights more; l1_l2 uses half of each.
        dropout: Share of hidden values that dropout zeroes in training.
        learning_rate: Step size of Adam.
        classes: Classes to tell apart.
        shape: Height, width and channels of the images.

    Returns:
        A compiled model from pixels `(batch, *shape)` to probabilities `(batch, classes)`.
    """
    penalty = {
        "none": None,
        "l1": L1(strength / 10),
        "l2": L2(strength),
        "l1_l2": L1L2(strength / 20, strength / 2),
    }[regularizer]
    model = keras.Sequential(
        [
            keras.Input(shape),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(units, activation="relu", kernel_regularizer=penalty),
            layers.Dropout(dropout),
            layers.Dense(
                classes, activation="softmax", kernel_regularizer=penalty, dtype="float32"
            ),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=[
            "accuracy",
            keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy"),
        ],
    )
    return model


def callbacks(patience: int = 8) -> list[keras.callbacks.Callback]:
    """Stops when validation no longer improves.

    Args:
        patience: Epochs without a better validation cross entropy before training stops.
    """
    return [
        keras.callbacks.EarlyStopping(
            monitor="val_cross_entropy", mode="min", patience=patience, restore_best_weights=True
        )
    ]


def gap(run: "Run") -> float:
    """Returns validation minus training cross entropy in the last epoch."""
    return run.history["val_cross_entropy"][-1] - run.history["cross_entropy"][-1]


def score(run: "Run") -> dict[str, float]:
    """Measures the gap with this run's penalty and without any."""
    runs = run.vary("regularizer", PENALTIES)
    return {"gap": gap(run), "gap_without": gap(runs["none"])}


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws training and validation for each penalty."""
    from kerastut.plotting import gaps

    runs = run.vary("regularizer", PENALTIES)
    histories = {f"{name} (gap {gap(other):.2f})": other.history for name, other in runs.items()}
    return {"gaps": gaps(histories, "cross_entropy")[0]}


if __name__ == "__main__":
    run_file(__file__)
