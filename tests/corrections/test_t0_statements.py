"""Demonstrations of what T0 states and is not so, and beside it what is."""

import os
import subprocess
import sys
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from .nets import (
    Array,
    answer,
    bands,
    full_batch_steps,
    least_squares,
    net,
    recorded_fit,
    share_right,
    squared_error,
    straight_line,
    uniform_column,
)

pytestmark = pytest.mark.usefixtures("same_seed")


@pytest.mark.parametrize("name", ["theano", "cntk"])
def test_t0_28_old_backends_are_unknown(name: str) -> None:
    """Keras does not start on Theano or CNTK; the backend in use here is one it knows."""
    run = subprocess.run(
        [sys.executable, "-c", "import keras"],
        env={**os.environ, "KERAS_BACKEND": name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert f"ValueError: Unable to import backend : {name}" in run.stderr
    assert keras.config.backend() in {"tensorflow", "jax", "torch", "numpy", "openvino"}


def test_t0_29_weights_belong_to_connections() -> None:
    """A Dense layer has one weight a connection and one bias a unit, not one weight a node."""
    for inputs, units, total in ((12, 5, 65), (784, 64, 50_240)):
        layer = layers.Dense(units)
        layer.build((None, inputs))
        assert [tuple(w.shape) for w in layer.weights] == [(inputs, units), (units,)]
        assert layer.count_params() == units * (inputs + 1) == total
        assert layer.count_params() > 2 * units


@pytest.mark.parametrize(
    "layer",
    [
        layers.MaxPooling2D(2),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Activation("relu"),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_t0_30_pooling_has_no_parameters(layer: Any) -> None:
    """Pooling and its like add nothing to the count; the convolution before them does."""
    base = [keras.Input(shape=(6, 6, 1)), layers.Conv2D(3, 3)]
    model = keras.Sequential([*base, layer])
    assert layer.weights == []
    assert model.count_params() == 3 * (3 * 3 + 1)


def test_t0_31_one_sigmoid_unit_serves_two_classes() -> None:
    """Both heads reach the same accuracy; the mixes in between raise or answer 1.0 for all."""
    import tensorflow as tf

    rng = np.random.default_rng(21)
    x = rng.normal(size=(600, 3)).astype("float32")
    chance = 1 / (1 + np.exp(-(x @ [2.0, -3.0, 1.0])))
    y = (rng.random(600) < chance).astype("int32")
    best = float(np.mean((chance > 0.5) == y))

    def head(units: int, activation: str, loss: str) -> Any:
        return net(
            keras.Input(shape=(3,)),
            layers.Dense(units, activation=activation),
            loss=loss,
            optimizer=keras.optimizers.Adam(0.1),
            steps_per_execution=20,
        )

    one = head(1, "sigmoid", "binary_crossentropy")
    two = head(2, "softmax", "sparse_categorical_crossentropy")
    for model in (one, two):
        full_batch_steps(model, x, y, 60)
    first, second = share_right(one, x, y), share_right(two, x, y)
    assert min(first, second) > best - 0.03
    assert abs(first - second) < 0.02
    assert (one.count_params(), two.count_params()) == (4, 8)

    for loss in ("binary_crossentropy", "categorical_crossentropy"):
        with pytest.raises(ValueError, match="rank"):
            head(2, "softmax", loss).fit(x, y, verbose=0)
    # The second wording is TensorFlow's when op determinism is on, as after `kerastut.run`.
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?i)label|1 is not in \[0, 1\)"):
        head(1, "sigmoid", "sparse_categorical_crossentropy").fit(x, y, verbose=0)
    stuck = head(1, "softmax", "binary_crossentropy")
    with pytest.warns(UserWarning, match="The softmax operation will always return the value 1"):
        full_batch_steps(stuck, x, y, 20)
    with pytest.warns(UserWarning, match="softmax"):
        said = answer(stuck, x)
    assert np.array_equal(said, np.ones((600, 1)))
    assert share_right(one, x, y) > float(y.mean()) + 0.1


def test_t0_32_depth_without_activation_stays_a_line() -> None:
    """Two Dense layers without activation bend nowhere; with relu between them they do."""
    grid = np.linspace(-1, 1, 41, dtype="float32")[:, None]

    def bend(activation: str | None) -> float:
        model = keras.Sequential(
            [keras.Input(shape=(1,)), layers.Dense(16, activation=activation), layers.Dense(1)]
        )
        assert model.count_params() == 49
        return float(np.abs(np.diff(answer(model, grid)[:, 0], 2)).max())

    assert bend(None) < 1e-6
    assert bend("relu") > 1e-3


def test_t0_33_adam_is_not_adagrad() -> None:
    """Under a constant gradient Adagrad's step shrinks and Adam's does not; SGD takes batches."""

    def last_over_first(rule: Any) -> float:
        place = keras.Variable(np.zeros(1, "float32"))
        rule.build([place])
        path = [0.0]
        for _ in range(50):
            rule.apply([keras.ops.ones(1)], [place])
            path.append(float(place.numpy()[0]))
        steps = np.diff(path)
        return float(steps[-1] / steps[0])

    assert last_over_first(keras.optimizers.Adam(0.01)) == pytest.approx(1, abs=0.02)
    assert last_over_first(keras.optimizers.Adagrad(0.01)) == pytest.approx(
        np.sqrt(1.1 / 50.1), rel=0.05
    )
    model = net(keras.Input(shape=(1,)), layers.Dense(1), loss="mse", optimizer="sgd")
    model.fit(np.ones((100, 1)), np.ones((100, 1)), verbose=0)
    assert int(model.optimizer.iterations) == 4


@pytest.mark.parametrize(
    ("label_form", "right"),
    [
        ("integer", "sparse_categorical_crossentropy"),
        ("one-hot", "categorical_crossentropy"),
        ("zero-one", "binary_crossentropy"),
    ],
)
def test_t0_34_cross_entropy_is_three_losses(label_form: str, right: str) -> None:
    """Each label form has its loss, all three the same number; the wrong one raises."""
    chance = np.array([0.9, 0.2, 0.6, 0.3])
    pair = np.column_stack([1 - chance, chance])
    truth = np.array([1, 0, 0, 1])
    by_hand = -np.log(np.where(truth == 1, chance, 1 - chance)).mean()
    targets: dict[str, tuple[Array, Array]] = {
        "integer": (truth, pair),
        "one-hot": (np.eye(2)[truth], pair),
        "zero-one": (truth[:, None].astype("float64"), chance[:, None]),
    }
    target, output = targets[label_form]
    value = float(np.mean(keras.losses.get(right)(target, output)))
    assert value == pytest.approx(by_hand, abs=1e-5)
    wrong = {"integer": "categorical_crossentropy", "one-hot": "sparse_categorical_crossentropy"}
    if label_form in wrong:
        with pytest.raises(ValueError, match="rank"):
            keras.losses.get(wrong[label_form])(target, output)


def test_t0_35_a_square_is_not_linear_regression() -> None:
    """The best line on (0, 1) is x - 1/6 with error 1/180; with x*x as a feature it is exact."""
    x = ((np.arange(2000) + 0.5) / 2000)[:, None]
    slope, intercept, error = least_squares(x, x**2)
    assert (slope, intercept) == pytest.approx((1, -1 / 6), abs=1e-4)
    assert error == pytest.approx(1 / 180, abs=1e-5)

    def keras_error(features: Array, weights: list[float], bias: float) -> float:
        model = net(keras.Input(shape=(features.shape[1],)), layers.Dense(1), loss="mse")
        model.set_weights([np.array(weights)[:, None], np.array([bias])])
        return squared_error(model, features, x**2)

    assert keras_error(x, [slope], intercept) == pytest.approx(1 / 180, abs=1e-5)
    assert keras_error(np.hstack([x, x**2]), [0.0, 1.0], 0.0) < 1e-10


@pytest.mark.parametrize(
    ("options", "updates"), [({}, 4), ({"batch_size": 100}, 1), ({"batch_size": 1}, 100)]
)
def test_t0_36_default_batch_size_is_32(options: dict[str, int], updates: int) -> None:
    """A hundred rows are four updates by default, one or a hundred at other batch sizes."""
    x = uniform_column(100)
    model = straight_line(0.01, at_once=1)
    model.fit(x, x, verbose=0, **options)
    assert int(model.optimizer.iterations) == updates
    if not options:
        rows = np.arange(100, dtype="float32")[:, None]
        order = recorded_fit(rows, epochs=1)
        assert not np.array_equal(order, rows)
        assert np.array_equal(np.sort(order, axis=0), rows)
        assert np.array_equal(recorded_fit(rows, epochs=1, shuffle=False), rows)


def test_t0_37_nothing_is_augmented_by_fitting_a_generator() -> None:
    """Three epochs show the same eight images three times; with a layer, twenty-four new ones."""
    from tensorflow.keras.preprocessing.image import ImageDataGenerator

    pictures, _ = bands(8, 0)
    ImageDataGenerator(rotation_range=20, height_shift_range=0.2).fit(pictures)

    def distinct(*before: Any) -> int:
        seen = recorded_fit(pictures, *before, epochs=3, batch_size=8)
        return len(np.unique(seen.reshape(len(seen), -1), axis=0))

    assert distinct() == 8
    assert distinct(layers.RandomRotation(20 / 360), layers.RandomTranslation(0.2, 0.2)) == 24


def test_t0_38_the_described_stack_does_not_classify() -> None:
    """Convolution, pooling, Dense gives a vector a position; Flatten gives one an image."""

    def outputs(*bridge: Any) -> tuple[int | None, ...]:
        stack = [layers.Conv2D(5, 3), layers.MaxPooling2D(), *bridge, layers.Dense(4)]
        shape: tuple[int | None, ...] = keras.Sequential(
            [keras.Input(shape=(16, 16, 1)), *stack]
        ).output_shape
        return shape

    assert outputs() == (None, 7, 7, 4)
    assert outputs(layers.Flatten()) == (None, 4)
    assert outputs(layers.GlobalAveragePooling2D()) == (None, 4)


def test_t0_40_the_recurrent_model_has_three_kinds_of_layer() -> None:
    """Embedding and head have parameters of their own: 70, 840 and 22 at the tutorial's sizes."""

    def counts(words: int, width: int, cells: int, classes: int) -> list[int]:
        return [words * width, 4 * cells * (width + cells + 1), classes * (cells + 1)]

    assert counts(7, 10, 10, 2) == [70, 840, 22]
    assert sum(counts(7, 10, 10, 2)) == 932
    model = keras.Sequential(
        [
            keras.Input(shape=(6,), dtype="int32"),
            layers.Embedding(13, 5),
            layers.LSTM(8),
            layers.Dense(3),
        ]
    )
    assert [layer.count_params() for layer in model.layers] == counts(13, 5, 8, 3)
