"""KT316, KT317, KT318, KT320: attributes that are gone."""

from collections.abc import Iterator
from typing import TypeGuard

from kerastut.lint.detectors import detects
from kerastut.lint.detectors.kt248_add_weight import is_keras_class
from kerastut.lint.finding import Finding
from kerastut.lint.fixes import edits
from kerastut.lint.questions.kinds import is_layer
from kerastut.lint.semantics import Attribute, Part, Program, Result, Value
from kerastut.lint.semantics.models import layer_call
from kerastut.lint.semantics.values import Instance, options

_SHAPES = {"output_shape", "input_shape", "get_output_at", "get_input_at"}
_SHAPES |= {"get_output_shape_at", "get_input_shape_at"}


@detects("KT316")
def layer_shapes(program: Program) -> Iterator[Finding]:
    """Finds `layer.output_shape` and its like."""
    for access in program.accesses:
        if access.name in _SHAPES and not access.stores and is_layer(program, access.of):
            yield from program.report("KT316", access, name=access.name)


@detects("KT317")
def optimizer_rate(program: Program) -> Iterator[Finding]:
    """Finds `optimizer.lr`."""
    for access in program.accesses:
        if access.name == "lr" and _is_optimizer(program, access.of):
            change = edits.rename_attribute(access.node, "learning_rate")
            yield from program.report("KT317", access, [change])


def _is_optimizer(program: Program, value: Value) -> bool:
    for option in options(value):
        if isinstance(option, Result) and option.call.name.startswith("keras.optimizers."):
            return "schedules" not in option.call.name
        if isinstance(option, Attribute) and option.name == "optimizer":
            return program.is_model(option.of) or _is_own_model(option.of)
    return False


def _is_own_model(value: Value) -> bool:
    """Tells whether a value is `self.model` in a callback."""
    return isinstance(value, Attribute) and value.name == "model" and _is_callback(value.of)


@detects("KT318")
def callback_data(program: Program) -> Iterator[Finding]:
    """Finds `self.validation_data` in a callback that does not set it."""
    for access in program.accesses:
        if access.name != "validation_data" or access.stores:
            continue
        if _is_callback(access.of) and access.name not in access.of.kind.members:
            yield from program.report("KT318", access)


def _is_callback(value: Value) -> TypeGuard[Instance]:
    return isinstance(value, Instance) and is_keras_class(value.kind, "keras.callbacks.")


@detects("KT320")
def tensor_shapes(program: Program) -> Iterator[Finding]:
    """Finds `get_shape()`, `_keras_shape` and `shape.as_list()` of a symbolic tensor."""
    for access in program.accesses:
        gone = access.name in ("get_shape", "_keras_shape") and _is_tensor(access.of)
        if gone or (access.name in ("as_list", "value") and _is_shape(access.of)):
            yield from program.report("KT320", access, name=access.name)


def _is_shape(value: Value) -> bool:
    """Tells whether a value is the shape of a symbolic tensor, or one of its numbers."""
    if isinstance(value, Part):
        value = value.of
    return isinstance(value, Attribute) and value.name == "shape" and _is_tensor(value.of)


def _is_tensor(value: Value) -> bool:
    if not isinstance(value, Result):
        return False
    return value.call.name == "keras.Input" or layer_call(value.call.callee) is not None
