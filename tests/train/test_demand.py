"""What a model asks for is found out before it takes it, and is what it then takes."""

import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kerastut.errors import DataError
from kerastut.memory import VARIABLE
from kerastut.train import batch_for, check_demand, numbers

MIB = 2**20


def asked(
    model: keras.Model, change: Callable[[Any], None] = lambda layers: None, **more: Any
) -> str:
    """Returns why a model is refused after a change of its layers' configurations, or nothing."""
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))
    by_name = {layer["config"]["name"]: layer for layer in config["config"]["layers"]}
    for layer in by_name.values():
        layer.pop("build_config", None)
    change(by_name)
    try:
        check_demand(config, by_name, more.pop("reading", 0), **more)
    except DataError as error:
        return str(error)
    return ""


def net(*inner: keras.Layer, shape: tuple[int | None, ...] = (4,)) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *inner])


def of(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(limit))


def test_weights_are_those_that_keras_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,024 x 1,024 numbers, Adam's two for each, and four times the largest while it is filled."""
    model = net(layers.Dense(1024, name="small"), layers.Dense(1024, use_bias=False, name="large"))
    model.compile("adam", "mse")
    whole = 3 * (model.count_params() * 4) + 4 * 4 * MIB
    of(whole // MIB + 1, monkeypatch)
    assert asked(model) == ""
    of(whole // MIB, monkeypatch)
    text = asked(model)
    assert text.startswith("the weights, the largest in layer 'large', would take about 29 MiB")
    assert text.endswith("KERASTUT_MAX_MIB=28 allows no more. Set it higher where you trust this.")
    assert "would take about 34 MiB" in asked(model, reading=5 * MIB)


@pytest.mark.parametrize(
    ("inner", "shape", "key", "size"),
    [
        (layers.Dense(2), (4,), "units", 400_000_000),
        (layers.Conv2D(1, 3, padding="same"), (9, 9, 1), "kernel_size", [40_000, 40_000]),
        (layers.Embedding(4, 2), (4,), "input_dim", 10**10),
        (layers.LSTM(2), (4, 1), "units", 100_000),
        (layers.ZeroPadding2D(1), (9, 9, 1), "padding", [[0, 10**6], [10**6, 0]]),
        (layers.Resizing(4, 4), (9, 9, 1), "height", 10**9),
        (layers.UpSampling2D(2), (9, 9, 1), "size", [10**5, 10**5]),
        (layers.CategoryEncoding(5), (4,), "num_tokens", 10**9),
        (layers.RepeatVector(2), (4,), "n", 10**9),
    ],
)
def test_a_layer_that_asks_for_too_much_is_named(
    inner: keras.Layer, shape: tuple[int, ...], key: str, size: Any
) -> None:
    inner.name = f"asks_{key}"
    model = net(inner, shape=shape)

    def change(by_name: Any) -> None:
        by_name[inner.name]["config"][key] = size

    assert asked(model) == ""
    assert f"layer '{inner.name}'" in asked(model, change)


def test_outputs_are_those_of_one_sample_and_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """An input of 1 MiB and two outputs as large."""
    model = net(layers.Activation("tanh", name="one"), layers.Activation("tanh"), shape=(2**18,))
    of(4, monkeypatch)
    assert asked(model) == ""
    assert "computing on 2 samples at once, the largest output in layer" in asked(model, batch=2)
    assert "would take about 6 MiB" in asked(model, samples=2)
    assert numbers(model) == 2**18
    assert batch_for(model) == 1
    of(48, monkeypatch)
    assert batch_for(model) == 8  # in half of the memory
    of(2, monkeypatch)
    with pytest.raises(DataError, match="computing on 1 samples at once"):
        batch_for(model)


def test_what_lies_inside_a_layer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attention compares each step with each, in every head, and gives out but the steps."""
    steps = keras.Input((1024, 2))
    model = keras.Model(steps, layers.MultiHeadAttention(8, 1, name="each")(steps, steps))
    of(32, monkeypatch)
    assert "layer 'each'" in asked(model)


@pytest.mark.parametrize(
    ("inner", "shape"),
    [
        (layers.Conv3D(1, (1, 4, 4)), (4, 67, 67, 16)),
        (layers.Conv1DTranspose(1, 256), (16_384, 1)),
    ],
)
def test_convolutions_lay_out_16_mib_of_patches(
    inner: keras.Layer, shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    of(16, monkeypatch)
    assert "would take about 1" in asked(net(inner, shape=shape))
    of(20, monkeypatch)
    assert asked(net(type(inner).from_config(inner.get_config()), shape=shape)) == ""


def test_an_axis_of_any_length_has_that_of_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    model = net(layers.Dense(2**10), shape=(None, 1))
    of(16, monkeypatch)
    assert asked(model) == ""
    assert (batch_for(model, length=1), numbers(model, length=3)) == (256, 3 * 2**10)
    assert batch_for(model, length=512) < 5
    with pytest.raises(DataError, match="layer 'dense"):
        batch_for(model, length=10**4)


def test_steps_are_counted_though_nobody_knows_them_in_advance() -> None:
    inner = layers.TimeDistributed(layers.Dense(1), name="steps")
    model = net(layers.RepeatVector(2, name="repeat"), inner)

    def change(by_name: Any) -> None:
        by_name["repeat"]["config"]["n"] = 10**6

    assert asked(model) == ""
    text = asked(model, change)
    assert text.startswith("layer 'steps' is one of too many steps; KERASTUT_MAX_MIB=512 allows")


def test_an_unrolled_layer_gives_the_same_numbers_in_a_loop() -> None:
    from kerastut.train import fold_loops

    model = net(layers.LSTM(3, unroll=True), shape=(5, 2))
    x = np.random.default_rng(0).normal(size=(4, 5, 2)).astype(np.float32)
    expected = np.asarray(model(x))
    fold_loops(model)
    assert not model.layers[0].unroll
    np.testing.assert_allclose(model(x), expected, rtol=1e-6)


def test_an_unrolled_layer_that_masks_otherwise_stays_so() -> None:
    from kerastut.train import fold_loops

    both = layers.Bidirectional(layers.LSTM(3, unroll=True, return_sequences=True))
    model = net(layers.Masking(), both, shape=(5, 2))
    x = np.random.default_rng(0).normal(size=(4, 5, 2)).astype(np.float32)
    x[:2, 3:] = 0
    expected = np.asarray(model(x))
    fold_loops(model)
    np.testing.assert_array_equal(model(x), expected)


def test_an_output_of_any_size_is_refused() -> None:
    class Own(layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return tf.range(tf.cast(x[0, 0], "int32"))

        def compute_output_shape(self, shape: Any) -> Any:
            return (None,)

    with keras.saving.custom_object_scope({"Own": Own}):
        text = asked(net(Own(name="own")))
    assert text == "layer 'own' has an output whose size depends on its input."


def test_several_inputs_and_outputs_in_a_dictionary() -> None:
    inputs = {"b": keras.Input((3,), name="b"), "a": keras.Input((2,), name="a")}
    outputs = {"sum": layers.Dense(5)(inputs["a"]), "parity": layers.Dense(7)(inputs["b"])}
    model = keras.Model(inputs, outputs)
    assert asked(model) == ""
    assert (numbers(model), batch_for(model)) == (12, 256)


def test_a_model_of_a_class_that_tells_no_inputs() -> None:
    class Own(keras.Model):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    assert (batch_for(Own()), numbers(Own())) == (256, 0)


def test_the_graph_leaves_nothing_behind() -> None:
    """Keras makes some things once for the whole process: none of them may lie in the graph."""
    keras.backend.clear_session()
    assert asked(net(layers.Dense(2), layers.Dropout(0.5))) == ""
    assert np.isfinite(keras.random.normal((2,))).all()
    assert np.asarray(net(layers.Dense(2), layers.Dropout(0.5))(np.ones((1, 4)))).shape == (1, 2)


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "many", "1" * 12, "१"])
def test_a_limit_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kerastut.errors import ParameterError
    from kerastut.memory import most_memory

    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(ParameterError, match="expected a whole number of MiB, such as 512"):
        most_memory()
