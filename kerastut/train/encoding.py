"""Applies a recipe's encoder once before training, and joins it to the trained model after."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerastut.arrays import Array, Arrays, map_arrays
from kerastut.data import SPLITS, Data, Split, untuned
from kerastut.train.keras_internals import all_layers

ENCODING_BATCH = 2000
ENCODER = "encoder"  # name of a table's


def table_encoder(x: dict[str, Array]) -> keras.Model:
    """Returns the model from a table's columns to numbers, adapted to the training rows.

    Numbers are normalised; of words each has a number of its own, 0 or 1, the first for unknown.
    """
    kinds = {
        name: "string_categorical" if values.dtype == object else "float_normalized"
        for name, values in x.items()
    }
    rows = untuned(tf.data.Dataset.from_tensor_slices(to_model_input(x)).batch(ENCODING_BATCH))
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")  # a mean of bfloat16 would be none, and Keras refuses
    try:
        space = keras.utils.FeatureSpace(kinds, output_mode="concat")
        space.adapt(rows)
        return keras.Model(dict(space.get_inputs()), space.get_encoded_features(), name=ENCODER)
    finally:
        keras.config.set_dtype_policy(policy)


def encoded_names(encoder: keras.Model, columns: Mapping[str, str]) -> list[str]:
    """Returns what to call the numbers of `table_encoder`'s output: a column, or a word of it."""
    names = []
    for name in sorted(columns):
        words = words_of(encoder, name)
        names += [f"{columns[name]}={word}" for word in words] or [columns[name]]
    return names


def words_of(encoder: keras.Model, column: str) -> list[str]:
    """Returns the words that `table_encoder` knows of a column; one of numbers has none."""
    layer = encoder.get_layer(f"{column}_preprocessor")
    return list(layer.get_vocabulary()) if isinstance(layer, keras.layers.StringLookup) else []


def target_scale(data: Data) -> tuple[float, float] | None:
    """Returns deviation and mean of the training targets, for a table whose label is a number."""
    if not data.columns or data.classes:
        return None
    y = np.asarray(data.train.y, np.float64)
    return float(y.std()) or 1.0, float(y.mean())


def encoded(data: Data, encoder: keras.Layer | None) -> Data:
    """Returns the data as the model sees them: the encoder's outputs in place of raw inputs.

    A table's targets that are numbers are normalised, too.
    """
    if encoder is None:
        return data
    scale = target_scale(data)
    deviation, mean = scale or (1.0, 0.0)
    splits: dict[str, Any] = {
        name: Split(apply(encoder, split.x), (split.y - mean) / deviation if scale else split.y)
        for name in SPLITS
        for split in [getattr(data, name)]
    }
    return replace(data, **splits)


def end_to_end(encoder: keras.Layer | None, model: keras.Model, data: Data) -> keras.Model:
    """Returns a compiled model that takes raw inputs, sharing the weights of `model`.

    For a table it also gives raw targets.
    """
    if encoder is None:
        return model
    if data.columns:
        inputs = {
            tensor.name: keras.Input((1,), dtype=tensor.dtype, name=tensor.name)
            for tensor in encoder.inputs
        }
        outputs = model(encoder(inputs))
        if scale := target_scale(data):
            outputs = keras.layers.Rescaling(*scale, name="rescaling", dtype="float32")(outputs)
        joined = keras.Model(inputs, outputs, name=f"table_{model.name}")
    else:
        joined = keras.Sequential(
            [keras.Input((), dtype="string"), encoder, model], name=model.name
        )
    compute_as_stored(joined)
    joined.compile_from_config(model.get_compile_config())
    return joined


def compute_as_stored(model: keras.Model) -> bool:
    """Has all layers compute in the precision of their weights; returns whether they did before.

    Files to deploy know no bfloat16, or answer otherwise than the model.
    """
    layers = all_layers(model)
    did = all(layer.compute_dtype == layer.variable_dtype for layer in layers)
    for layer in layers:
        layer.dtype_policy = layer.variable_dtype
    return did


def to_model_input(x: Arrays) -> Any:
    """Returns the inputs in a form that `predict` takes: Keras refuses arrays of strings."""
    arrays = x.values() if isinstance(x, dict) else [x]
    return map_arrays(tf.constant, x) if any(array.dtype == object for array in arrays) else x


def apply(encoder: keras.Layer, x: Arrays) -> Array:
    """Returns the encoder's outputs, computed on a part of the samples at a time."""
    samples = len(next(iter(x.values()))) if isinstance(x, dict) else len(x)
    return np.concatenate([_part(encoder, x, n) for n in range(0, samples, ENCODING_BATCH)])


def _part(encoder: keras.Layer, x: Arrays, start: int) -> Array:
    part = map_arrays(lambda array: array[start : start + ENCODING_BATCH], x)
    return np.asarray(encoder(to_model_input(part)))
