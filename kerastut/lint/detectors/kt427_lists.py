"""KT427, KT428: Python lists where Keras wants arrays or tuples."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, span_of
from kerastut.lint.semantics import Call, Constant, Display, Operation, Program, UserFunction, Value

_TAKING = {
    "fit": ((0, "x"), (1, "y")),
    "evaluate": ((0, "x"), (1, "y")),
    "predict": ((0, "x"),),
    "train_on_batch": ((0, "x"), (1, "y")),
    "test_on_batch": ((0, "x"), (1, "y")),
}


@detects("KT427")
def lists_as_data(program: Program) -> Iterator[Finding]:
    """Finds `fit([1, 2, 3], [2, 4, 6])`."""
    for call in program.methods(*_TAKING):
        for position, name in _TAKING[call.method or ""]:
            value, node = call.value(position, name), call.expression(position, name)
            if value is not None and node is not None and _is_numbers(value):
                yield from program.report("KT427", call, at=node, callee=call.method)


def _is_numbers(value: Value) -> bool:
    """Tells whether a value is a list of numbers, nested or not, or such a list repeated."""
    if isinstance(value, Operation) and isinstance(value.node, ast.BinOp):
        repeated = isinstance(value.node.op, (ast.Mult, ast.Add))
        return repeated and any(map(_is_numbers, value.operands))
    if not isinstance(value, Display) or not isinstance(value.node, ast.List):
        return False
    return bool(value.items) and all(_is_number(item) or _is_numbers(item) for item in value.items)


def _is_number(value: Value) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, (int, float))


@detects("KT428")
def lists_from_generators(program: Program) -> Iterator[Finding]:
    """Finds `yield [x1, x2], y` in a generator that a model is trained with."""
    seen: set[int] = set()
    made = [call for call in program.all_calls if _yields(call.callee)]
    for call in program.methods("fit", "fit_generator", "evaluate", "predict") if made else ():
        function = _generator(made, call)
        if function is None or id(function) in seen:
            continue
        seen.add(id(function))
        for node in ast.walk(function.node):
            lists = _lists(node.value) if isinstance(node, ast.Yield) else []
            if lists:
                changes = [edit for item in lists for edit in _as_tuple(program, item)]
                yield from program.report("KT428", lists[0], changes)


def _yields(callee: Value) -> bool:
    return isinstance(callee, UserFunction) and callee.yields


def _generator(made: list[Call], call: Call) -> UserFunction | None:
    """Returns the generator function whose call is the first argument, or a variable of it."""
    node, value = call.expression(0, "x", "generator"), call.value(0, "x", "generator")
    for one in made:
        if (one.node is node or value is one.result) and isinstance(one.callee, UserFunction):
            return one.callee
    return None


def _lists(value: ast.expr | None) -> list[ast.List]:
    if isinstance(value, ast.List):
        return [value, *_lists(ast.Tuple(value.elts))]
    items = value.elts if isinstance(value, ast.Tuple) else []
    return [item for item in items if isinstance(item, ast.List)]


def _as_tuple(program: Program, node: ast.List) -> Iterator[Edit]:
    span = span_of(node)
    end = ",)" if len(node.elts) == 1 and program.source(node)[:-1].rstrip()[-1:] != "," else ")"
    first = span._replace(end_line=span.line, end_column=span.column + 1)
    last = span._replace(line=span.end_line, column=span.end_column - 1)
    yield from (Edit(first, "("), Edit(last, end))
