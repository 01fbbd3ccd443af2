"""Each test runs one corrected fault of tutorial T4: the fault itself and the form that works."""

from __future__ import annotations

import functools
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


def stripes(count: int, seed: int = SEED) -> tuple[Array, Array]:
    """Noisy 8 by 8 pictures of a horizontal, a vertical or a diagonal line; integer labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, size=count)
    pictures = 0.5 * rng.random((count, 8, 8, 1))
    for picture, label in zip(pictures, labels, strict=True):
        at = int(rng.integers(1, 7))
        if label == 0:
            picture[at] += 0.6
        elif label == 1:
            picture[:, at] += 0.6
        else:
            picture[np.arange(8), np.arange(8)] += 0.6
    return pictures.astype("float32"), labels


def tiny_cnn(filters: int = 6) -> Any:
    """A small convolutional classifier of the stripes, uncompiled."""
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            keras.layers.Conv2D(filters, 3, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )


def tiny_mlp(width: int, heads: int, activation: str) -> Any:
    """One affine layer: the smallest classifier."""
    return keras.Sequential(
        [keras.Input(shape=(width,)), keras.layers.Dense(heads, activation=activation)]
    )


@functools.cache
def half_planes() -> tuple[Array, Array]:
    """Two separable classes in the plane, labels 0 and 1 as a column."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(300, 2)).astype("float32")
    return x, (x[:, :1] + x[:, 1:] > 0).astype("float32")


def test_t4_01_input_shape_warns_input_does_not() -> None:
    """A convolution given input_shape draws a UserWarning; keras.Input first builds the same."""
    with pytest.warns(UserWarning, match=re.escape("Do not pass an `input_shape`/`input_dim`")):
        old = keras.Sequential([keras.layers.Conv2D(4, 5, input_shape=(12, 12, 1))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        new = keras.Sequential([keras.Input(shape=(12, 12, 1)), keras.layers.Conv2D(4, 5)])
    assert old.output_shape == new.output_shape == (None, 8, 8, 4)
    assert old.count_params() == new.count_params() == 104


def test_t4_02_load_data_needs_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no name resolution load_data raises a bare Exception; kerastut.load works."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise urllib.error.URLError(socket.gaierror(-2, "Name or service not known"))

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", refuse)
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    message = (
        "URL fetch failure on https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
    )
    with pytest.raises(Exception, match=re.escape(message)) as caught:
        keras.datasets.mnist.load_data()
    assert type(caught.value) is Exception

    digits = kerastut.load("mnist", limit=200, seed=0)
    assert digits.test.x.dtype == np.uint8
    assert digits.test.x.shape == (len(digits.test.y), 28, 28, 1)


def test_t4_03_test_set_as_validation_gives_one_number_twice() -> None:
    """Validating on the test set makes the final evaluate a repetition; a split of its own not."""
    x, y = stripes(240)
    test_x, test_y = stripes(90, seed=SEED + 100)

    def run(validation: tuple[Array, Array]) -> tuple[float, float]:
        keras.utils.set_random_seed(SEED)
        net = tiny_cnn()
        net.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
        seen = net.fit(
            x[:180], y[:180], batch_size=20, epochs=2, verbose=0, validation_data=validation
        )
        return seen.history["val_loss"][-1], net.evaluate(test_x, test_y, verbose=0)

    repeated, final = run((test_x, test_y))
    assert repeated == pytest.approx(final, rel=1e-6)
    own, final_again = run((x[180:], y[180:]))
    assert final_again == pytest.approx(final, rel=1e-4)
    assert abs(own - final_again) > 1e-4


def test_t4_04_one_hot_labels_are_float64() -> None:
    """to_categorical yields float64 of 80 bytes a label; the sparse loss needs one byte."""
    labels = np.arange(250, dtype="uint8") % 10
    wide = keras.utils.to_categorical(labels, 10)
    assert wide.shape == (250, 10)
    assert wide.dtype == np.float64
    assert wide.nbytes == 80 * labels.nbytes

    chances = np.full((250, 10), 0.05)
    chances[np.arange(250), (labels + np.arange(250) % 2) % 10] += 0.5
    dense = keras.ops.convert_to_numpy(keras.losses.categorical_crossentropy(wide, chances))
    sparse = keras.ops.convert_to_numpy(
        keras.losses.sparse_categorical_crossentropy(labels, chances)
    )
    assert sparse == pytest.approx(dense, rel=1e-5)


def test_t4_05_positions_move_names_stay() -> None:
    """Index 1 is the accuracy only while nothing is listed before it; return_dict is by name."""
    x, y = stripes(60)
    keras.utils.set_random_seed(SEED)
    net = tiny_cnn()
    top = keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="top3")
    net.compile(loss="sparse_categorical_crossentropy", metrics=[top, "accuracy"])
    by_place = net.evaluate(x, y, verbose=0)
    by_name = net.evaluate(x, y, verbose=0, return_dict=True)
    assert by_place[1] == by_name["top3"] == 1.0
    assert by_name["accuracy"] < 0.9
    assert by_place[2] == pytest.approx(by_name["accuracy"])
    assert set(by_name) == {"loss", "top3", "accuracy"}


def test_t4_06_a_stopping_rule_saves_most_of_the_epochs() -> None:
    """With a fixed count every epoch is paid for; EarlyStopping ends sooner, no less accurate."""
    x, y = stripes(550)
    keras.utils.set_random_seed(SEED)
    net = tiny_cnn(filters=12)
    start = net.get_weights()
    net.compile(
        optimizer=keras.optimizers.SGD(0.3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )

    def run(callbacks: list[Any]) -> dict[str, list[float]]:
        net.set_weights(start)
        history: dict[str, list[float]] = net.fit(
            x[:400],
            y[:400],
            batch_size=20,
            epochs=8,
            validation_data=(x[400:], y[400:]),
            callbacks=callbacks,
            verbose=0,
        ).history
        return history

    fixed = run([])
    assert len(fixed["loss"]) == 8
    rule = keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=1, min_delta=0.01)
    stopped = run([rule])
    assert len(stopped["loss"]) <= 5
    assert max(fixed["val_accuracy"]) > 0.95
    assert max(stopped["val_accuracy"]) > max(fixed["val_accuracy"]) - 0.03


def test_t4_07_save_and_export_are_two_things(tmp_path: Path) -> None:
    """A bare folder name is no format for save or load; .keras and export give equal outputs."""
    x, _ = stripes(12)
    net = tiny_cnn()
    expected = net.predict(x, verbose=0)

    with pytest.raises(ValueError, match="Invalid filepath extension for saving"):
        net.save(tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match="File format not supported"):
        keras.models.load_model(tmp_path / "folder")

    net.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras")
    assert np.array_equal(again.predict(x, verbose=0), expected)

    net.export(str(tmp_path / "served"), verbose=False)
    served = keras.layers.TFSMLayer(str(tmp_path / "served"), call_endpoint="serve")
    assert keras.ops.convert_to_numpy(served(x)) == pytest.approx(expected, abs=1e-6)


def test_t4_08_choosing_on_the_test_set_flatters_the_choice() -> None:
    """The best of 60 guessing models looks good on the set that chose it, not on fresh data."""
    rng = np.random.default_rng(SEED)
    keras.utils.set_random_seed(SEED)
    candidates = tiny_mlp(20, 60, "sigmoid")
    flattery, honest = [], []
    for _ in range(20):
        chooser, fresh = rng.normal(size=(2, 100, 20)).astype("float32")
        labels = rng.integers(0, 2, size=(2, 100, 1))
        says = [keras.ops.convert_to_numpy(candidates(part)) > 0.5 for part in (chooser, fresh)]
        on_chooser = np.mean(says[0] == labels[0], axis=0)
        best = int(on_chooser.argmax())
        flattery.append(float(on_chooser[best]))
        honest.append(float(np.mean(says[1] == labels[1], axis=0)[best]))
    assert np.mean(flattery) > 0.58
    assert abs(np.mean(honest) - 0.5) < 0.04


def test_t4_09_validation_and_test_must_be_different_pictures() -> None:
    """Handing the test set to validation shares every picture; a three-way split shares none."""
    data = kerastut.load("mnist", limit=600, seed=0)

    def prints(part: Any) -> set[bytes]:
        return {picture.tobytes() for picture in part.x}

    def still_fresh(*seen_in_fit: Any) -> int:
        used = set().union(*(prints(part) for part in seen_in_fit))
        return len(prints(data.test) - used)

    assert len(data.validation.y) > 20
    assert len(prints(data.test)) == len(data.test.y) > 20
    assert still_fresh(data.train, data.test) == 0
    assert still_fresh(data.train, data.validation) == len(data.test.y)
    assert not prints(data.train) & prints(data.validation)


def test_t4_10_a_cnn_is_more_than_three_layers() -> None:
    """Only convolutions and dense layers hold weights; dropout holds none and acts in training."""

    def convolution(kernel: int, source: int, target: int) -> int:
        return (kernel * kernel * source + 1) * target

    def dense(source: int, target: int) -> int:
        return (source + 1) * target

    by_hand = (
        convolution(3, 1, 32) + convolution(3, 32, 64) + dense(5 * 5 * 64, 128) + dense(128, 10)
    )
    assert by_hand == 225_034

    small = keras.Sequential(
        [
            keras.Input(shape=(20, 20, 1)),
            keras.layers.Conv2D(5, 3),
            keras.layers.MaxPooling2D(),
            keras.layers.SpatialDropout2D(0.4),
            keras.layers.Flatten(),
            keras.layers.Dense(7),
        ]
    )
    holders = [layer.name.split("_")[0] for layer in small.layers if layer.count_params()]
    assert len(small.layers) == 5
    assert holders == ["conv2d", "dense"]
    assert small.count_params() == convolution(3, 1, 5) + dense(9 * 9 * 5, 7)

    ones = np.ones((4, 50), dtype="float32")
    drop = keras.layers.Dropout(0.5, seed=SEED)
    assert np.array_equal(keras.ops.convert_to_numpy(drop(ones)), ones)
    thinned = keras.ops.convert_to_numpy(drop(ones, training=True))
    assert set(np.unique(thinned)) == {0.0, 2.0}


def test_t4_11_on_few_data_and_a_simple_model_adam_still_wins() -> None:
    """600 digits, one affine layer: default adam is well above default SGD; a tuned SGD is not."""
    data = kerastut.load("mnist", limit=600, seed=0)
    held = kerastut.load("mnist", limit=2000, seed=0).test

    def score(optimizer: Any) -> float:
        keras.utils.set_random_seed(SEED)
        net = tiny_mlp(784, 10, "softmax")
        net.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
        flat = np.asarray(data.train.x).reshape(-1, 784) / np.float32(255)
        net.fit(flat, data.train.y, batch_size=32, epochs=6, verbose=0)
        shown = np.asarray(held.x).reshape(-1, 784) / np.float32(255)
        guess = keras.ops.convert_to_numpy(net(shown)).argmax(axis=1)
        return float(np.mean(guess == held.y))

    adam = score(keras.optimizers.Adam())
    plain = score(keras.optimizers.SGD())
    tuned = score(keras.optimizers.SGD(learning_rate=0.1, momentum=0.9))
    assert adam - plain > 0.04
    assert tuned - plain > 0.04


def test_t4_12_the_wrong_crossentropy_can_train_without_an_error() -> None:
    """Labels -1/+1 drive BCE below zero, one unit with categorical CE shows 0; 0/1 labels work."""
    x, y = half_planes()

    def fit(loss: str, labels: Array) -> tuple[float, float]:
        keras.utils.set_random_seed(SEED)
        net = tiny_mlp(2, 1, "sigmoid")
        net.compile(optimizer=keras.optimizers.Adam(0.1), loss=loss)
        net.fit(x, labels, batch_size=10, epochs=3, verbose=0)
        shown = net.evaluate(x, labels, verbose=0)
        yes = keras.ops.convert_to_numpy(net(x)) > 0.5
        return float(shown), float(np.mean(yes == (y > 0.5)))

    loss, accuracy = fit("binary_crossentropy", y)
    assert 0 < loss < 0.2
    assert accuracy > 0.95

    below_zero, _ = fit("binary_crossentropy", 2 * y - 1)
    assert below_zero < -0.5

    with pytest.warns(SyntaxWarning, match=re.escape("with num_classes > 1")):
        nothing, _ = fit("categorical_crossentropy", y)
    assert nothing == pytest.approx(0.0, abs=1e-6)

    with pytest.raises(ValueError, match="must have the same rank"):
        keras.losses.CategoricalCrossentropy()(np.array([0, 1]), np.full((2, 2), 0.5))


def test_t4_13_early_stopping_restores_the_best_epoch() -> None:
    """EarlyStopping ends an overfitting run, and with restore_best_weights keeps its best epoch."""
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(360, 30)).astype("float32")
    y = (x[:, 0] + 1.2 * rng.normal(size=360) > 0).astype(int)

    def run(restore: bool) -> tuple[list[float], float]:
        keras.utils.set_random_seed(SEED)
        net = keras.Sequential(
            [
                keras.Input(shape=(30,)),
                keras.layers.Dense(50, activation="tanh"),
                keras.layers.Dense(2, activation="softmax"),
            ]
        )
        net.compile(
            optimizer=keras.optimizers.SGD(learning_rate=0.2, momentum=0.9),
            loss="sparse_categorical_crossentropy",
        )
        stop = keras.callbacks.EarlyStopping(
            monitor="val_loss", patience=3, restore_best_weights=restore
        )
        seen = net.fit(
            x[:60],
            y[:60],
            batch_size=20,
            epochs=20,
            validation_data=(x[60:], y[60:]),
            callbacks=[stop],
            verbose=0,
        )
        return seen.history["val_loss"], float(net.evaluate(x[60:], y[60:], verbose=0))

    losses, kept = run(restore=True)
    assert len(losses) < 20
    assert len(losses) == int(np.argmin(losses)) + 1 + 3
    assert kept == pytest.approx(min(losses), rel=1e-4)
    losses, left = run(restore=False)
    assert left == pytest.approx(losses[-1], rel=1e-4)
    assert left > min(losses) * 1.02
