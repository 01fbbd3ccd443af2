"""Applies a recipe's encoder once before training, and joins it to the trained model after."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerastut.arrays import Array, Arrays, map_arrays
from kerastut.data import SPLITS, Data
from kerastut.train.keras_internals import all_layers

ENCODING_BATCH = 2000


def encoded(data: Data, encoder: keras.Layer | None) -> Data:
    """Returns the data as the model sees them: the encoder's outputs in place of raw inputs."""
    if encoder is None:
        return data
    splits = {
        name: replace(split, x=_apply(encoder, split.x))
        for name in SPLITS
        for split in [getattr(data, name)]
    }
    return replace(data, **splits)


def end_to_end(encoder: keras.Layer | None, model: keras.Model) -> keras.Model:
    """Returns a compiled model that takes raw inputs, sharing the weights of `model`."""
    if encoder is None:
        return model
    joined = keras.Sequential([keras.Input((), dtype="string"), encoder, model], name=model.name)
    compute_as_stored(joined)
    joined.compile_from_config(model.get_compile_config())
    return joined


def compute_as_stored(model: keras.Model) -> None:
    """Has all layers compute in the precision of their weights.

    Files to deploy know no bfloat16, or answer otherwise than the model.
    """
    for layer in all_layers(model):
        layer.dtype_policy = layer.variable_dtype


def to_model_input(x: Arrays) -> Any:
    """Returns the inputs in a form that `predict` takes: Keras refuses arrays of strings."""
    return map_arrays(lambda array: tf.constant(array) if array.dtype == object else array, x)


def _apply(encoder: keras.Layer, x: Array) -> Array:
    parts = [
        np.asarray(encoder(to_model_input(x[start : start + ENCODING_BATCH])))
        for start in range(0, len(x), ENCODING_BATCH)
    ]
    return np.concatenate(parts)
