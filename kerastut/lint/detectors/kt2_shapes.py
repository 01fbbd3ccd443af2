"""KT206, KT243: a shape where a number is wanted, and a number where a shape is wanted."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, span_of
from kerastut.lint.semantics import Attribute, Call, Constant, Display, Operation, Program, Value


@detects("KT206")
def input_dim_of_a_shape(program: Program) -> Iterator[Finding]:
    """Finds `input_dim=` with a tuple, or with something that is called a shape."""
    for call in program.calls("keras.layers.*"):
        keyword = call.keyword("input_dim")
        value = call.keywords.get("input_dim")
        if keyword is None or value is None or call.name == "keras.layers.Embedding":
            continue
        if _is_shape(value, keyword.value):
            yield from program.report("KT206", call, at=keyword)


def _is_shape(value: Value, node: ast.expr) -> bool:
    if isinstance(value, Display) or (isinstance(value, Attribute) and value.name == "shape"):
        return True
    named = isinstance(node, ast.Name) and "shape" in node.id.lower()
    return named and not isinstance(value, (Constant, Operation))


@detects("KT243")
def number_for_a_shape(program: Program) -> Iterator[Finding]:
    """Finds `Input(shape=784)` and `Input(shape=(784))`."""
    for call in program.calls("keras.Input"):
        size = call.literal(0, "shape")
        node = call.expression(0, "shape")
        if node is None or not isinstance(size, int) or isinstance(size, bool):
            continue
        changes = [_tuple(program, call, node)] if isinstance(node, ast.Constant) else []
        yield from program.report("KT243", call, changes, at=node, size=size)


def _tuple(program: Program, call: Call, node: ast.Constant) -> Edit:
    """Adds the comma that makes a tuple, and the parentheses if there are none."""
    text, span, start = program.source(node), span_of(node), span_of(call.node.func)
    between = program.source(
        start._replace(
            line=start.end_line, column=start.end_column, end_line=span.line, end_column=span.column
        )
    )
    enclosed = between.count("(") > 1
    return Edit(span, f"{text}," if enclosed else f"({text},)")
