"""Proofs for tutorial T3: each test shows one fault and, beside it, the form that works."""

from __future__ import annotations

import re
import socket
import urllib.error
import warnings
from pathlib import Path
from typing import Any, NoReturn

import keras
import numpy as np
import pytest
from keras import layers
from keras.src.backend import config
from keras.src.utils import file_utils

import kerastut

STATIC_SHAPE_WARNING = re.escape("Do not pass an `input_shape`/`input_dim` argument to a layer.")


def classifier(width: int = 4, classes: int = 3, hidden: int = 8, **settings: Any) -> Any:
    """Return a small compiled classifier for integer labels."""
    net = keras.Sequential(
        [keras.Input((width,)), layers.Dense(hidden, "relu"), layers.Dense(classes, "softmax")]
    )
    settings = {"loss": "sparse_categorical_crossentropy", "optimizer": "adam"} | settings
    net.compile(**settings)
    return net


def clusters(count: int = 90, spread: float = 0.4) -> tuple[Any, Any]:
    """Return three clusters in 4 dimensions with their integer labels."""
    rng = np.random.default_rng(0)
    label = np.arange(count) % 3
    return (2.0 * np.eye(3, 4)[label] + rng.normal(0, spread, (count, 4))).astype("float32"), label


def double_well(w: float) -> float:
    """A loss with two basins of different depth."""
    return w**4 - 3 * w**2 + w


def double_well_slope(w: float) -> float:
    """The derivative of `double_well`."""
    return 4 * w**3 - 6 * w + 1


def line_data(count: int, seed: int) -> tuple[Any, Any, Any]:
    """Return a design matrix with a bias column, noisy targets, the least-squares solution."""
    rng = np.random.default_rng(seed)
    design = np.column_stack([rng.normal(size=(count, 2)), np.ones(count)])
    target = design @ [1.5, -2.0, 0.5] + rng.normal(0, 0.3, count)
    return design, target, np.linalg.lstsq(design, target, rcond=None)[0]


def descend(data: tuple[Any, Any, Any], batch: int, rates: list[float], seed: int) -> float:
    """Run mini-batch descent, one rate an epoch; return the mean distance over the last tenth."""
    design, target, best = data
    rng = np.random.default_rng(seed)
    w = np.zeros(design.shape[1])
    trail = []
    for rate in rates:
        for rows in np.split(rng.permutation(len(target)), len(target) // batch):
            error = design[rows] @ w - target[rows]
            w = w - rate * 2 / len(rows) * design[rows].T @ error
        trail.append(np.linalg.norm(w - best))
    return float(np.mean(trail[-max(1, len(trail) // 10) :]))


def test_t3_01_input_shape_is_deprecated() -> None:
    """`input_shape` on Dense and Flatten warns; an Input object builds the same in silence."""
    with pytest.warns(UserWarning, match=STATIC_SHAPE_WARNING):
        old_dense = keras.Sequential([layers.Dense(3, input_shape=(7,))])
    with pytest.warns(UserWarning, match=STATIC_SHAPE_WARNING):
        old_flat = keras.Sequential([layers.Flatten(input_shape=(6, 5)), layers.Dense(2)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dense = keras.Sequential([keras.Input((7,)), layers.Dense(3)])
        flat = keras.Sequential([keras.Input((6, 5)), layers.Flatten(), layers.Dense(2)])
    assert old_dense.count_params() == dense.count_params() == 24
    assert old_flat.count_params() == flat.count_params() == 62


def test_t3_02_a_model_has_to_be_compiled_and_used() -> None:
    """A model only built cannot be fitted; a two-input, two-output one is compiled and learns."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    size, colour = keras.Input((3,), name="size"), keras.Input((2,), name="colour")
    joined = layers.Dense(12, "relu")(layers.Concatenate()([size, colour]))
    price = layers.Dense(1, name="price")(joined)
    sold = layers.Dense(1, "sigmoid", name="sold")(joined)
    net = keras.Model([size, colour], {"price": price, "sold": sold})
    x = {"size": rng.normal(size=(128, 3)), "colour": rng.normal(size=(128, 2))}
    total = x["size"].sum(axis=1) + x["colour"][:, 0]
    y = {"price": total[:, None], "sold": (total > 0).astype("float32")[:, None]}

    assert net.compiled is False
    with pytest.raises(ValueError, match=re.escape("You must call `compile()` before using")):
        net.fit(x, y, verbose=0)

    net.compile(keras.optimizers.Adam(0.02), {"price": "mse", "sold": "binary_crossentropy"})
    past = net.fit(x, y, epochs=8, batch_size=8, verbose=0).history
    assert past["price_loss"][-1] < 0.5 * past["price_loss"][0]
    assert past["sold_loss"][-1] < 0.8 * past["sold_loss"][0]


def test_t3_03_load_data_needs_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, `load_data` fails and deletes a hand-placed file; our loader needs no network."""

    def unreachable(*_: object, **__: object) -> NoReturn:
        raise urllib.error.URLError(OSError(-2, "Name or service not known"))

    def no_socket(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the loader opened a connection")

    monkeypatch.setattr(config, "_KERAS_DIR", str(tmp_path))
    monkeypatch.setattr(file_utils, "urlretrieve", unreachable)
    message = (
        "URL fetch failure on https://storage.googleapis.com/tensorflow/"
        "tf-keras-datasets/mnist.npz: None -- [Errno -2] Name or service not known"
    )
    with pytest.raises(Exception, match=re.escape(message)):
        keras.datasets.mnist.load_data()

    placed = tmp_path / "datasets" / "mnist.npz"
    np.savez(placed, x_train=np.zeros((2, 28, 28), "uint8"))
    with pytest.raises(Exception, match=re.escape(message)):
        keras.datasets.mnist.load_data()
    assert not placed.exists()

    monkeypatch.setattr(socket.socket, "connect", no_socket)
    digits = kerastut.load("mnist", limit=500, seed=0)
    assert digits.train.x.shape[1:] == (28, 28, 1)
    assert digits.train.x.dtype == np.uint8
    assert set(np.unique(digits.train.y)) == set(range(10))


def test_t3_04_one_hot_labels_cost_80_times_the_memory() -> None:
    """One-hot rows are float64 and 80 times as large as uint8 integers; the loss is the same."""
    rng = np.random.default_rng(0)
    label = rng.integers(10, size=60_000).astype("uint8")
    one_hot = keras.utils.to_categorical(label, 10)
    assert one_hot.dtype == np.float64
    assert (one_hot.nbytes, label.nbytes) == (4_800_000, 60_000)

    guess = rng.dirichlet(np.ones(10), size=200).astype("float32")
    dense = keras.losses.CategoricalCrossentropy()(one_hot[:200], guess)
    sparse = keras.losses.SparseCategoricalCrossentropy()(label[:200], guess)
    assert float(dense) == pytest.approx(float(sparse), rel=1e-5)


def test_t3_05_the_test_set_is_no_validation_set() -> None:
    """Evaluating again on the validation rows says nothing new, and choosing by them flatters."""
    x, y = clusters(200, spread=1.0)
    net = classifier(metrics=["accuracy"])
    past = net.fit(x[:120], y[:120], validation_data=(x[120:], y[120:]), epochs=2, verbose=0)
    again = net.evaluate(x[120:], y[120:], verbose=0, return_dict=True)
    assert again["loss"] == pytest.approx(past.history["val_loss"][-1], abs=1e-6)
    assert again["accuracy"] == pytest.approx(past.history["val_accuracy"][-1], abs=1e-6)

    # 100 coin-flipping classifiers: the best on the rows it was chosen by, and on fresh rows.
    coins = np.random.default_rng(0).integers(2, size=(100, 2, 400))
    truth = np.random.default_rng(1).integers(2, size=(2, 400))
    chosen_on, fresh = (coins == truth).mean(axis=2).T
    assert chosen_on.max() > 0.54
    assert abs(fresh[chosen_on.argmax()] - 0.5) < 0.08
    assert abs(fresh.mean() - 0.5) < 0.02


def test_t3_06_a_fixed_number_of_epochs_overshoots() -> None:
    """Validation loss turns up long before the end; early stopping returns its minimum."""
    keras.utils.set_random_seed(0)
    x, y = clusters(160, spread=1.6)
    net = classifier(hidden=64, optimizer=keras.optimizers.SGD(0.3))
    start = net.get_weights()
    fit: dict[str, Any] = {"validation_data": (x[80:], y[80:]), "batch_size": 8, "verbose": 0}
    fixed = net.fit(x[:80], y[:80], epochs=7, **fit).history["val_loss"]
    assert np.argmin(fixed) < 5
    assert fixed[-1] > 1.1 * min(fixed)

    net.set_weights(start)
    stop = keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True)
    stopped = net.fit(x[:80], y[:80], epochs=7, callbacks=[stop], **fit).history["val_loss"]
    assert len(stopped) < 7
    assert net.evaluate(x[80:], y[80:], verbose=0) == pytest.approx(min(stopped), abs=1e-5)
    assert min(stopped) < 0.95 * fixed[-1]


def test_t3_07_without_a_seed_every_run_differs() -> None:
    """Two unseeded runs give different losses; with one seed they agree to the last digit."""
    x, y = clusters()

    def run() -> float:
        net = classifier()
        return sum(float(net.train_on_batch(x, y)) for _ in range(2))

    assert run() != run()
    keras.utils.set_random_seed(5)
    seeded = run()
    keras.utils.set_random_seed(5)
    assert run() == seeded


def test_t3_08_tanh_output_cannot_fit_a_line() -> None:
    """A tanh output stays within one of zero and keeps the error of that bound; a line fits."""
    keras.utils.set_random_seed(0)
    x = np.linspace(0, 2, 96, dtype="float32")[:, None]
    y = 3 * x + 2
    error, reach = {}, {}
    for activation in ("tanh", "linear"):
        net = keras.Sequential([keras.Input((1,)), layers.Dense(1, activation)])
        net.compile(keras.optimizers.SGD(0.1), "mse")
        for _ in range(150):
            net.train_on_batch(x, y)
        guess = net.predict(x, verbose=0)
        error[activation] = float(np.mean((guess - y) ** 2))
        reach[activation] = float(np.abs(guess).max())
    bound = float(np.mean((y - 1) ** 2))
    assert bound - 1e-4 < error["tanh"] < bound + 1.0
    assert reach["tanh"] <= 1.0
    assert error["linear"] < 0.01
    assert reach["linear"] > 7.0


def test_t3_09_the_batch_size_decides_the_updates() -> None:
    """`optimizer='sgd'` takes 100, 4 or 1 updates an epoch, whichever batch size is given."""
    x, y = clusters(100)
    net = classifier(optimizer="sgd")
    updates = []
    for size in ({"batch_size": 1}, {}, {"batch_size": 100}):
        before = int(net.optimizer.iterations)
        net.fit(x, y, verbose=0, **size)
        updates.append(int(net.optimizer.iterations) - before)
    assert updates == [100, 4, 1]


def test_t3_10_sgd_pays_with_noise_not_with_local_optima() -> None:
    """On a convex loss single-sample steps hover around the minimum; a falling rate calms them."""
    constant = [0.05] * 100
    falling = [0.05 / (1 + 0.3 * epoch) for epoch in range(100)]
    single, batch, calmed = [], [], []
    for seed in range(5):
        data = line_data(96, seed)
        single.append(descend(data, 1, constant, seed))
        batch.append(descend(data, 32, constant, seed))
        calmed.append(descend(data, 1, falling, seed))
    assert np.mean(single) > 3 * np.mean(batch) > 0
    assert np.mean(calmed) < 0.5 * np.mean(single)


def test_t3_11_full_batch_descent_finds_a_stationary_point_only() -> None:
    """The start decides the basin; only a convex loss leads every start to the global minimum."""
    ends = {}
    for start in (2.0, 0.5, 0.1, -0.5, -2.0):
        w = start
        for _ in range(500):
            w -= 0.01 * double_well_slope(w)
        ends[start] = w
    assert [round(ends[start], 4) for start in (2.0, 0.5)] == [1.1309, 1.1309]
    assert [round(ends[start], 4) for start in (0.1, -0.5, -2.0)] == [-1.3008] * 3
    assert double_well(ends[2.0]) == pytest.approx(-1.0702, abs=1e-4)
    assert double_well(ends[-2.0]) == pytest.approx(-3.5139, abs=1e-4)

    assert descend(line_data(60, 0), 60, [0.1] * 2000, 0) < 1e-12


def test_t3_12_mini_batches_do_not_find_the_global_minimum_either() -> None:
    """Mini-batch runs from 2.0 all stay in the shallow basin, those from -2.0 in the deep one."""
    for start, end in ((2.0, 1.1309), (-2.0, -1.3008)):
        for seed in range(10):
            rng = np.random.default_rng(seed)
            tilt = rng.normal(0, 0.5, 64)
            tilt -= tilt.mean()
            w = start
            for _ in range(60):
                for rows in np.split(rng.permutation(64), 8):
                    w -= 0.01 * (double_well_slope(w) + tilt[rows].mean())
            assert w == pytest.approx(end, abs=0.1)
    assert descend(line_data(96, 3), 16, [0.2 / (1 + e) for e in range(60)], 3) < 0.005


def test_t3_13_three_ways_to_one_line() -> None:
    """The gradient of Keras' MSE is 2/n times the sum, and the solvers agree with each other."""
    design, target, best = line_data(64, 1)
    x, y = design[:, :2].astype("float32"), target[:, None].astype("float32")
    net = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_initializer="ones")])
    net.compile(keras.optimizers.SGD(learning_rate=1.0), "mse")
    net.train_on_batch(x, y)
    step = np.array([1.0, 1.0, 0.0]) - np.concatenate([w.ravel() for w in net.get_weights()])
    gradient = 2 / 64 * design.T @ (design @ [1.0, 1.0, 0.0] - target)
    assert step == pytest.approx(gradient, abs=1e-5)

    net.optimizer.learning_rate = 0.3
    for _ in range(40):
        net.train_on_batch(x, y)
    learnt = np.concatenate([w.ravel() for w in net.get_weights()])
    assert learnt == pytest.approx(best, abs=1e-3)
    assert descend((design, target, best), 64, [0.3] * 200, 0) < 1e-9


def test_t3_14_logistic_regression_agrees_with_newton() -> None:
    """One sigmoid unit reaches Newton's solution; a linear unit leaves the range 0 to 1."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    design = np.column_stack([rng.normal(size=(400, 2)), np.ones(400)])
    label = (rng.random(400) < 1 / (1 + np.exp(-design @ [1.6, -1.1, 0.4]))).astype("float64")
    newton = np.zeros(3)
    for _ in range(12):
        p = 1 / (1 + np.exp(-design @ newton))
        hessian = design.T @ (design * (p * (1 - p))[:, None])
        newton += np.linalg.solve(hessian, design.T @ (label - p))

    net = keras.Sequential([keras.Input((2,)), layers.Dense(1, "sigmoid")])
    assert net.count_params() == 3
    net.compile(keras.optimizers.SGD(2.0), "binary_crossentropy")
    for _ in range(150):
        net.train_on_batch(design[:, :2], label)
    learnt = np.concatenate([w.ravel() for w in net.get_weights()])
    assert learnt == pytest.approx(newton, abs=0.05)
    chance = net.predict(design[:, :2], verbose=0)
    assert 0.0 < chance.min() < chance.max() < 1.0

    linear = design @ np.linalg.lstsq(design, label, rcond=None)[0]
    assert linear.min() < -0.1
    assert linear.max() > 1.1


def test_t3_16_dropout_acts_in_training_only() -> None:
    """Dropout zeroes or scales by 1/(1 - rate) in training and is the identity in inference."""
    keras.utils.set_random_seed(0)
    x = np.ones((50, 40), "float32")
    drop = layers.Dropout(0.5)
    assert np.array_equal(keras.ops.convert_to_numpy(drop(x, training=False)), x)
    trained = keras.ops.convert_to_numpy(drop(x, training=True))
    assert set(np.unique(trained)) == {0.0, 2.0}
    assert abs(trained.mean() - 1.0) < 0.1

    penalised = layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.01))
    penalised.build((None, 5))
    kernel = keras.ops.convert_to_numpy(penalised.kernel)
    assert float(penalised.losses[0]) == pytest.approx(0.01 * (kernel**2).sum(), rel=1e-5)
