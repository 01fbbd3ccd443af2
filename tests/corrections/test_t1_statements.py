"""Each test runs one fault of what T1 states: the fault itself, and what is so."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest

import kerastut

SEED = 0
PIXELS = 28 * 28

Array = npt.NDArray[Any]


@functools.cache
def digits() -> tuple[Array, Array, Array, Array]:
    """Raw uint8 digits, one row an image: the training part, and held-out images with labels."""
    data = kerastut.load("mnist", limit=1400, seed=0)
    held_x = np.concatenate([data.validation.x, data.test.x])
    held_y = np.concatenate([data.validation.y, data.test.y])
    return (
        np.asarray(data.train.x).reshape(-1, PIXELS),
        np.asarray(data.train.y),
        held_x.reshape(-1, PIXELS),
        held_y,
    )


@functools.cache
def trained(
    optimizer: str = "adam",
    batch: int = 32,
    *,
    depth: int = 1,
    activation: str = "relu",
    penalty: str = "none",
    divisor: float = 255.0,
) -> tuple[float, Array | None]:
    """Held-out accuracy and first hidden kernel after four epochs on real digits."""
    x, y, held_x, held_y = digits()
    keras.utils.set_random_seed(SEED)
    made = {
        "adam": keras.optimizers.Adam,
        "sgd": keras.optimizers.SGD,
        "momentum": lambda: keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
    }[optimizer]()
    penalties = {"none": None, "l1": keras.regularizers.L1(0.01), "l2": keras.regularizers.L2(0.01)}
    stack: list[Any] = [keras.Input(shape=(PIXELS,))]
    for _ in range(depth):
        stack.append(
            keras.layers.Dense(48, activation=activation, kernel_regularizer=penalties[penalty])
        )
    stack.append(keras.layers.Dense(10, activation="softmax"))
    net = keras.Sequential(stack)
    net.compile(optimizer=made, loss="sparse_categorical_crossentropy")
    scaled = x / np.float32(divisor)
    order = np.random.default_rng(SEED)
    for _ in range(4):  # as fit does, without the time it takes to set out
        whole = order.permutation(len(x))[: len(x) // batch * batch]
        for rows in whole.reshape(-1, batch):
            net.train_on_batch(scaled[rows], y[rows])
    guess = keras.ops.convert_to_numpy(net(held_x / np.float32(divisor))).argmax(axis=1)
    kernel = keras.ops.convert_to_numpy(net.layers[0].kernel) if depth else None
    return float(np.mean(guess == held_y)), kernel


def import_keras_with(backend: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Import keras in a fresh interpreter under the backend named."""
    environment = dict(os.environ, KERAS_BACKEND=backend, KERAS_HOME=str(home))
    return subprocess.run(
        [sys.executable, "-c", "import keras; print(keras.config.backend())"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_t1_11_theano_and_cntk_are_no_backends(tmp_path: Path) -> None:
    """Keras 3 refuses to start with theano or cntk; this process runs a current backend."""
    for gone in ("theano", "cntk"):
        result = import_keras_with(gone, tmp_path)
        assert result.returncode != 0
        assert f"ValueError: Unable to import backend : {gone}" in result.stderr
    assert keras.config.backend() in {"tensorflow", "jax", "torch", "numpy", "openvino"}


def test_t1_12_the_backends_known_today(tmp_path: Path) -> None:
    """jax, torch, numpy and openvino are known names (at worst a package lacks); mxnet is not."""
    unknown = import_keras_with("mxnet", tmp_path)
    assert "ValueError: Unable to import backend : mxnet" in unknown.stderr
    for name in ("jax", "torch", "numpy", "openvino"):
        result = import_keras_with(name, tmp_path)
        assert "Unable to import backend" not in result.stderr
        if result.returncode == 0:
            assert result.stdout.split()[-1] == name
        else:
            assert "ModuleNotFoundError: No module named" in result.stderr


def test_t1_13_lstm_is_one_kind_of_recurrent_layer() -> None:
    """LSTM, GRU and SimpleRNN are all RNN layers; an LSTM has four times the simple weights."""
    kinds = (keras.layers.LSTM, keras.layers.GRU, keras.layers.SimpleRNN)
    assert all(issubclass(kind, keras.layers.RNN) for kind in kinds)
    assert not issubclass(keras.layers.Conv1D, keras.layers.RNN)

    def weights(kind: Any, steps: int) -> int:
        layer = kind(6)
        layer.build((None, steps, 4))
        return int(layer.count_params())

    assert weights(keras.layers.SimpleRNN, 5) == 6 * (4 + 6 + 1)
    assert weights(keras.layers.LSTM, 5) == 4 * weights(keras.layers.SimpleRNN, 5)
    assert weights(keras.layers.LSTM, 5) == weights(keras.layers.LSTM, 50)


def test_t1_14_pixels_are_numbers_already_and_scaling_is_what_helps() -> None:
    """The images are uint8 numbers 0 to 255; dividing by 255 gains over 0.07 of accuracy."""
    raw = digits()[0]
    assert raw.dtype == np.uint8
    assert int(raw.min()) == 0
    assert int(raw.max()) == 255
    assert keras.utils.to_categorical([3], 10).tolist() == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]]

    scaled, _ = trained()
    unscaled, _ = trained(divisor=1.0)
    assert scaled > 0.82
    assert scaled - unscaled > 0.07


def test_t1_15_more_data_does_not_lower_a_bias_floor() -> None:
    """A straight line on x squared stays near 1/180 from 100 to a million points; x² does not."""
    rng = np.random.default_rng(SEED)
    for count, margin in ((100, 0.0025), (10_000, 3e-4), (1_000_000, 5e-5)):
        x = rng.random(count)
        slope, offset = np.polyfit(x, x**2, 1)
        floor = float(np.mean((slope * x + offset - x**2) ** 2))
        assert abs(floor - 1 / 180) < margin
    x = rng.random(100)
    fitted = np.polyval(np.polyfit(x, x**2, 2), x)
    assert float(np.mean((fitted - x**2) ** 2)) < 1e-20


def test_t1_16_softmax_is_wrong_for_one_unit_and_for_many_labels() -> None:
    """One softmax unit always says 1; softmax cannot say yes twice; sigmoid does both jobs."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(400, 2)).astype("float32")
    y = (x[:, 0] + x[:, 1] > 0.4).astype(int)
    found: dict[str, Array] = {}
    for head in ("softmax", "sigmoid"):
        keras.utils.set_random_seed(SEED)
        net = keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(1, activation=head)])
        net.compile(optimizer=keras.optimizers.Adam(0.1), loss="binary_crossentropy")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            net.fit(x, y, batch_size=5, epochs=1, verbose=0)
            found[head] = keras.ops.convert_to_numpy(net(x))[:, 0]
    assert np.all(found["softmax"] == 1.0)
    assert np.mean((found["softmax"] > 0.5) == y) == pytest.approx(y.mean())
    assert np.mean((found["sigmoid"] > 0.5) == y) > 0.93
    with pytest.warns(UserWarning, match="softmax operation will always return the value 1"):
        keras.activations.softmax(np.zeros((2, 1), dtype="float32"))

    both_true = np.array([[6.0, 6.0, -6.0]], dtype="float32")
    exclusive = keras.ops.convert_to_numpy(keras.activations.softmax(both_true))
    independent = keras.ops.convert_to_numpy(keras.activations.sigmoid(both_true))
    assert exclusive.sum() == pytest.approx(1.0)
    assert exclusive.max() <= 0.5
    assert (independent > 0.5).tolist() == [[True, True, False]]


def test_t1_17_depth_asks_for_initialisation_not_for_tanh() -> None:
    """Six layers deep relu and tanh both learn, sigmoid does not; shallow tanh equals relu."""
    relu, _ = trained(batch=70, depth=6)
    tanh, _ = trained(batch=70, depth=6, activation="tanh")
    sigmoid, _ = trained(batch=70, depth=6, activation="sigmoid")
    assert relu > 0.7
    assert tanh > 0.75
    assert sigmoid < 0.4

    keras.utils.set_random_seed(SEED)
    kept: dict[str, float] = {}
    for init in ("he_normal", "glorot_uniform"):
        signal = np.random.default_rng(SEED).normal(size=(200, 64)).astype("float32")
        for _ in range(20):
            layer = keras.layers.Dense(64, activation="relu", kernel_initializer=init)
            signal = keras.ops.convert_to_numpy(layer(signal))
        kept[init] = float(np.sqrt(np.mean(signal**2)))
    assert kept["he_normal"] > 0.1
    assert kept["glorot_uniform"] < 0.02


def test_t1_19_learning_rate_decides_not_batch_size() -> None:
    """Default sgd loses to default adam at 32 and 256; with 0.1 and momentum it wins at 256."""
    score = {
        (name, batch): trained(name, batch)[0]
        for name, batch in (
            ("sgd", 32),
            ("adam", 32),
            ("sgd", 256),
            ("adam", 256),
            ("momentum", 256),
        )
    }
    assert score["adam", 32] - score["sgd", 32] > 0.05
    assert score["adam", 256] - score["sgd", 256] > 0.2
    assert score["momentum", 256] - score["sgd", 256] > 0.25
    assert score["momentum", 256] - score["adam", 256] > 0.02


def test_t1_20_adam_beats_default_sgd_on_the_simplest_model() -> None:
    """Even with no hidden layer at all, default adam ends well above default sgd."""
    adam, _ = trained("adam", depth=0)
    sgd, _ = trained("sgd", depth=0)
    assert adam - sgd > 0.03


def test_t1_22_l1_makes_sparse_l2_makes_small() -> None:
    """L1 adds |w| and empties useless weights; L2 adds w² and only shrinks them."""
    weights = np.array([3.0, -4.0], dtype="float32")
    assert float(keras.regularizers.L1(0.1)(weights)) == pytest.approx(0.7)
    assert float(keras.regularizers.L2(0.1)(weights)) == pytest.approx(2.5)

    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(200, 30)).astype("float32")
    y = x[:, 0] - 2 * x[:, 1] + 0.1 * rng.normal(size=200)
    kernel: dict[str, Array] = {}
    for name, penalty in (("l1", keras.regularizers.L1(0.2)), ("l2", keras.regularizers.L2(0.2))):
        keras.utils.set_random_seed(SEED)
        net = keras.Sequential(
            [keras.Input(shape=(30,)), keras.layers.Dense(1, kernel_regularizer=penalty)]
        )
        net.compile(optimizer=keras.optimizers.SGD(0.02), loss="mse")
        net.fit(np.tile(x, (20, 1)), np.tile(y, 20), batch_size=20, epochs=1, verbose=0)
        kernel[name] = np.abs(net.get_weights()[0][:, 0])
    useless = {name: kernel[name][2:] for name in kernel}
    assert np.mean(useless["l1"] < 0.01) > 0.9
    assert np.mean(useless["l2"] < 0.01) < 0.4
    assert kernel["l1"][1] > 1.5
    assert 1.0 < kernel["l2"][1] < 1.9


def test_t1_23_l1_and_l2_differ_in_sparsity() -> None:
    """At strength 0.01 L1 empties most of the hidden kernel, L2 a third, no penalty none."""
    share: dict[str, float] = {}
    score: dict[str, float] = {}
    for penalty in ("none", "l1", "l2"):
        score[penalty], kernel = trained(penalty=penalty)
        assert kernel is not None
        share[penalty] = float(np.mean(np.abs(kernel) < 1e-3))
    assert share["none"] < 0.05
    assert 0.15 < share["l2"] < 0.5
    assert share["l1"] > 0.7
    assert score["none"] - score["l1"] > 0.03


def test_t1_25_the_missing_formulas_agree_with_keras() -> None:
    """The formulas the correction gives (losses, one SGD step, L2) are what Keras computes."""
    rng = np.random.default_rng(SEED)
    truth = np.eye(4)[rng.integers(0, 4, size=9)]
    guess = rng.random((9, 4)) + 0.1
    guess /= guess.sum(axis=1, keepdims=True)
    categorical = -np.mean(np.sum(truth * np.log(guess), axis=1))
    assert float(keras.losses.CategoricalCrossentropy()(truth, guess)) == pytest.approx(categorical)

    yes, chance = truth[:, :1], guess[:, :1]
    binary = -np.mean(yes * np.log(chance) + (1 - yes) * np.log(1 - chance))
    assert float(keras.losses.BinaryCrossentropy()(yes, chance)) == pytest.approx(binary, rel=1e-5)
    squared = np.mean((truth - guess) ** 2)
    assert float(keras.losses.MeanSquaredError()(truth, guess)) == pytest.approx(squared, rel=1e-5)

    x = rng.normal(size=(8, 3)).astype("float32")
    y = rng.normal(size=(8, 1)).astype("float32")
    net = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1, use_bias=False)])
    net.compile(optimizer=keras.optimizers.SGD(learning_rate=0.3), loss="mse", run_eagerly=True)
    start = net.get_weights()[0]
    net.fit(x, y, batch_size=8, epochs=1, verbose=0)
    gradient = 2 / 8 * x.T @ (x @ start - y)
    assert net.get_weights()[0] == pytest.approx(start - 0.3 * gradient, abs=1e-5)
