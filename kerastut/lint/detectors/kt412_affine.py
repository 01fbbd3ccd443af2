"""KT412: a straight line for a curve."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.arrays import root
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import (
    Call,
    Constant,
    Model,
    Operation,
    Program,
    Result,
    Value,
    origins,
)
from kerastut.lint.semantics.models import activation_name

_CURVES = {
    f"numpy.{name}"
    for name in ("sin", "cos", "tan", "tanh", "exp", "log", "sqrt", "square", "abs", "power")
}


@detects("KT412")
def affine_model(program: Program) -> Iterator[Finding]:
    """Finds models without any non-linearity whose target is a curve over their input."""
    for model, fit in fits(program):
        x, y = fit.value(0, "x"), fit.value(1, "y")
        if x is None or y is None or not _is_affine(model):
            continue
        curve = next((one for one in origins(y) if _bends(one, root(x))), None)
        if isinstance(curve, Operation):
            yield from program.report("KT412", curve.node)
        elif isinstance(curve, Result):
            yield from program.report("KT412", curve.call)


def _is_affine(model: Model) -> bool:
    plain = ("keras.Input", "keras.layers.Flatten", "keras.layers.Normalization")
    return (
        model.complete
        and any(layer.name == "keras.layers.Dense" for layer in model.layers)
        and all(layer.name in plain or _is_linear(layer) for layer in model.layers)
    )


def _is_linear(layer: Call) -> bool:
    dense = layer.name == "keras.layers.Dense"
    return dense and activation_name(layer.value(1, "activation")) == "linear"


def _bends(value: Value, x: Value) -> bool:
    """Tells whether a value is x², x·x, sin(x) and the like, of just this array."""
    if isinstance(value, Result) and value.call.name in _CURVES and value.call.args:
        return _is_scaled(value.call.args[0], x)
    if not isinstance(value, Operation) or not isinstance(value.node, ast.BinOp):
        return False
    left, right = value.operands
    if isinstance(value.node.op, ast.Pow):
        power = right.value if isinstance(right, Constant) else None
        return _is_scaled(left, x) and power not in (0, 1)
    return isinstance(value.node.op, ast.Mult) and all(_is_scaled(one, x) for one in (left, right))


def _is_scaled(value: Value, x: Value) -> bool:
    """Tells whether a value is x, or x times or plus a number."""
    source = root(value)
    if isinstance(source, Operation):
        return any(_is_scaled(one, x) for one in source.operands)
    return source is x
