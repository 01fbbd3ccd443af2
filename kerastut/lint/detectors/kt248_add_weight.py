"""KT248: `add_weight` with the name as its first positional argument."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, Span, span_of
from kerastut.lint.semantics import Constant, Program, UserClass, Value
from kerastut.lint.semantics.values import Instance, Ref

_ORDER = ("name", "shape", "dtype", "initializer")  # as Keras 2 had it


@detects("KT248")
def add_weight_by_position(program: Program) -> Iterator[Finding]:
    """Finds `self.add_weight("kernel", ...)` in a layer of the document."""
    for call in program.all_calls:
        if call.method != "add_weight" or not call.args or not _is_layer(call.receiver):
            continue
        name = call.args[0]
        if isinstance(name, Constant) and isinstance(name.value, str):
            source = program.source(call.node.args[0])
            yield from program.report("KT248", call, _named(call.node), name=source)


def is_keras_class(kind: UserClass, *heads: str) -> bool:
    """Tells whether a class of the document is derived from one whose name begins so."""
    return any(
        (isinstance(base, Ref) and base.canonical.startswith(heads))
        or (isinstance(base, UserClass) and base is not kind and is_keras_class(base, *heads))
        for base in kind.bases
    )


def _is_layer(value: Value | None) -> bool:
    return isinstance(value, Instance) and is_keras_class(
        value.kind, "keras.Layer", "keras.layers.", "keras.Model"
    )


def _named(node: ast.Call) -> list[Edit]:
    if len(node.args) > len(_ORDER) or any(isinstance(arg, ast.Starred) for arg in node.args):
        return []
    if any(isinstance(arg, ast.GeneratorExp) for arg in node.args):
        return []
    edits = []
    for name, argument in zip(_ORDER, node.args, strict=False):
        span = span_of(argument)
        edits.append(Edit(Span(span.line, span.column, span.line, span.column), f"{name}="))
    return edits
