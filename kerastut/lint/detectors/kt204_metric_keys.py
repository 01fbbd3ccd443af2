"""KT204: a metric is looked up by another name than it has.

Before Keras 2.3, accuracy was always `acc`; now it has the name that `compile` was given.
"""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding
from kerastut.lint.fixes import edits
from kerastut.lint.semantics import Call, Constant, Parameter, Program, Value, origins
from kerastut.lint.semantics.facts import Fact

_MONITOR = {
    "keras.callbacks.EarlyStopping": 0,
    "keras.callbacks.ReduceLROnPlateau": 0,
    "keras.callbacks.ModelCheckpoint": 1,
}


@detects("KT204")
def metric_keys(program: Program) -> Iterator[Finding]:
    """Finds 'acc' in histories, logs and monitors, or 'accuracy' where the metric is 'acc'."""
    compiled = {name for call in program.all_calls for name in _metrics(call)}
    if {"acc", "accuracy"} <= compiled:
        return
    pair = ("accuracy", "acc") if "acc" in compiled else ("acc", "accuracy")
    for subscript in program.subscripts:
        if not subscript.stores and _is_logged(program, subscript.of):
            yield from _check(program, subscript, subscript.node.slice, pair)
    for call in program.all_calls:
        if _is_lookup(call) and call.receiver and _is_logged(program, call.receiver):
            yield from _check(program, call, call.node.args[0], pair)
        if call.name in _MONITOR:
            node = call.expression(_MONITOR[call.name], "monitor")
            if node is not None:
                yield from _check(program, call, node, pair)


def _is_lookup(call: Call) -> bool:
    return call.method in ("get", "pop") and bool(call.node.args)


def _metrics(call: Call) -> set[str]:
    """Returns the names of accuracy that a call of `compile` gives."""
    metrics = call.keywords.get("metrics") if call.method == "compile" else None
    if metrics is None:
        return set()
    values = [item.value for item in origins(metrics) if isinstance(item, Constant)]
    return {value for value in values if isinstance(value, str) and value.startswith("acc")}


def _is_logged(program: Program, value: Value) -> bool:
    if isinstance(value, Parameter) and value.name == "logs":
        return True
    return program.is_history_dict(value)


def _check(
    program: Program, fact: Fact, node: ast.expr, pair: tuple[str, str]
) -> Iterator[Finding]:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return
    old, (wrong, right) = node.value, pair
    known = (wrong, f"val_{wrong}")
    if (old not in known and not (wrong == "acc" and old.endswith("_acc"))) or _is_prepared(fact):
        return
    new = old.removesuffix(wrong) + right
    changes: list[Edit] = [edits.replace_string(node, program.source(node), new)]
    yield from program.report("KT204", fact, changes, at=node, old=old, new=new)


def _is_prepared(fact: Fact) -> bool:
    """Tells whether the program asks first whether the key is there."""
    for guard in fact.guards:
        if {"KeyError", "Exception", "BaseException", "LookupError"} & set(guard.handles):
            return True
        if guard.test is not None and any(
            isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn))
            for node in ast.walk(guard.test)
        ):
            return True
    return False
