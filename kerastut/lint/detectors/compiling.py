"""`compile`: losses that fit neither labels nor last layer, optimizers, what callbacks watch."""

import ast
import re
import sys
from functools import cache

from ..finding import Edit
from ..fixes.calls import evaluated
from ..fixes.edits import replace
from ..questions.labels import labels_of, numbers_of
from ..questions.named import outputs_of
from ..questions.training import (
    MONITOR,
    callbacks,
    compile_before,
    fits,
    fits_integers,
    has_validation,
    loss_of,
    losses,
    monitored,
    read_without_validation,
)
from ..registering import Findings, detects
from ..rules import api
from ..semantics.facts import Access, origins
from ..semantics.program import Program
from ..semantics.scopes import Instance, UserFunction
from ..semantics.values import Display, Ref, Unknown, Value

# What the last activations give at the least and at the most.
_RANGES = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1)}
_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
_CROSSENTROPIES = (*_CATEGORICAL, "binary_crossentropy")
_NEEDS = ("fit", "fit_generator", "evaluate", "evaluate_generator", "train_on_batch")
_TAKE_DATA = ("fit", "evaluate", "predict")
_DATA = ("x", "y", "generator", "validation_data")
_MODEL = re.compile(r"model\.\w+$", re.I)
_WRONG = {
    ("integer", "categorical_crossentropy"): ("KT401", "sparse_categorical_crossentropy"),
    ("one-hot", "sparse_categorical_crossentropy"): ("KT402", "categorical_crossentropy"),
}


@detects("KT401", "KT402")
def labels_and_loss(program: Program) -> Findings:
    """Finds integer labels with the categorical loss, and one-hot labels with the sparse one."""
    for model, fit in fits(program):
        compiled = compile_before(model, fit)
        loss, labels = loss_of(compiled), labels_of(fit.value(1, "y"))
        if compiled is None or loss is None or labels is None or model.units == 1:
            continue
        code, right = _WRONG.get((labels, loss.name), ("", ""))
        given = compiled.expression(1, "loss")
        if code and given is not None:
            changes = [replace(given, f'"{right}"')] if loss.text else []
            yield from program.report(code, compiled, changes, at=given)


@detects("KT465")
def targets_out_of_reach(program: Program) -> Findings:
    """Finds `fit(x, np.array([1, 2, 3]))` of a model whose last activation is a sigmoid."""
    for model, fit in fits(program):
        loss, numbers = loss_of(compile_before(model, fit)), numbers_of(fit.value(1, "y"))
        reached = _RANGES.get(model.activation or "") if model.complete else None
        if loss is None or "categorical" in loss.name or reached is None or not numbers:
            continue
        low, high = reached
        beyond = max(numbers, key=lambda number: max(low - number, number - high))
        if not low <= beyond <= high:
            values = {"activation": model.activation, "low": low, "high": high, "value": beyond}
            yield from program.report("KT465", fit, (), fit.expression(1, "y"), None, **values)


@detects("KT410")
def not_compiled(program: Program) -> Findings:
    """Finds `fit` and `evaluate` of a model that nothing can have compiled before."""
    passed_on = cache(lambda: _passed_on(program))
    for model in program.built:
        if model.call is None or model.call.scope:
            continue
        for call in model.called(*_NEEDS)[:1]:
            apart = program.apart(model.call, call)
            if compile_before(model, call) or apart or id(model.value) in passed_on():
                continue
            yield from program.report("KT410", call, method=call.method)


def _passed_on(program: Program) -> set[int]:
    """Returns the ids of all that goes into a call, where more may happen to it."""
    given: list[Value] = []
    for call in program.all_calls:
        given += (*call.args, *call.keywords.values())
    return {id(value) for value in origins(*given, most=sys.maxsize)}


@detects("KT417", "KT418", "KT419", "KT421", "KT449")
def loss_and_last_layer(program: Program) -> Findings:
    """Finds losses that the last layer's units or activation do not fit."""
    for model, call, loss in losses(program):
        where, activation, dense = call.expression(1, "loss"), model.activation, model.dense
        several_ways = len(model.called("compile")) > 1
        if several_ways and any(program.apart(call, layer) for layer in model.layers[-1:]):
            continue  # a sheet of what may be written
        several = dense is not None and model.units != 1
        wrong = several and (model.units != 2 or fits_integers(model))
        if loss.name == "binary_crossentropy" and activation == "softmax" and wrong:
            given = dense.expression(0, "units") if dense is not None else None
            units = program.source(given) if given is not None else "?"
            yield from program.report("KT417", call, at=where, units=units)
        if loss.name in _CATEGORICAL and activation == "sigmoid" and several:
            head = model.layers[-1]
            given = head.expression(1 if head.last == "Dense" else 0, "activation")
            changes = [replace(given, '"softmax"')] if given is not None else []
            yield from program.report("KT449", head, changes, at=given, loss=loss.name)
        if loss.from_logits and activation in ("softmax", "sigmoid"):
            yield from program.report("KT418", call, at=where, activation=activation)
        known = api.arguments(dense.name) if dense is not None else ()
        spelt = dense is not None and set(dense.keywords) <= set(known or dense.keywords)
        no_probabilities = activation in ("linear", "relu", "tanh") and not loss.from_logits
        if dense is not None and loss.name in _CROSSENTROPIES and no_probabilities and spelt:
            yield from program.report("KT419", dense, loss=loss.name, activation=activation)
        if loss.name in _CATEGORICAL and model.units == 1 and where is not None:
            fixable = loss.text and activation == "sigmoid"
            changes = [replace(where, '"binary_crossentropy"')] if fixable else []
            yield from program.report("KT421", call, changes, at=where, loss=loss.name)


@detects("KT441")
def metrics_of_several_outputs(program: Program) -> Findings:
    """Finds `metrics=["accuracy"]` for a model of several outputs."""
    for model in program.built:
        count, times = outputs_of(program, model)
        for call in model.called("compile") if count > 1 else ():
            given = call.given(None, "metrics")
            items = given[0].items if given and isinstance(given[0], Display) else ()
            if given and items and len(items) != count and not any(map(_is_list, items)):
                changes = _repeated(program, given[1], count)
                if times is not None:
                    again = f"[{program.source(given[1])}] * {program.source(times.node.args[0])}"
                    changes = [replace(given[1], again)] if times.scope == call.scope else []
                yield from program.report("KT441", call, changes, at=given[1], count=count)


@detects("KT442")
def weights_of_one_loss(program: Program) -> Findings:
    """Finds `loss="mse", loss_weights=[1.0, 0.2]`: weights for more losses than there are."""
    for call in program.methods("compile"):
        loss, weights = call.given(1, "loss"), call.given(2, "loss_weights")
        items = weights[0].items if weights and isinstance(weights[0], Display) else ()
        if loss and _is_one_loss(loss[0]) and len(items) > 1:
            changes = _repeated(program, loss[1], len(items))
            yield from program.report("KT442", call, changes, at=loss[1], count=len(items))


def _repeated(program: Program, node: ast.expr, count: int) -> list[Edit]:
    """Returns the edit that gives every output what Keras 2 spread over all."""
    return [replace(node, f"[{', '.join([program.source(node)] * count)}]")]


def _is_one_loss(value: Value) -> bool:
    if isinstance(value, Ref):
        return value.via is not None
    return isinstance(value, UserFunction) or isinstance(getattr(value, "value", None), str)


def _is_list(value: Value) -> bool:
    return isinstance(value, (Display, Unknown))


@detects("KT431")
def names_of_metrics(program: Program) -> Findings:
    """Finds `model.metrics_names` of a model that has metrics, but for the loss's own."""
    compiled = program.method_calls("compile")
    if compiled and not any(call.has("metrics") or len(call.args) > 2 for call in compiled):
        return
    first = cache(lambda: evaluated(program, compiled))
    for access in program.accesses:
        other = isinstance(access.of, Instance) and not access.of.kind.inherits("keras.")
        if access.name == "metrics_names" and not other and not _asks_less(program, access):
            model = program.source(access.node.value)
            known = first().get(model, access.order) < access.order
            new = f"list({model}.get_metrics_result())"
            changes = [replace(access.node, new)] if known else []
            yield from program.report("KT431", access, changes, None, "unsafe")


def _asks_less(program: Program, access: Access) -> bool:
    """Tells whether only the loss's name is asked for, how many there are, or all beside others."""
    around = program.parents.get(id(access.node))
    if isinstance(around, ast.Subscript):
        return getattr(around.slice, "value", None) == 0
    name = getattr(around.func, "id", "") if isinstance(around, ast.Call) else ""
    several = isinstance(around, ast.Call) and len(around.args) > 1
    return name == "len" or (name == "print" and several)


@detects("KT364")
def without_data(program: Program) -> Findings:
    """Finds `model.fit(epochs=2)`, of a model whose inputs once brought their data."""
    for call in program.method_calls(*_TAKE_DATA):
        if call.args or call.has(*_DATA):
            continue
        starred = any(one.arg is None for one in call.node.keywords) or call.node.args
        model = program.model_of(call.receiver)
        own = isinstance(call.callee, UserFunction) or (model and model.kind == "subclass")
        page = program.document.kind == "markdown"  # where a fragment leaves its data out
        named = bool(call.keywords) and _MODEL.search(program.source(call.node.func)) is not None
        known = model is not None or (named and not page and program.method_of(call) != "")
        if known and not own and not starred:
            yield from program.report("KT364", call, method=call.method)


@detects("KT433")
def monitor_without_mode(program: Program) -> Findings:
    """Finds callbacks that monitor a function of the program without being told the direction."""
    compiled = program.method_calls("compile")
    given = [call.keywords["metrics"] for call in compiled if call.has("metrics")]
    own = [one for one in origins(*given, most=sys.maxsize) if isinstance(one, UserFunction)]
    functions = {getattr(one.node, "name", "") for one in own}
    for call in program.calls(*MONITOR):
        monitor = monitored(call)
        automatic = not call.has("mode") or call.literal(None, "mode") == "auto"
        told = not automatic or call.certain(MONITOR[call.name] + 4)
        if monitor.removeprefix("val_") in functions and not told:
            at = call.expression(MONITOR[call.name], "monitor")
            yield from program.report("KT433", call, at=at, callee=call.last, monitor=monitor)


@detects("KT422")
def monitor_without_validation(program: Program) -> Findings:
    """Finds callbacks and histories that are to have a validation metric where there is none."""
    lists: set[int] = set()
    for _, fit in fits(program):
        given = fit.value(5, "callbacks")
        if has_validation(fit) or id(given) in lists:
            continue
        lists.add(id(given))
        for call in callbacks(given):
            monitor = monitored(call)
            if monitor.startswith("val_"):
                yield from program.report("KT422", call, callee=call.last, monitor=monitor)
    for item, key in read_without_validation(program):
        yield from program.report("KT422", item, callee="history", monitor=key)
