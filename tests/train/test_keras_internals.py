"""What Keras and TensorFlow do not promise still is as `keras_internals` takes it to be.

One test a function: it fails under that name when a new Keras has changed.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kerastut.train import keras_internals

X = np.arange(12, dtype=np.float32).reshape(4, 3)
Y = X.sum(axis=1, keepdims=True)


@pytest.fixture
def model() -> keras.Model:
    inner = keras.Sequential([layers.Dense(3, kernel_initializer="ones")], name="inner")
    outer = keras.Sequential([keras.Input((3,)), inner, layers.Dense(1, kernel_initializer="ones")])
    outer.compile(keras.optimizers.SGD(1e-4), "mse")
    return outer


class OwnStep(keras.Model):  # type: ignore[misc]
    """A model that trains in a way of its own."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": 0.0}


def test_all_layers(model: keras.Model) -> None:
    found = [layer.name for layer in keras_internals.all_layers(model)]
    inner, last = model.layers
    assert {model.name, inner.name, inner.layers[0].name, last.name} <= set(found)


def test_random_states() -> None:
    """The same states that Keras promises, as variables that are no weights."""
    inner = keras.Sequential([layers.RandomRotation(0.1), layers.RandomZoom(0.1)])
    net = keras.Sequential([keras.Input((8, 8, 1)), inner, layers.Flatten(), layers.Dropout(0.5)])
    weights = {id(variable) for variable in net.weights}
    promised = [variable for variable in net.variables if id(variable) not in weights]
    found = keras_internals.random_states(net)
    assert [tuple(state.shape) for state in found] == [(2,)] * 3
    assert {id(state) for state in found} == {id(state) for state in promised}


def test_step_through(model: keras.Model) -> None:
    class Doubled:
        def __getattr__(self, name: str) -> Any:
            return getattr(model, name)

        def __call__(self, x: Any, **options: Any) -> Any:
            return 2 * model(x, **options)

    expected = float(np.mean((2 * np.asarray(model(X)) - Y) ** 2))
    logs = keras_internals.step_through(Doubled(), (tf.constant(X), tf.constant(Y)))
    assert float(logs["loss"]) == pytest.approx(expected, rel=1e-5)


def test_function_of() -> None:
    loss = keras.losses.SparseCategoricalCrossentropy()
    function = keras_internals.function_of(loss)
    assert function is keras.losses.sparse_categorical_crossentropy
    assert keras_internals.function_of(function) is function


def test_has_own_step(model: keras.Model) -> None:
    inputs = keras.Input((3,))
    assert keras_internals.has_own_step(OwnStep(inputs, layers.Dense(1)(inputs)))
    assert not keras_internals.has_own_step(model)


def test_replace_training(model: keras.Model) -> None:
    taken = []

    def train(iterator: Any) -> dict[str, Any]:
        taken.append(next(iterator))
        return {"loss": tf.constant(0.0)}

    replace = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: keras_internals.replace_training(model, train)
    )
    before = model.get_weights()
    model.fit(X, Y, batch_size=2, callbacks=[replace], verbose=0)
    assert len(taken) == 2
    assert all((old == new).all() for old, new in zip(before, model.get_weights(), strict=True))


def test_compiled_again() -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])

    def loss(y: Any, prediction: Any) -> Any:
        return keras.ops.mean(keras.ops.square(y - prediction), axis=-1)

    optimizer = keras.optimizers.SGD(0.5)
    model.compile(optimizer, loss, metrics=["accuracy"])
    with pytest.raises(ValueError, match="expected axis -1"):
        model.fit(np.ones((4, 9)), np.ones((4, 2)), verbose=0)
    keras_internals.compiled_again(model)
    assert (model.optimizer, model.loss) == (optimizer, loss)
    assert set(model.fit(np.ones((4, 4)), np.ones((4, 2)), verbose=0).history) == {
        "loss",
        "accuracy",
    }
    never = keras.Sequential([keras.layers.Dense(2)])
    keras_internals.compiled_again(never)
    assert not never.compiled


def test_compile_anew(model: keras.Model) -> None:
    before = model.predict(X, verbose=0)
    model.layers[-1].activation = lambda x: -x  # a function that is compiled in already
    assert (model.predict(X, verbose=0) == before).all()
    keras_internals.compile_anew(model)
    assert (model.predict(X, verbose=0) == -before).all()


def test_sync(model: keras.Model) -> None:
    """TensorFlow needs none; JAX's trainer has it under this name."""
    keras_internals.sync(model)
    spec = find_spec("keras.src.backend.jax")
    assert spec is not None
    assert spec.origin is not None
    trainer = Path(spec.origin).with_name("trainer.py").read_text(encoding="utf-8")
    assert "def jax_state_sync(self" in trainer


def test_build_for() -> None:
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    with strategy.scope():
        model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
        model.compile("sgd", "mse", metrics=["mae"])
        assert model.distribute_strategy is strategy
        keras_internals.build_for(model, X[:1], Y[:1])
    assert model.distribute_strategy is not strategy
    assert len(model.metrics_variables) == 4  # of the loss and of the error, made by the build


def test_weigh_loss(model: keras.Model) -> None:
    """The step is three times as long: gradients are those of the weighted loss."""
    plain = keras.models.clone_model(model)
    plain.compile(keras.optimizers.SGD(1e-4), "mse")
    plain.set_weights(model.get_weights())
    before = model.get_weights()
    keras_internals.weigh_loss(model.optimizer, lambda: tf.constant(3.0))
    for trained in (model, plain):
        trained.train_on_batch(X, Y)
    for old, weighed, one in zip(before, model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(weighed - old, 3 * (one - old), rtol=1e-2, atol=1e-6)


def test_local_devices() -> None:
    assert keras_internals.local_devices(tf.distribute.MirroredStrategy(["CPU:0"])) == 1


def test_state_length(model: keras.Model) -> None:
    """`fit` takes what was told for the steps of an epoch, and ends there."""
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    endless = tf.data.Dataset.from_tensors((X, Y)).repeat()
    fed = strategy.distribute_datasets_from_function(lambda context: endless)
    keras_internals.state_length(fed, 5)
    ends: list[int] = []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: ends.append(batch)
    )
    model.fit(fed, epochs=1, callbacks=[count], verbose=0, shuffle=False)
    assert len(ends) == 5


def test_planned_variables() -> None:
    inputs = keras.Input((10**6,))
    with keras_internals.planned_variables():
        planned = keras.Model(inputs, layers.Dense(10**6)(inputs))  # 4 TB of weights
    assert tuple(planned.weights[0].shape) == (10**6, 10**6)
    with keras.StatelessScope():  # at whose end Keras fills what was planned
        pass
    built = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    assert np.asarray(built.weights[0]).shape == (3, 2)


def test_bounded_graph() -> None:
    """Every operation asks for a name, also those of a layer that Keras calls."""
    graph = keras_internals.BoundedGraph(100)
    with graph.as_default():
        net = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="own")])
        assert not graph.is_full
        with pytest.raises(RuntimeError, match="full"):
            _ = [net(tf.zeros((1, 3))) for _ in range(100)]
    assert graph.is_full
    assert len(graph.get_operations()) <= 100
    assert "own" in graph.newest or net.name in graph.newest


def test_reaches_out() -> None:
    for operation in ("WriteFile", "ReadFile", "MatchingFiles", "PyFuncStateless", "NoSuchThing"):
        assert keras_internals.reaches_out(operation)
    for operation in ("MatMul", "Conv2D", "StatelessWhile", "StaticRegexFullMatch"):
        assert not keras_internals.reaches_out(operation)


def test_saved_model() -> None:
    assert list(keras_internals.saved_model(b"").meta_graphs) == []


def test_saved(model: keras.Model, tmp_path: Path) -> None:
    """What is made in memory is what Keras reads from a disk."""
    for save, name in ((model.save, "a.keras"), (model.save_weights, "a.weights.h5")):
        (tmp_path / name).write_bytes(keras_internals.saved(save, name))
    whole = keras.models.load_model(tmp_path / "a.keras")
    weights = model.get_weights()
    model.set_weights([array * 0 for array in weights])
    model.load_weights(tmp_path / "a.weights.h5")
    for found in (whole.get_weights(), model.get_weights()):
        np.testing.assert_equal(found, weights)
