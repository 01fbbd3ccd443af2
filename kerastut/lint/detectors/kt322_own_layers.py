"""KT322, KT325: what layers of one's own can no longer do."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.detectors.kt248_add_weight import is_keras_class
from kerastut.lint.finding import Edit, Finding, Span, span_of
from kerastut.lint.semantics import Program, UserClass, Value
from kerastut.lint.semantics.values import Instance

_READ_ONLY = ("weights", "trainable_weights", "non_trainable_weights", "losses", "metrics")
_LAYERS = ("keras.Layer", "keras.layers.", "keras.Model")
_OLD = "get_output_shape_for"


@detects("KT322")
def read_only_weights(program: Program) -> Iterator[Finding]:
    """Finds `self.trainable_weights = [...]` in a layer."""
    for access in program.accesses:
        if access.stores and access.name in _READ_ONLY and _is_own_layer(access.of):
            yield from program.report("KT322", access, name=access.name)


def _is_own_layer(value: Value) -> bool:
    if not isinstance(value, Instance) or not is_keras_class(value.kind, *_LAYERS):
        return False
    return not any(name in value.kind.members for name in _READ_ONLY if name in _methods(value))


def _methods(value: Instance) -> set[str]:
    """Returns the names that the class itself defines, such as properties."""
    return {getattr(item, "name", "") for item in value.kind.node.body}


@detects("KT325")
def shape_hook(program: Program) -> Iterator[Finding]:
    """Finds a layer's method `get_output_shape_for`."""
    for definition in program.definitions:
        kind = definition.value
        if not isinstance(kind, UserClass) or not is_keras_class(kind, *_LAYERS):
            continue
        methods = [item for item in kind.node.body if isinstance(item, ast.FunctionDef)]
        hooks = [item for item in methods if item.name == _OLD]
        if hooks and "compute_output_shape" not in {item.name for item in methods}:
            yield from program.report("KT325", definition, [_renamed(hooks[0])], at=hooks[0])


def _renamed(node: ast.FunctionDef) -> Edit:
    span = span_of(node)
    start = span.column + len("def ")
    place = Span(span.line, start, span.line, start + len(_OLD))
    return Edit(place, "compute_output_shape")
