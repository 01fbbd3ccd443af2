"""Demonstrations of T0's faults in 4.1, linear regression: what breaks, and the form that works."""

import re
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from .nets import (
    LR_MESSAGE,
    SHAPE_WARNING,
    Array,
    answer,
    full_batch_steps,
    least_squares,
    net,
    no_warning,
    squared_error,
    straight_line,
    uniform_column,
)

pytestmark = pytest.mark.usefixtures("same_seed")


def test_t0_01_a_line_cannot_fit_a_square() -> None:
    """On y = x*x one Dense unit stops at the least-squares floor; a hidden relu layer passes."""
    x = uniform_column(128)
    y = x**2
    slope, intercept, floor = least_squares(x, y)
    assert 0.0035 < floor < 0.0075
    model = straight_line(0.5)
    full_batch_steps(model, x, y, 300)
    error = squared_error(model, x, y)
    assert floor - 1e-6 < error < floor + 3e-4
    assert 1 - error / float(np.var(y)) > 0.9
    kernel, bias = (float(np.ravel(w)[0]) for w in model.get_weights())
    assert kernel == pytest.approx(slope, abs=0.03) == pytest.approx(1, abs=0.1)
    assert bias == pytest.approx(intercept, abs=0.03) == pytest.approx(-1 / 6, abs=0.05)
    assert 8 < answer(model, np.array([[10.0]]))[0, 0] < 12

    curved = net(
        keras.Input(shape=(1,)),
        layers.Dense(16, activation="relu"),
        layers.Dense(1),
        loss="mse",
        optimizer=keras.optimizers.Adam(0.03),
        steps_per_execution=50,
    )
    full_batch_steps(curved, x, y, 300)
    assert squared_error(curved, x, y) < floor / 10

    line = straight_line(0.5)
    full_batch_steps(line, x, 2 * x + 1, 300)
    assert squared_error(line, x, 2 * x + 1) < 1e-4


def test_t0_02_runs_differ_without_a_seed() -> None:
    """Two unseeded runs differ in data and first weights; a seed makes loss and weights equal."""

    def start() -> tuple[Array, Any]:
        return np.random.rand(40, 1), straight_line(0.1)

    (points, model), (other_points, other) = start(), start()
    assert not np.array_equal(points, other_points)
    assert not np.array_equal(model.get_weights()[0], other.get_weights()[0])

    ends = []
    for _ in range(2):
        keras.utils.set_random_seed(23)
        points, model = start()
        loss = model.fit(points, 3 * points, epochs=2, verbose=0).history["loss"]
        ends.append((points, model.get_weights()[0], loss))
    assert np.array_equal(ends[0][0], ends[1][0])
    assert np.array_equal(ends[0][1], ends[1][1])
    assert ends[0][2] == ends[1][2]


def test_t0_03_input_dim_warns() -> None:
    """input_dim on a layer still builds but warns; keras.Input does not."""
    with pytest.warns(UserWarning, match=SHAPE_WARNING):
        old = keras.Sequential([layers.Dense(3, input_dim=2)])
    new = no_warning(lambda: keras.Sequential([keras.Input(shape=(2,)), layers.Dense(3)]))
    assert old.count_params() == new.count_params() == 9


def test_t0_04_optimizers_reject_lr() -> None:
    """lr= raises, and the uncompiled model then cannot be fitted; learning_rate= works."""
    with pytest.raises(ValueError, match=LR_MESSAGE):
        keras.optimizers.SGD(lr=0.02)
    assert float(keras.optimizers.SGD(learning_rate=0.02).learning_rate) == pytest.approx(0.02)
    assert float(keras.optimizers.SGD(0.02).learning_rate) == pytest.approx(0.02)
    with pytest.warns(UserWarning, match="Argument `decay` is no longer supported"):
        keras.optimizers.SGD(learning_rate=0.02, decay=1e-3)

    x = uniform_column(8)
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(1)])
    with pytest.raises(ValueError, match=re.escape("You must call `compile()` before using")):
        model.fit(x, x, verbose=0)
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.02), loss="mse")
    assert np.isfinite(model.fit(x, x, verbose=0).history["loss"][0])


def test_t0_05_default_verbosity_floods_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """The default prints two lines an epoch for four updates; a larger step needs fewer epochs."""
    x = uniform_column(100)
    y = 2 * x + 1
    model = straight_line(0.01, at_once=1)
    capsys.readouterr()
    model.fit(x, y, epochs=6)
    loud = capsys.readouterr().out
    assert loud.count("\n") == 2 * 6
    assert len(loud) > 100 * 6
    assert int(model.optimizer.iterations) == 4 * 6
    model.fit(x, y, epochs=6, verbose=0)
    assert capsys.readouterr().out == ""

    slow, fast = straight_line(0.05), straight_line(0.5)
    slow.set_weights(fast.get_weights())
    full_batch_steps(slow, x, y, 1000)
    full_batch_steps(fast, x, y, 100)
    for a, b in zip(slow.get_weights(), fast.get_weights(), strict=True):
        assert np.ravel(a)[0] == pytest.approx(np.ravel(b)[0], abs=0.02)
    assert np.ravel(fast.get_weights()[0])[0] == pytest.approx(2, abs=0.03)


def test_t0_06_only_held_out_data_and_weights_reveal_the_misfit() -> None:
    """The training loss falls as steeply for a wrong target; new data tell the two apart."""
    x = uniform_column(200)
    new = uniform_column(100, 1.0, 2.0, seed=8)
    noise = np.random.default_rng(6).normal(0, 0.02, size=(300, 1)).astype("float32")
    fall, fresh = {}, {}
    for name, target in (("square", x**2), ("line", 2 * x + 1 + noise[:200])):
        model = straight_line(0.5)
        model.set_weights([np.full((1, 1), -1.0), np.zeros(1)])
        before = squared_error(model, x, target)
        full_batch_steps(model, x, target, 300)
        fall[name] = squared_error(model, x, target) / before
        truth = new**2 if name == "square" else 2 * new + 1 + noise[200:]
        fresh[name] = squared_error(model, new, truth)
        slope, intercept, _ = least_squares(x, target)
        learned = [float(np.ravel(w)[0]) for w in model.get_weights()]
        assert learned == pytest.approx([slope, intercept], abs=0.03)
    assert fall["square"] < 0.02
    assert fall["line"] < 0.02
    assert fresh["square"] > 0.2
    assert fresh["line"] < 0.01
