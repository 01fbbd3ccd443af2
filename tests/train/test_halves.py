"""Training in halves, against the same steps in NumPy and against Keras's own step."""

import subprocess
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from benchmarks.threads import available as cores
from kerastut import get_recipe
from kerastut.arrays import Array
from kerastut.train.speed import halves
from kerastut.train.speed.halves import in_halves
from tests.warm import warm

SAMPLES, RATE = 22, 0.1
RNG = np.random.default_rng(0)


def batches(size: int) -> list[slice]:
    return [slice(start, start + size) for start in range(0, SAMPLES, size)]


@pytest.mark.parametrize("size", [1, 3, 7, 22])
def test_the_steps_are_those_of_gradient_descent(size: int) -> None:
    """The batches are even, odd and of one sample."""
    x = RNG.normal(size=(SAMPLES, 3)).astype(np.float32)
    y = x @ np.array([[1], [-2], [0.5]], np.float32)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(RATE), "mse", metrics=["mae"])
    weights = model.get_weights()[0].astype(float)
    errors = 0.0
    for part in batches(size):
        residuals = x[part] @ weights - y[part]
        errors += np.abs(residuals).sum()
        weights -= RATE * 2 * x[part].T @ residuals / len(residuals)
    with in_halves(model):
        history = model.fit(x, y, batch_size=size, shuffle=False, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], weights, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(history.history["mae"], errors / SAMPLES, rtol=1e-5)


def convolutional() -> keras.Model:
    """Returns a net of two inputs and two outputs, always with the same weights."""
    keras.utils.set_random_seed(0)
    inputs = {name: keras.Input((8, 8, 1), name=name) for name in ("left", "right")}
    features = [
        layers.Flatten()(layers.MaxPooling2D()(layers.Conv2D(4, 3, activation="relu")(image)))
        for image in inputs.values()
    ]
    joined = layers.Concatenate()(features)
    outputs = {
        "kind": layers.Dense(3, "softmax", kernel_regularizer="l2", name="kind")(joined),
        "size": layers.Dense(1, name="size")(joined),
    }
    model = keras.Model(inputs, outputs)
    losses = {"kind": "sparse_categorical_crossentropy", "size": "mse"}
    model.compile(keras.optimizers.SGD(RATE / 10), losses, metrics={"kind": ["accuracy"]})
    return model


def test_a_net_of_several_inputs_and_outputs_is_trained_as_by_keras() -> None:
    """The last batch has one sample: TensorFlow's max pooling bears no empty half."""
    images = RNG.normal(size=(2, SAMPLES, 8, 8, 1)).astype(np.float32)
    x = dict(zip(("left", "right"), images, strict=True))
    y = {"kind": RNG.integers(0, 3, SAMPLES), "size": RNG.normal(size=(SAMPLES, 1))}

    def trained(divide: Callable[[keras.Model], Any]) -> tuple[list[Array], dict[str, list[float]]]:
        model = convolutional()
        with divide(model):
            history = model.fit(x, y, batch_size=7, epochs=2, shuffle=False, verbose=0).history
        return model.get_weights(), history

    weights, history = trained(in_halves)
    expected, expected_history = trained(nullcontext)
    for array, wanted in zip(weights, expected, strict=True):
        np.testing.assert_allclose(array, wanted, rtol=1e-4, atol=1e-6)
    for name, values in expected_history.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5)


class OwnStep(keras.Model):  # type: ignore[misc]
    """A model that trains in a way of its own."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": 0.0}


def own_step() -> keras.Model:
    inputs = keras.Input((3,))
    return OwnStep(inputs, layers.Dense(1)(inputs))


def with_layer(layer: keras.Layer) -> keras.Model:
    return keras.Sequential([keras.Input((3,)), keras.Sequential([layer]), layers.Dense(1)])


@pytest.mark.parametrize(
    "model",
    [
        own_step(),
        with_layer(layers.BatchNormalization()),
        with_layer(layers.Dense(3, activity_regularizer="l2")),
    ],
    ids=["own step", "statistics of a batch", "penalty on a batch"],
)
def test_what_depends_on_the_whole_batch_is_not_divided(model: keras.Model) -> None:
    with in_halves(model):
        assert "train_step" not in vars(model)


def test_the_model_gets_its_own_step_back() -> None:
    model = convolutional()
    with suppress(KeyboardInterrupt), in_halves(model):
        assert "train_step" in vars(model)
        raise KeyboardInterrupt
    assert "train_step" not in vars(model)


def test_a_gpu_gets_whole_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = get_recipe("cnn-mnist")
    assert halves.worthwhile(recipe)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind])
    assert not halves.worthwhile(recipe)


THREADS = """
import atexit, sys
from kerastut.cli import main

@atexit.register
def report():
    import tensorflow as tf
    print("threads", tf.config.threading.get_intra_op_parallelism_threads())

sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("available", "command", "threads"),
    [
        ("4", ["run", "cnn-mnist"], 2),
        ("3", ["run", "cnn-mnist"], 2),
        ("1", ["run", "cnn-mnist"], 1),
        ("many", ["run", "cnn-mnist"], -(-cores() // 2)),
        ("4", ["run", "mlp-mnist"], 0),
        ("4", ["run", "cnn-mnist", "--strategy", "mirrored"], 0),
        ("4", ["compare", "cnn-mnist", "--vary", "units=8"], 2),
    ],
)
def test_the_command_leaves_each_half_its_share_of_the_threads(
    available: str, command: list[str], threads: int, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 is TensorFlow's own choice, which nothing has changed."""
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", available)
    small = ["--limit", "64", "--epochs", "1", "-q", "--output-dir", str(tmp_path / "run")]
    done = subprocess.run(
        [*warm(), "-c", THREADS, *command, *small], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"threads {threads}\n" in done.stdout
