"""hard_sigmoid: Keras 1 and 2 cut off 0.2x + 0.5, Keras 3 cuts off x/6 + 0.5.

Weights that are 1.2 times as large give the same values, and leave a model that any Keras 3 loads.
"""

from typing import Any

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.conversion.old import ConversionError

SLOPE = 1.2
# Which weights go into an activation, by their names.
AFFINE = ("kernel", "bias", "recurrent_kernel", "depthwise_kernel")
POINTWISE = ("pointwise_kernel", "bias")
# Gates along the last axis: which of them have the recurrent activation.
GATES = {
    **dict.fromkeys(("LSTM", "LSTMCell", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), (1, 1, 0, 1)),
    **dict.fromkeys(("GRU", "GRUCell"), (1, 1, 0)),
}


def is_bent(activation: Any) -> bool:
    """Tells whether an activation is Keras 3's hard_sigmoid."""
    return activation is keras.activations.hard_sigmoid


def check_slope(layer: keras.Layer, where: str, notes: list[str]) -> None:
    """Notes what is done for a layer with a hard_sigmoid; refuses it where nothing can be done."""
    recurrent = is_bent(getattr(layer, "recurrent_activation", None))
    inner = is_bent(getattr(layer, "activation", None))
    if isinstance(layer, keras.layers.Activation):
        return
    if inner and (type(layer).__name__ in GATES or not hasattr(layer, "use_bias")):
        raise ConversionError(
            f"{where}: has hard_sigmoid inside, which has another slope in Keras 3. Give the old"
            " one: --layer hard_sigmoid=module:function."
        )
    if recurrent or inner:
        notes.append(
            f"{where}: its weights to hard_sigmoid are {SLOPE} times as large, since that of"
            " Keras 3 is flatter."
        )


def slope(layer: keras.Layer, name: str) -> Array | float:
    """Returns what a weight of a layer is multiplied by."""
    if is_bent(getattr(layer, "recurrent_activation", None)):
        gates = np.array(GATES.get(type(layer).__name__, (0,)), np.float32)
        units: int = layer.units if hasattr(layer, "units") else layer.filters
        return 1 + np.repeat(gates, units) * np.float32(SLOPE - 1)
    if is_bent(getattr(layer, "activation", None)):
        separable = hasattr(layer, "pointwise_kernel")
        return SLOPE if name in (POINTWISE if separable else AFFINE) else 1.0
    return 1.0
