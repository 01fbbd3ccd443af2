"""Each test runs one fault of T1's code, sections 3 and 4: the fault, and the form that works."""

from __future__ import annotations

import re
import socket
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

Array = npt.NDArray[Any]


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
