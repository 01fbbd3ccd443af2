"""Steps of an old model that are no layers in Keras 3, done with `keras.ops`."""

import json
from collections.abc import Callable, Mapping, Sequence
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
    constants = {int(k): v for k, v in (config.get("constants") or {}).items()}
    if kind == "StridedSlice":
        return _strided([constants.get(i) for i in range(1, 4)], attributes, where)
    function, _, argument = TABLES["nodes"].get(kind, "").partition(":")
    if not function:
        raise ConversionError(
            f"{where}: is the operation {shown(kind)} of TensorFlow, for which none of Keras is"
            " known. Give a function on keras.ops: --lambda LAYER=module:function."
        )
    call = _named(function, where)

    def apply(found: Any) -> Any:
        tensors = iter(found if isinstance(found, list) else [found])
        values = [constants[i] if i in constants else next(tensors) for i in range(inputs)]
        keep = attributes.get("keep_dims", {}).get("b")
        extra = {"keepdims": True} if keep else {}
        if kind == "ConcatV2":
            return call(values[:-1], axis=values[-1])
        return call(values[0], **({argument: values[1]} if argument else {}), **extra)

    return apply


def _strided(bounds: Sequence[Any], attributes: Mapping[str, Any], where: str) -> Function:
    """Returns what a `StridedSlice` does, whose masks tell which bounds are meant."""
    masks = {name: int(flag.get("i", 0)) for name, flag in attributes.items() if "mask" in name}
    if not all(isinstance(bound, list) for bound in bounds):
        raise ConversionError(f"{where}: takes a slice whose bounds are computed.")

    def index(axis: int, start: int, stop: int, step: int) -> Any:
        def set_(name: str) -> bool:
            return bool(masks.get(f"{name}_mask", 0) >> axis & 1)

        if set_("ellipsis"):
            return Ellipsis
        if set_("new_axis"):
            return None
        if set_("shrink_axis"):
            return start
        return slice(None if set_("begin") else start, None if set_("end") else stop, step)

    parts = tuple(index(axis, *bound) for axis, bound in enumerate(zip(*bounds, strict=True)))
    return lambda x: x[parts]


def _definition(value: Any, where: str) -> tuple[str, int, dict[str, Any]]:
    """Returns the operation, the number of inputs, and the attributes of a node's definition."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
        return str(found["op"]), len(found["input"]), found.get("attr", {})
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ConversionError(f"{where}: its operation cannot be read.") from error
