"""Data that would train without an error and give nonsense are refused, by array and shape."""

import re
import time
from dataclasses import replace
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from keras import layers

from kerastut import load
from kerastut.data import NAMES
from kerastut.data.checks import check
from kerastut.data.loading import from_arrays
from kerastut.data.splits import Data, Split, digest
from kerastut.errors import DataError
from kerastut.train.targets import check_targets

from .corpus import fuzz

CLASSES = ("a", "b", "c")


def split(n: int = 6) -> Split:
    return Split(np.ones((n, 4), np.float32), (np.arange(n) % 3).astype(np.int32))


def good(**changes: Any) -> Data:
    splits = {name: split() for name in ("train", "validation", "test")} | changes
    return Data("own", **splits, classes=CLASSES, source="", sha256="")


def changed(array: Any, at: tuple[int, ...], value: float) -> Any:
    array[at] = value
    return array


@pytest.mark.parametrize("name", [*NAMES])
def test_the_embedded_data_pass(name: str) -> None:
    check(load(name))


def test_whole_mnist_is_checked_at_once() -> None:
    """Processor time, not wall time, so that a busy machine does not decide."""
    data = load("mnist")
    start = time.process_time()
    check(data)
    assert time.process_time() - start < 0.1


ONES, LABELS = np.ones((6, 4), np.float32), (np.arange(6) % 3).astype(np.int32)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (
            changed(ONES.copy(), (3, 1), np.nan),
            LABELS,
            "train.x (6, 4): 1 value is not finite, at [3, 1]. Remove these samples, or replace",
        ),
        (
            changed(changed(ONES.copy(), (5, 0), np.inf), (2, 3), -np.inf),
            LABELS,
            "train.x (6, 4): 2 values are not finite, the first at [2, 3].",
        ),
        (ONES[:0], LABELS[:0], "train.x (0, 4): expected samples, received an empty array."),
        (ONES[:, :0], LABELS, "train.x (6, 0): expected samples, received an empty array."),
        (np.float32(1), LABELS, "train.x: expected a NumPy array, received float32."),
        (np.array(1.0), LABELS, "train.x (): expected samples, received an empty array."),
        ([[1.0]], LABELS, "train.x: expected a NumPy array, received list."),
        ({}, LABELS, "train.x: expected arrays, received an empty dictionary."),
        (ONES[:5], LABELS, "train.y (6,): expected 5 samples as in train.x (5, 4), received 6."),
        (ONES > 0, LABELS, "train.x (6, 4): expected numbers or Python strings, received bool."),
        (ONES * 1j, LABELS, "received complex64. Convert it with astype('float32')."),
        (ONES.astype("M8[s]"), LABELS, "received datetime64[s]."),
        (ONES.astype(str), LABELS, "received <U32. Convert it with astype(object)."),
        (
            np.array(["a", "b", "c", "d", None, "f"], object),
            LABELS,
            "train.x (6,): expected strings in an array of objects, received NoneType at [4].",
        ),
        (
            ONES.astype(object),
            LABELS,
            "received float at [0, 0]. Convert it with astype('float32')",
        ),
        (
            ONES,
            LABELS.astype(np.float32),
            "train.y (6,): expected class numbers, received float32.",
        ),
        (ONES, LABELS > 0, "train.y (6,): expected numbers as targets, received bool."),
        (ONES, LABELS.astype(str), "received <U11. Convert it with astype('int32')."),
        (
            ONES,
            LABELS[:, None],
            "train.y (6, 1): expected class numbers of shape (6,). Take y[:, 0]",
        ),
        (ONES, np.eye(6, dtype=int), "shape (6,). Turn one-hot labels with y.argmax(axis=-1)."),
        (ONES, LABELS + 1, "from 0 to 2, received 3 at [2] (2 such labels). Number the classes"),
        (
            ONES,
            LABELS - 1,
            "expected class numbers from 0 to 2, received -1 at [0] (2 such labels)",
        ),
        (ONES, changed(LABELS.copy(), (4,), 3), "received 3 at [4]. Number the classes from 0, or"),
        (ONES, np.array([0, 1, 2, 0, 1, 2**63], np.uint64), "received 9223372036854775808 at [5]"),
        (ONES, {"a": LABELS - 1, "b": LABELS}, "train.y['a'] (6,): expected class numbers from 0 "),
        (
            ONES,
            {"a": LABELS, "b": np.full(6, np.inf)},
            "train.y['b'] (6,): 6 values are not finite",
        ),
        (
            {"l": ONES, "r": ONES[:5]},
            LABELS,
            "train.x['r'] (5, 4): expected 6 samples as in train.x['l']",
        ),
        ({"l": ONES, "r": ONES * np.nan}, LABELS, "train.x['r'] (6, 4): 24 values are not finite"),
    ],
)
def test_bad_training_data(x: Any, y: Any, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        check(good(train=Split(x, y)))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (
            Split(np.ones((6, 5), np.float32), LABELS),
            "test.x (6, 5): expected samples of shape (4,) and float32 as in train, received (5,)",
        ),
        (Split(np.ones((6, 4), np.uint8), LABELS), "as in train, received (4,) and uint8."),
        (Split({"l": ONES}, LABELS), "test.x: expected the arrays x as in train, received x['l']."),
        (Split(ONES, LABELS + 2), "test.y (6,): expected class numbers from 0 to 2, received 3"),
    ],
)
def test_bad_test_data(test: Split, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        check(good(test=test))


def test_values_to_predict_may_be_floats_but_finite() -> None:
    parts = {n: Split(ONES, np.linspace(0, 1, 6)) for n in ("train", "validation", "test")}
    data = replace(good(**parts), classes=())
    check(data)
    data.test.y[3] = np.nan
    with pytest.raises(DataError, match=re.escape("test.y (6,): 1 value is not finite, at [3].")):
        check(data)


def test_large_floats_are_checked_in_pieces() -> None:
    x = np.zeros((3000, 1000), np.float32)
    x[2999, 999] = x[5, 5] = np.nan
    data = good(train=Split(x, np.zeros(3000, np.int32)))
    with pytest.raises(DataError, match=re.escape("2 values are not finite, the first at [5, 5]")):
        check(data)


ANY_ARRAY = hnp.arrays(
    hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
)


@fuzz(150)
@given(ANY_ARRAY, ANY_ARRAY, st.booleans())
def test_any_arrays_pass_or_are_named(x: Any, y: Any, regression: bool) -> None:
    """What passes has the properties that were promised."""
    pair = Split(x, y)
    data = good(train=pair, validation=pair, test=pair)
    data = replace(data, classes=()) if regression else data
    if text := complaint(data):
        assert re.match(r"(train|validation|test)\.[xy] \(", text)
        assert text.isprintable()
    else:
        assert len(x) == len(y) > 0
        assert np.isfinite(x).all()
        assert regression or (y.ndim == 1 and y.dtype.kind in "iu" and set(y.flat) <= {0, 1, 2})


def complaint(data: Data) -> str:
    try:
        check(data)
    except DataError as error:
        return str(error)
    return ""


def test_from_arrays() -> None:
    pair = (ONES, LABELS)
    data = from_arrays(pair, pair, pair, CLASSES, name="mine")
    assert (data.name, data.classes, len(data.sha256)) == ("mine", CLASSES, 64)
    assert data.sha256 == from_arrays(pair, pair, pair, CLASSES).sha256
    other = from_arrays((ONES * 2, LABELS), pair, pair, CLASSES)
    assert data.sha256 != other.sha256
    with pytest.raises(
        DataError, match=re.escape("train.y (6,): expected class numbers from 0 to")
    ):
        from_arrays(pair, pair, pair, ("only",))


def test_from_arrays_of_dictionaries_and_texts() -> None:
    texts = np.array([f"text {i}" for i in range(6)])
    pair = ({"text": texts, "numbers": ONES}, {"class": LABELS})
    data = from_arrays(pair, pair, pair, CLASSES)
    assert data.train.x["text"].dtype == object
    shifted = ({"text": np.roll(texts, 1), "numbers": ONES}, {"class": LABELS})
    assert from_arrays(shifted, pair, pair, CLASSES).sha256 != data.sha256


def test_digest_is_of_values_shapes_types_and_names() -> None:
    array = np.arange(6)
    variants: list[dict[str, Any]] = [
        {"a": array},
        {"b": array},
        {"a": array.reshape(2, 3)},
        {"a": array.astype("i4")},
    ]
    variants += [{"a": np.array(["xy", "z"], object)}, {"a": np.array(["x", "yz"], object)}]
    assert len({digest_of(variant) for variant in variants}) == len(variants)
    copies = [{"a": np.array(["".join(parts), "z"], object)} for parts in ("xy", ["x", "y"])]
    assert digest_of(copies[0]) == digest_of(copies[1])


def digest_of(arrays: dict[str, Any]) -> str:
    return digest({"train": Split(arrays, LABELS)})


# Targets against a model's outputs.


def model_of(units: int, loss: Any, *shape: int) -> keras.Model:
    inputs = keras.Input((4,))
    outputs = layers.Dense(units)(inputs)
    model = keras.Model(inputs, layers.Reshape(shape)(outputs) if shape else outputs)
    model.compile(loss=loss)
    return model


def own_loss(y_true: Any, y_pred: Any) -> Any:
    return y_pred - y_true


CATEGORICAL, SPARSE, BINARY, MSE = (
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "mse",
)
VALUES = np.ones(6, np.float32)


@pytest.mark.parametrize(
    ("units", "loss", "y"),
    [
        (3, SPARSE, LABELS),
        (3, keras.losses.SparseCategoricalCrossentropy(from_logits=True), LABELS),
        (3, keras.losses.sparse_categorical_crossentropy, LABELS),
        (3, "categorical_crossentropy", np.eye(3)[LABELS]),
        (1, BINARY, LABELS % 2),
        (1, BINARY, LABELS[:, None] % 2),
        (1, MSE, VALUES),
        (2, MSE, np.ones((6, 2))),
        (3, own_loss, LABELS),
        (3, own_loss, np.ones((6, 3))),
    ],
)
def test_targets_that_fit(units: int, loss: Any, y: Any) -> None:
    parts = {name: Split(ONES, y) for name in ("train", "validation", "test")}
    check_targets(model_of(units, loss), good(**parts))


@pytest.mark.parametrize(
    ("units", "loss", "y", "message"),
    [
        (
            1,
            MSE,
            np.ones((6, 3)),
            "train.y (6, 3): expected shape (n, 1) or (n) for the output (n, 1)",
        ),
        (1, MSE, np.ones((6, 1, 1)), "train.y (6, 1, 1): expected shape (n, 1) or (n)"),
        (
            3,
            MSE,
            VALUES,
            "train.y (6,): expected shape (n, 3) for the output (n, 3) and the loss mean",
        ),
        (3, keras.losses.MeanSquaredError(), VALUES, "expected shape (n, 3)"),
        (
            3,
            CATEGORICAL,
            LABELS,
            "expected one-hot labels (n, 3) for categorical_crossentropy, rec",
        ),
        (3, CATEGORICAL, LABELS[:, None], "received whole numbers. Is sparse_categorical_cross"),
        (3, CATEGORICAL, np.eye(3)[LABELS][:, :2], "expected shape (n, 3) for the output (n, 3)"),
        (
            3,
            SPARSE,
            np.ones((6, 1), int),
            "train.y (6, 1): expected shape (n) for the output (n, 3)",
        ),
        (2, SPARSE, LABELS, "train.y (6,): the model tells 2 classes apart; received class 2."),
        (
            3,
            SPARSE,
            LABELS - 1,
            "expected class numbers from 0 to 2, received -1. Number the classes",
        ),
        (1, SPARSE, LABELS, "the model tells 1 classes apart; received class 2."),
        (1, BINARY, LABELS, "received class 2. The model needs a sparse_categorical_crossentropy"),
        (1, keras.losses.BinaryCrossentropy(name="own"), LABELS, "the model tells 2 classes apart"),
        (1, "bce", LABELS, "the model tells 2 classes apart"),
        (
            3,
            own_loss,
            np.ones((6, 2)),
            "expected shape (n, 3) or (n) for the output (n, 3) and the",
        ),
        (3, SPARSE, {"a": LABELS}, "train.y: expected targets in one array, received a."),
    ],
)
def test_targets_that_would_broadcast(units: int, loss: Any, y: Any, message: str) -> None:
    parts = {name: Split(ONES, y) for name in ("train", "validation", "test")}
    with pytest.raises(DataError, match=re.escape(message)):
        check_targets(model_of(units, loss), good(**parts))


@pytest.mark.parametrize(
    ("loss", "y", "message"),
    [
        (
            SPARSE,
            LABELS,
            "expected one row of outputs for each sample, received (n, 5, 3). Flatten",
        ),
        (CATEGORICAL, np.eye(3)[LABELS], "received (n, 5, 3). Flatten missing?"),
        (MSE, VALUES, "received (n, 5, 3). Flatten missing?"),
        (SPARSE, np.ones((6, 4), int), "expected shape (n, 5) for the output (n, 5, 3)"),
    ],
)
def test_a_forgotten_flatten(loss: str, y: Any, message: str) -> None:
    parts = {name: Split(ONES, y) for name in ("train", "validation", "test")}
    with pytest.raises(DataError, match=re.escape(message)):
        check_targets(model_of(15, loss, 5, 3), good(**parts))


@pytest.mark.parametrize("as_list", [False, True])
def test_targets_of_several_outputs(as_list: bool) -> None:
    inputs = keras.Input((4,))
    outputs = {n: layers.Dense(k, name=n)(inputs) for n, k in (("kind", 3), ("size", 1))}
    model = keras.Model(inputs, list(outputs.values()) if as_list else outputs)
    model.compile(loss={"kind": SPARSE, "size": MSE})
    targets = {"kind": LABELS, "size": VALUES}
    checked = partial(check_targets, model)
    parts = {name: Split(ONES, targets) for name in ("train", "validation", "test")}
    checked(good(**parts))
    wide = Split(ONES, targets | {"size": np.ones((6, 2))})
    with pytest.raises(
        DataError, match=re.escape("test.y['size'] (6, 2): expected shape (n, 1) or")
    ):
        checked(good(**parts | {"test": wide}))
    with pytest.raises(DataError, match=re.escape("expected targets kind, size, received kind.")):
        checked(good(**parts | {"train": Split(ONES, {"kind": LABELS})}))
