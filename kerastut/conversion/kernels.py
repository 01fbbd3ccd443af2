"""Brings the weights of a layer from an old order and form into Keras 3's."""

from collections.abc import Sequence

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.conversion.old import Old
from kerastut.conversion.slopes import slope

# The gates of Keras 1, which kept each one's arrays apart, in the order of Keras 2.
SPLIT = {"LSTM": (0, 2, 1, 3), "ConvLSTM2D": (0, 2, 1, 3), "GRU": (0, 1, 2)}
CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose", "ConvLSTM2D")


def expected(layer: keras.Layer, old: Old, stored: int) -> tuple[int, int]:
    """Returns how many arrays an old Keras kept of a layer: those that it trained, and others."""
    gates = SPLIT.get(type(layer).__name__)
    if old.first and gates and stored >= 3 * len(gates):
        return 3 * len(gates), 0
    others = len([weight for weight in layer.weights if not _is_trained(layer, weight)])
    return len(layer.weights) - others, others


def _is_trained(layer: keras.Layer, weight: keras.Variable) -> bool:
    if isinstance(layer, keras.layers.BatchNormalization):
        return not weight.name.startswith("moving_")
    return not isinstance(layer, keras.layers.Normalization)


def translated(layer: keras.Layer, arrays: Sequence[Array], old: Old) -> list[Array]:
    """Returns what the layer's variables get.

    Args:
        layer: Of Keras 3, with variables of a known shape.
        arrays: As the file has them, in the file's order.
        old: What wrote them.
    """
    found = list(arrays)
    kind = type(layer).__name__
    gates = SPLIT.get(kind)
    if gates and len(found) == 3 * len(gates):
        found = (
            [np.concatenate([found[3 * g + part] for g in gates], -1) for part in range(3)]
            if ("Conv" not in kind or not _first_order(layer))
            else _joined_images(found, gates)
        )
    if kind in ("LSTM", "GRU") and len(found) == 3:
        found = _from_cudnn(found, layer.units, {"LSTM": 4, "GRU": 3}[kind])
    if kind in CONVOLUTIONS and found and old.first and "LSTM" not in kind:
        found[0] = _turned(found[0], layer, kind)
    if kind in CONVOLUTIONS and found and old.from_theano:
        last = 2 if "LSTM" in kind else 1
        spatial = tuple(range(found[0].ndim - 2))
        found[:last] = [np.flip(kernel, spatial) for kernel in found[:last]]
    factors = [slope(layer, variable.name) for variable in layer.weights]
    return [
        array if isinstance(factor, float) and factor == 1 else array * np.float32(factor)
        for array, factor in zip(found, factors, strict=True)
    ]


def _first_order(layer: keras.Layer) -> bool:
    return bool(layer.data_format == "channels_first")


def _joined_images(found: Sequence[Array], gates: Sequence[int]) -> list[Array]:
    """Joins the gates of a ConvLSTM2D whose kernels begin with the filters."""
    parts = [[found[3 * gate + part] for gate in gates] for part in range(3)]
    kernels = [
        np.concatenate([np.transpose(k, (2, 3, 1, 0)) for k in part], -1) for part in parts[:2]
    ]
    return [*kernels, np.concatenate(parts[2])]


def _turned(kernel: Array, layer: keras.Layer, kind: str) -> Array:
    """Returns a kernel of Keras 1 with its axes in the order of Keras 2."""
    first = _first_order(layer)
    if kind == "Conv1D" and kernel.ndim == 4:
        size, filters = layer.kernel_size[0], layer.filters
        if kernel.shape[:2] != (size, 1) or kernel.shape[3] != filters:
            kernel = np.transpose(kernel, (2, 3, 1, 0))
        return kernel[:, 0]
    if kind == "Conv2D" and first:
        return np.transpose(kernel, (2, 3, 1, 0))
    if kind == "Conv2DTranspose":
        return np.transpose(kernel, (2, 3, 0, 1) if first else (0, 1, 3, 2))
    if kind == "Conv3D" and first:
        return np.transpose(kernel, (2, 3, 4, 1, 0))
    return kernel


def _from_cudnn(arrays: Sequence[Array], units: int, gates: int) -> list[Array]:
    """Returns the weights of a plain layer, also where they are those of a CuDNN one."""
    kernel, recurrent, bias = arrays
    if bias.shape != (2 * gates * units,):
        return list(arrays)
    if kernel.ndim == recurrent.ndim == 2:
        parts = np.hsplit(kernel, gates)
        kernel = np.hstack([part.T.reshape(part.shape, order="F") for part in parts])
        recurrent = np.hstack([part.T for part in np.hsplit(recurrent, gates)])
    halves = bias.reshape(2, -1)
    return [kernel, recurrent, halves if gates == 3 else halves.sum(axis=0)]
