"""Ends mixed precision, which is for training."""

import keras

from kerastut.train.keras_internals import all_layers


def compute_as_stored(model: keras.Model) -> None:
    """Has all layers compute in the precision of their weights.

    Files to deploy know no bfloat16, or answer otherwise than the model.
    """
    for layer in all_layers(model):
        layer.dtype_policy = layer.variable_dtype
