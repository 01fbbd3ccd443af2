"""Metrics: how `compile` is given them, and by which names they are looked up."""

import ast
import sys

from ..finding import span_of
from ..fixes.edits import insert, replace, replace_string
from ..questions.training import callbacks, fits, has_validation, losses
from ..registering import Findings, detects
from ..semantics.facts import Call, Fact, origins
from ..semantics.program import Program
from ..semantics.values import Constant, Display, Parameter, Value, remembered

# The positions of `monitor`.
_MONITOR = {
    "keras.callbacks.EarlyStopping": 0,
    "keras.callbacks.ReduceLROnPlateau": 0,
    "keras.callbacks.ModelCheckpoint": 1,
}


@detects("KT204")
def metric_keys(program: Program) -> Findings:
    """Finds 'acc' in histories, logs and monitors, or 'accuracy' where the metric is 'acc'.

    Before Keras 2.3, accuracy was always `acc`; now it has the name that `compile` was given.
    """
    compiled = _metrics(program)
    if {"acc", "accuracy"} <= compiled:
        return
    pair = ("accuracy", "acc") if "acc" in compiled else ("acc", "accuracy")
    for subscript in program.subscripts:
        if not subscript.stores and _is_logged(program, subscript.of):
            yield from _check(program, subscript, subscript.node.slice, pair)
    for call in program.all_calls:
        looks = call.method in ("get", "pop") and call.receiver is not None
        if looks and call.node.args and _is_logged(program, call.receiver):
            yield from _check(program, call, call.node.args[0], pair)
        if call.name in _MONITOR:
            yield from _check(program, call, call.expression(_MONITOR[call.name], "monitor"), pair)


def _metrics(program: Program) -> set[str]:
    """Returns the names of accuracy that calls of `compile` give."""
    compiled = [call for call in program.all_calls if call.method == "compile"]
    given = [call.keywords["metrics"] for call in compiled if "metrics" in call.keywords]
    values = [getattr(one, "value", None) for one in origins(*given, most=sys.maxsize)]
    return {value for value in values if isinstance(value, str) and value.startswith("acc")}


def _is_logged(program: Program, value: Value | None) -> bool:
    if isinstance(value, Parameter) and value.name == "logs":
        return True
    return value is not None and program.is_history_dict(value)


def _check(program: Program, fact: Fact, node: ast.expr | None, pair: tuple[str, str]) -> Findings:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return
    old, (wrong, right) = node.value, pair
    known = old in (wrong, f"val_{wrong}") or (wrong == "acc" and old.endswith("_acc"))
    if known and not _is_prepared(fact):
        new = old.removesuffix(wrong) + right
        changes = [replace_string(program, node, new)]
        yield from program.report("KT204", fact, changes, at=node, old=old, new=new)


def _is_prepared(fact: Fact) -> bool:
    """Tells whether the program asks first whether the key is there."""
    return fact.is_caught("KeyError", "LookupError") or any(
        isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn))
        for test in fact.tests
        for node in ast.walk(test)
    )


@detects("KT246", "KT249")
def metrics_of_compile(program: Program) -> Findings:
    """Finds metrics where Keras 3 reads the weights of the loss, and one that is not in a list."""
    for call in program.methods("compile"):
        given = call.args[2] if call.certain(2) else None
        if given is not None and _strings(given):
            node = call.node.args[2]
            changes = [insert(span_of(node), "metrics=")] if len(call.args) == 3 else []
            yield from program.report("KT246", call, changes, at=node)
        keyword = call.keyword("metrics")
        if keyword is not None and isinstance(call.literal(None, "metrics"), str):
            change = replace(keyword.value, f"[{program.source(keyword.value)}]")
            yield from program.report("KT249", call, [change], at=keyword)


@remembered
def _strings(value: Value) -> set[str]:
    """Returns the strings that are listed."""
    items = value.items if isinstance(value, Display) else ()
    values = [item.value for item in items if isinstance(item, Constant)]
    return {one for one in values if isinstance(one, str)}


@detects("KT422")
def monitor_without_validation(program: Program) -> Findings:
    """Finds callbacks that monitor a validation metric where there is none."""
    lists: set[int] = set()
    for _, fit in fits(program):
        given = fit.value(5, "callbacks")
        if has_validation(fit) or id(given) in lists:
            continue
        lists.add(id(given))
        for call in callbacks(given):
            monitor = _monitored(call)
            if monitor.startswith("val_"):
                yield from program.report("KT422", call, callee=call.last, monitor=monitor)


def _monitored(call: Call) -> str:
    """Returns the metric that a callback depends on, or ""."""
    keeps_best = call.literal(None, "save_best_only") is True
    if call.name not in _MONITOR or (call.last == "ModelCheckpoint" and not keeps_best):
        return ""
    if call.value(_MONITOR[call.name], "monitor") is None:
        return "val_loss"
    monitor = call.literal(_MONITOR[call.name], "monitor")
    return monitor if isinstance(monitor, str) else ""


@detects("KT424")
def accuracy_of_regression(program: Program) -> Findings:
    """Finds accuracy as the metric of a regression."""
    for model, call, loss in losses(program):
        metrics = call.value(3, "metrics")
        named = _strings(metrics) if metrics is not None else set()
        linear = model.units == 1 and model.activation == "linear"
        if loss.measures_distance and linear and named & {"accuracy", "acc"}:
            where = call.expression(3, "metrics")
            yield from program.report("KT424", call, at=where, loss=loss.name)
