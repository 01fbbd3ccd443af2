"""Steps of an old model that are no layers in Keras 3, done with `keras.ops`."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import keras

from kerastut.conversion.old import ConversionError
from kerastut.conversion.tables import TABLES
from kerastut.errors import shown

Function = Callable[..., Any]


def operation(config: Mapping[str, Any], where: str) -> Function:
    """Returns what a `TFOpLambda` does: a function of TensorFlow, by name."""
    return _named(config.get("function"), where)


def _named(name: Any, where: str) -> Function:
    table = TABLES["operations"].get(name) if isinstance(name, str) else None
    if table is None:
        raise ConversionError(
            f"{where}: is tf.{shown(name)}, for which no operation of Keras is known. Write it as a"
            " function on keras.ops and give it: --lambda LAYER=module:function."
        )
    function = getattr(keras.ops, table["op"])

    def call(first: Any, **given: Any) -> Any:
        asked = {k: v for k, v in given.items() if k != "name" and v is not None and v is not False}
        unknown = sorted(asked.keys() - table.keys())
        if unknown:
            raise ConversionError(
                f"{where}: is tf.{name} with {', '.join(map(shown, unknown))}, which Keras has not."
                " Give a function on keras.ops: --lambda LAYER=module:function."
            )
        return function(first, **{table[key]: value for key, value in asked.items()})

    return call


def slicing(first: Any, slice_spec: Any) -> Any:
    """Does what a `SlicingOpLambda` does."""
    return first[tuple(_index(part) for part in slice_spec)]


def _index(part: Any) -> Any:
    if isinstance(part, dict) and "start" in part:
        return slice(part["start"], part["stop"], part["step"])
    return Ellipsis if isinstance(part, dict) else part


def threshold(config: Mapping[str, Any]) -> Function:
    """Returns what a `ThresholdedReLU` does."""
    theta = float(config.get("theta", 1.0))

    def call(x: Any) -> Any:
        return keras.ops.multiply(x, keras.ops.cast(keras.ops.greater(x, theta), x.dtype))

    return call


def node(config: Mapping[str, Any], where: str) -> Function:
    """Returns what a `TensorFlowOpLayer` does: a node of a graph, with its constants."""
    kind, inputs, attributes = _definition(config.get("node_def"), where)
    function, _, argument = TABLES["nodes"].get(kind, "").partition(":")
    if not function:
        raise ConversionError(
            f"{where}: is the operation {shown(kind)} of TensorFlow, for which none of Keras is"
            " known. Give a function on keras.ops: --lambda LAYER=module:function."
        )
    call = _named(function, where)
    constants = {int(k): v for k, v in (config.get("constants") or {}).items()}

    def apply(found: Any) -> Any:
        tensors = iter(found if isinstance(found, list) else [found])
        values = [constants[i] if i in constants else next(tensors) for i in range(inputs)]
        extra = {"keepdims": True} if attributes.get("keep_dims") else {}
        if kind == "ConcatV2":
            return call(values[:-1], axis=values[-1])
        return call(values[0], **({argument: values[1]} if argument else {}), **extra)

    return apply


def _definition(text: Any, where: str) -> tuple[str, int, dict[str, Any]]:
    """Returns the operation, the number of inputs, and the flags of a node's definition."""
    import tensorflow as tf

    found = tf.compat.v1.NodeDef()
    try:
        if isinstance(text, str) and text.startswith("{"):
            from google.protobuf import json_format

            json_format.Parse(text, found, ignore_unknown_fields=True)
        else:
            found.ParseFromString(base64.b64decode(text))
    except Exception as error:
        raise ConversionError(f"{where}: its operation cannot be read.") from error
    return found.op, len(found.input), {k: v.b for k, v in found.attr.items()}
