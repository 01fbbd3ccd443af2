"""Padding as Theano did it: always around the middle of the kernel, whatever the strides."""

from collections.abc import Callable
from typing import Any, cast

import keras

from kerastut.conversion.old import ConversionError

PADDINGS = {
    keras.layers.Conv1D: keras.layers.ZeroPadding1D,
    keras.layers.Conv2D: keras.layers.ZeroPadding2D,
    keras.layers.Conv3D: keras.layers.ZeroPadding3D,
}


def padded_by_theano(layer: keras.Layer, where: str) -> Callable[..., Any]:
    """Returns what a layer with the padding "same" did.

    TensorFlow does the same for odd kernels without strides alone.

    Raises:
        ConversionError: If no padding ahead of the layer can stand for it.
    """
    sizes = getattr(layer, "kernel_size", None) or layer.pool_size
    strides = (1,) * len(sizes) if "ConvLSTM" in type(layer).__name__ else layer.strides
    if all(size % 2 for size in sizes) and set(strides) == {1}:
        return cast(Callable[..., Any], layer)
    kind = PADDINGS.get(type(layer))
    if kind is None:
        raise ConversionError(
            f"{where}: pads an even size or strides as Theano did, which no layer of Keras 3 does."
            " Give a class of your own: --layer."
        )
    wide = [(size - 1) * step + 1 for size, step in zip(sizes, layer.dilation_rate, strict=True)]
    around = tuple((size // 2, (size - 1) // 2) for size in wide)
    order = {} if kind is keras.layers.ZeroPadding1D else {"data_format": layer.data_format}
    pad = kind(around if len(around) > 1 else around[0], name=f"{layer.name}_padding", **order)
    layer.padding = "valid"

    def call(x: Any) -> Any:
        return layer(pad(x))

    return call
