"""T4's program with its own settings, for its memory: float32 images, one-hot float64 labels."""

from typing import Any

import keras
from numpy.typing import NDArray

from benchmarks import data, models


def measure(seed: int, epochs: int = 1) -> dict[str, Any]:
    """Trains and evaluates; the peak of memory does not depend on the number of epochs."""
    x: NDArray[Any]
    test_x: NDArray[Any]
    (x, y), (test_x, test_y) = data.mnist()
    # Pixels first become float32, then their quotient is another array, as the tutorial has it.
    x = x.reshape(-1, 28, 28, 1).astype("float32") / 255
    test_x = test_x.reshape(-1, 28, 28, 1).astype("float32") / 255
    labels, test_labels = (keras.utils.to_categorical(values, 10) for values in (y, test_y))
    keras.utils.set_random_seed(seed)
    net = models.cnn()
    net.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    net.fit(
        x,
        labels,
        batch_size=128,
        epochs=epochs,
        verbose=2,
        validation_data=(test_x, test_labels),
    )
    return {"accuracy": net.evaluate(test_x, test_labels, verbose=0)[1]}
