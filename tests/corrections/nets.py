"""Small nets and data for the demonstrations of T0's faults."""

import re
import warnings
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

Array = npt.NDArray[Any]

SHAPE_WARNING = "Do not pass an `input_shape`/`input_dim` argument to a layer"
LR_MESSAGE = re.escape("Argument(s) not recognized: {'lr': ")
SAME_RANK = re.escape("Arguments `target` and `output` must have the same rank (ndim)")


def net(*stack: Any, loss: str, optimizer: Any = "sgd", metrics: Any = None, **more: Any) -> Any:
    """A compiled Sequential model; the optimizer is built here so that fit traces only once."""
    model = keras.Sequential(list(stack))
    more = {"jit_compile": False, **more}
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics, **more)
    model.optimizer.build(model.trainable_variables)
    return model


def full_batch_steps(model: Any, x: Array, y: Array, steps: int) -> None:
    """Take `steps` gradient steps, each on the whole set, in one cheap epoch."""
    many_x, many_y = np.concatenate([x] * steps), np.concatenate([y] * steps)
    model.fit(many_x, many_y, batch_size=len(x), shuffle=False, epochs=1, verbose=0)


def straight_line(rate: float, at_once: int = 50) -> Any:
    """One affine unit, trained by plain gradient descent on the squared error."""
    optimizer = keras.optimizers.SGD(learning_rate=rate)
    return net(
        keras.Input(shape=(1,)),
        layers.Dense(1),
        loss="mse",
        optimizer=optimizer,
        steps_per_execution=at_once,
    )


def answer(model: Any, x: Array) -> Array:
    """What the model says, without the overhead of predict."""
    return np.asarray(model(x, training=False))


def squared_error(model: Any, x: Array, y: Array) -> float:
    """Mean squared error of the model."""
    return float(np.mean((answer(model, x) - y) ** 2))


def share_right(model: Any, x: Array, labels: Array) -> float:
    """Accuracy of a sigmoid unit or of a softmax."""
    said = answer(model, x)
    chosen = said[:, 0] > 0.5 if said.shape[1] == 1 else said.argmax(axis=1)
    return float(np.mean(chosen == labels))


def least_squares(x: Array, y: Array) -> tuple[float, float, float]:
    """Slope, intercept and mean squared error of the best straight line."""
    design = np.column_stack([x[:, 0], np.ones(len(x))])
    (slope, intercept), *_ = np.linalg.lstsq(design, y[:, 0], rcond=None)
    error = float(np.mean((design @ [slope, intercept] - y[:, 0]) ** 2))
    return float(slope), float(intercept), error


def uniform_column(n: int, low: float = 0.0, high: float = 1.0, seed: int = 3) -> Array:
    """n numbers as a column."""
    return np.random.default_rng(seed).uniform(low, high, size=(n, 1)).astype("float32")


def no_warning(build: Any) -> Any:
    """Call `build` and turn any UserWarning into a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return build()


def recorded_fit(x: Array, *before: Any, epochs: int, **options: Any) -> Array:
    """Every input that reaches the network behind the layers `before` during fit."""
    seen: list[Array] = []

    def note(batch: Any) -> Any:
        seen.append(keras.ops.convert_to_numpy(batch))
        return batch

    model = net(
        keras.Input(shape=x.shape[1:]),
        *before,
        layers.Lambda(note, output_shape=x.shape[1:]),
        layers.Flatten(),
        layers.Dense(1),
        loss="mse",
        run_eagerly=True,
    )
    seen.clear()
    model.fit(x, np.zeros((len(x), 1)), epochs=epochs, verbose=0, **options)
    return np.concatenate(seen)


def bands(n: int, seed: int) -> tuple[Array, Array]:
    """Noise images of 10 by 10; the label is the row that was made brighter."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, size=n)
    images = rng.random((n, 10, 10, 1)).astype("float32")
    images[np.arange(n), labels] += 1.0
    return images, labels
