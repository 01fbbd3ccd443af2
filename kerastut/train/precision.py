"""Ends mixed precision, which is for training."""

import keras


def compute_as_stored(model: keras.Model) -> None:
    """Has all layers compute in the precision of their weights.

    Files to deploy know no bfloat16, or answer otherwise than the model.
    """
    for layer in model._flatten_layers():
        layer.dtype_policy = layer.variable_dtype
