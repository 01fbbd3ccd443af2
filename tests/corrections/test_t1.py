"""Each test runs one corrected fault of tutorial T1: the fault itself and the form that works."""

from __future__ import annotations

import functools
import os
import re
import socket
import subprocess
import sys
import urllib.error
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


def clusters(count: int, width: int = 20, classes: int = 3) -> tuple[Array, Array]:
    """A small learnable set: noisy points around one centre a class, integer labels."""
    rng = np.random.default_rng(SEED)
    centres = rng.normal(size=(classes, width))
    labels = rng.integers(0, classes, size=count)
    points = centres[labels] + 0.5 * rng.normal(size=(count, width))
    return points.astype("float32"), labels


def small_net(hidden: str = "relu", width: int = 20, classes: int = 3) -> Any:
    """An uncompiled classifier with fixed layer names."""
    return keras.Sequential(
        [
            keras.Input(shape=(width,), name="in"),
            keras.layers.Dense(12, activation=hidden, name="hidden"),
            keras.layers.Dense(classes, activation="softmax", name="out"),
        ],
        name="small",
    )


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


def test_t1_01_input_dim_warns_input_does_not() -> None:
    """A layer given input_dim draws a UserWarning; keras.Input builds the same net silently."""
    with pytest.warns(UserWarning, match=re.escape("Do not pass an `input_shape`/`input_dim`")):
        old = keras.Sequential([keras.layers.Dense(5, input_dim=7)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        new = keras.Sequential([keras.Input(shape=(7,)), keras.layers.Dense(5)])
    assert old.input_shape == new.input_shape == (None, 7)
    assert old.count_params() == new.count_params() == 40


def test_t1_02_architecture_says_nothing_of_loss_or_optimizer() -> None:
    """Layers alone are one and the same lesson; compile settings and activation make it differ."""
    about_loss, about_optimizer = small_net(), small_net()
    assert about_loss.get_config() == about_optimizer.get_config()
    for net in (about_loss, about_optimizer):
        assert not net.compiled
        assert not net.get_compile_config()

    about_loss.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    about_optimizer.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy")
    assert about_loss.get_compile_config() != about_optimizer.get_compile_config()
    assert small_net("tanh").get_config() != small_net("relu").get_config()


def test_t1_03_loss_lives_in_compile_not_in_a_layer() -> None:
    """Without compile a model has no loss and cannot be fitted; with compile it can."""
    x, y = clusters(60)
    net = small_net()
    assert net.compiled is False
    assert net.loss is None
    with pytest.raises(ValueError, match=re.escape("You must call `compile()` before using the")):
        net.fit(x, y, verbose=0)

    with pytest.raises(ValueError, match=re.escape("Unrecognized keyword arguments passed to")):
        keras.layers.Dense(3, loss="sparse_categorical_crossentropy")

    net.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    assert net.compiled is True
    assert net.loss == "sparse_categorical_crossentropy"
    assert np.isfinite(net.fit(x, y, verbose=0).history["loss"][0])


def test_t1_04_no_optimizer_until_compile() -> None:
    """A net that was only stacked holds no optimizer and its weights never move."""
    x, y = clusters(60)
    net = small_net()
    assert getattr(net, "optimizer", None) is None
    before = [w.copy() for w in net.get_weights()]
    net(x)
    assert all(np.array_equal(a, b) for a, b in zip(before, net.get_weights(), strict=True))

    net.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    assert isinstance(net.optimizer, keras.optimizers.Adam)
    net.fit(x, y, batch_size=20, verbose=0)
    assert int(net.optimizer.iterations) == 3
    assert not np.array_equal(before[0], net.get_weights()[0])


def test_t1_05_string_l2_is_one_hundredth_and_sits_in_the_loss() -> None:
    """'l2' means 0.01, and evaluate adds the penalty to the cross-entropy."""
    assert keras.regularizers.get("l2").l2 == pytest.approx(0.01)
    with pytest.raises(TypeError, match=re.escape("unexpected keyword argument 'l'")):
        keras.regularizers.L2(l=1e-4)

    keras.utils.set_random_seed(SEED)
    x, y = clusters(120, width=64)
    extra: dict[str, float] = {}
    weights: list[Array] = []
    for name, penalty in (("string", "l2"), ("explicit", keras.regularizers.L2(1e-4))):
        net = keras.Sequential(
            [
                keras.Input(shape=(64,)),
                keras.layers.Dense(40, activation="relu", kernel_regularizer=penalty),
                keras.layers.Dense(3, activation="softmax"),
            ]
        )
        if weights:
            net.set_weights(weights)
        weights = net.get_weights()
        net.compile(
            loss="sparse_categorical_crossentropy",
            metrics=[keras.metrics.SparseCategoricalCrossentropy(name="plain")],
            run_eagerly=True,
        )
        score = net.evaluate(x, y, verbose=0, return_dict=True)
        extra[name] = score["loss"] - score["plain"]
    squares = float(np.square(weights[0]).sum())
    assert extra["string"] == pytest.approx(0.01 * squares, rel=1e-3)
    assert extra["explicit"] == pytest.approx(1e-4 * squares, rel=1e-2)
    assert extra["string"] > 0.3


def test_t1_06_l1_l2_by_name_fails_or_is_zero() -> None:
    """'l1_l2' is rejected, 'l1l2' regularises nothing, L1L2 with coefficients does."""
    with pytest.raises(ValueError, match="Could not interpret regularizer identifier: l1_l2"):
        keras.layers.Dense(4, kernel_regularizer="l1_l2")

    ones = np.ones((2, 3), dtype="float32")
    for silent in ("l1l2", "L1L2", keras.regularizers.l1_l2()):
        layer = keras.layers.Dense(4, kernel_regularizer=silent)
        layer(ones)
        assert layer.kernel_regularizer.get_config() == {"l1": 0.0, "l2": 0.0}
        assert [float(value) for value in layer.losses] == [0.0]

    layer = keras.layers.Dense(
        4, kernel_initializer="ones", kernel_regularizer=keras.regularizers.L1L2(l1=1e-5, l2=1e-4)
    )
    layer(ones)
    assert float(layer.losses[0]) == pytest.approx(12 * 1.1e-4, rel=1e-4)


def test_t1_07_load_data_needs_the_network_and_deletes_a_local_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Offline load_data raises and removes a hand-placed file; our loader needs no network."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise urllib.error.URLError(socket.gaierror(-2, "Name or service not known"))

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", refuse)
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)

    with pytest.raises(Exception, match=r"URL fetch failure on https://storage\.googleapis"):
        keras.datasets.mnist.load_data()

    own = tmp_path / "datasets" / "mnist.npz"
    own.parent.mkdir(exist_ok=True)
    np.savez(own, x_train=np.zeros((3, 28, 28), dtype="uint8"))
    capsys.readouterr()
    with pytest.raises(Exception, match=re.escape("Name or service not known")):
        keras.datasets.mnist.load_data()
    assert "A local file was found, but it seems to be incomplete" in capsys.readouterr().out
    assert not own.exists()

    data = kerastut.load("mnist", limit=300, seed=0)
    assert data.train.x.dtype == np.uint8
    assert data.train.x.shape[1:] == (28, 28, 1)
    assert set(np.unique(data.train.y)) == set(range(10))


def test_t1_08_one_hot_float64_costs_eighty_times_the_integers() -> None:
    """to_categorical gives float64, 80 bytes for one; the loss from integers is the same."""
    labels = np.random.default_rng(SEED).integers(0, 10, size=600).astype("uint8")
    wide = keras.utils.to_categorical(labels, 10)
    assert wide.dtype == np.float64
    assert wide.nbytes == 80 * labels.nbytes

    scores = np.random.default_rng(SEED + 1).random((600, 10)) + 0.05
    scores /= scores.sum(axis=1, keepdims=True)
    from_wide = float(keras.losses.CategoricalCrossentropy()(wide, scores))
    from_integers = float(keras.losses.SparseCategoricalCrossentropy()(labels, scores))
    assert from_integers == pytest.approx(from_wide, rel=1e-5)


def test_t1_09_only_validation_data_shows_overfitting() -> None:
    """Without validation the history looks perfect; with it the gap shows and training stops."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(360, 30)).astype("float32")
    y = (x[:, 0] + x[:, 1] + 1.2 * rng.normal(size=360) > 0).astype(int)

    def fit(epochs: int, **options: Any) -> tuple[Any, dict[str, list[float]]]:
        keras.utils.set_random_seed(SEED)
        net = keras.Sequential(
            [
                keras.Input(shape=(30,)),
                keras.layers.Dense(60, activation="relu"),
                keras.layers.Dense(2, activation="softmax"),
            ]
        )
        net.compile(
            optimizer=keras.optimizers.SGD(learning_rate=0.2, momentum=0.9),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
        done = net.fit(x[:60], y[:60], batch_size=20, epochs=epochs, verbose=0, **options)
        return net, done.history

    net, blind = fit(10)
    assert set(blind) == {"accuracy", "loss"}
    assert blind["accuracy"][-1] > 0.95
    held_out = net.evaluate(x[60:], y[60:], verbose=0, return_dict=True)
    assert blind["accuracy"][-1] - held_out["accuracy"] > 0.12

    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2)
    _, seen = fit(10, validation_data=(x[60:], y[60:]), callbacks=[stop])
    assert {"val_accuracy", "val_loss"} <= set(seen)
    assert len(seen["loss"]) < 10
    assert seen["val_loss"][-1] > min(seen["val_loss"])


def test_t1_10_only_a_seed_makes_runs_repeat() -> None:
    """Two runs without a seed end with other weights; two seeded runs with the same ones."""
    x, y = clusters(60)

    def run(seed: int | None) -> Array:
        if seed is not None:
            keras.utils.set_random_seed(seed)
        net = small_net()
        net.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
        net.fit(x, y, batch_size=60, epochs=1, verbose=0)
        return np.concatenate([w.ravel() for w in net.get_weights()])

    assert np.abs(run(None) - run(None)).max() > 0.1
    assert np.array_equal(run(11), run(11))


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
