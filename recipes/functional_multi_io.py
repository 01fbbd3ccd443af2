"""Two digits in, their sum and its parity out, through one shared tower.

Two digits go through the same convolutional tower, with the same weights; their features are joined
and two heads answer: the sum of the digits, one of 19 classes, and whether it is odd. This is what
the functional API is for: Sequential cannot say it, and inputs and outputs have names.

What differs from the tutorial, and why:

- The tutorial promises several inputs and outputs and shows a chain with one of each, which is
  never compiled or trained. This net is.
- Each head has a loss of its own and the total is their sum. Labels are given by the same names.
- Parity follows from the sum, but the net is not told so: compare the accuracies of the two heads.
"""

from typing import TYPE_CHECKING, Literal

import keras
from keras import layers
from keras.optimizers import Adam, RMSprop

from kerastut import Recipe, run_file, warmup_cosine

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kerastut import Run

RECIPE = Recipe(
    dataset="mnist-pairs",
    epochs=5,
    batch_size=96,
    speed="halves",
    samples=20_000,
    expect={"sum_accuracy": (0.95, 0.985), "parity_accuracy": (0.965, 0.99)},
    tutorials=("T3 2.3",),
)
OPTIMIZERS = {"adam": Adam, "rmsprop": RMSprop}


def tower(filters: tuple[int, ...], features: int) -> keras.Model:
    """Returns the net that turns one image `(batch, 28, 28, 1)` into `(batch, features)`."""
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255)], name="tower")
    for count in filters:
        model.add(layers.Conv2D(count, 3, activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(features, activation="relu"))
    return model


def build(
    filters: tuple[int, ...] = (16, 32),
    features: int = 64,
    units: int = 128,
    optimizer: Literal["adam", "rmsprop"] = "adam",
    learning_rate: float = 3e-3,
    schedule: Literal["cosine", "constant"] = "cosine",
    total_steps: int = 1045,
) -> keras.Model:
    """Builds the net of two inputs and two outputs.

    Args:
        filters: Filters of each block of the tower.
        features: Numbers that the tower makes of an image.
        units: Width of the layer that sees both images.
        optimizer: Rule of the optimizer step.
        learning_rate: Step size at its highest.
        schedule: cosine climbs to the highest rate and falls to zero; constant stays at it.
        total_steps: Optimizer steps of the whole training, for the schedule.

    Returns:
        A compiled model from pixels `{"left", "right"}`, each `(batch, 28, 28, 1)`, to
        probabilities `{"sum": (batch, 19), "parity": (batch, 1)}`.
    """
    inputs = {name: keras.Input((28, 28, 1), name=name) for name in ("left", "right")}
    shared = tower(filters, features)
    joined = layers.Concatenate()([shared(inputs["left"]), shared(inputs["right"])])
    hidden = layers.Dense(units, activation="relu")(joined)
    outputs = {
        "sum": layers.Dense(19, activation="softmax", name="sum", dtype="float32")(hidden),
        "parity": layers.Dense(1, activation="sigmoid", name="parity", dtype="float32")(hidden),
    }
    model = keras.Model(inputs, outputs)

    cosine = schedule == "cosine"
    rate = warmup_cosine(learning_rate, total_steps) if cosine else learning_rate
    model.compile(
        optimizer=OPTIMIZERS[optimizer](rate),
        loss={"sum": "sparse_categorical_crossentropy", "parity": "binary_crossentropy"},
        metrics={"sum": ["accuracy"], "parity": ["accuracy"]},
    )
    return model


def figures(run: "Run") -> dict[str, "Axes"]:
    """Draws which sums are taken for which."""
    from kerastut.plotting import confusion_matrix

    predicted = run.predict()["sum"].argmax(axis=1)
    return {"confusion": confusion_matrix(run.data.test.y["sum"], predicted, run.data.classes)}


if __name__ == "__main__":
    run_file(__file__)
