"""`compile`: losses that do not fit the labels or the last layer, and models without one."""

from collections.abc import Iterator

from ..finding import Finding
from ..fixes.edits import replace
from ..questions.labels import labels_of
from ..questions.training import compile_before, fits, loss_of, losses
from ..semantics import Model, Program, UserFunction, origins
from . import detects

_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
_NEEDS = ("fit", "fit_generator", "evaluate", "evaluate_generator", "train_on_batch")
_WRONG = {
    ("integer", "categorical_crossentropy"): ("KT401", "sparse_categorical_crossentropy"),
    ("one-hot", "sparse_categorical_crossentropy"): ("KT402", "categorical_crossentropy"),
}


@detects("KT401", "KT402")
def labels_and_loss(program: Program) -> Iterator[Finding]:
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


@detects("KT410")
def not_compiled(program: Program) -> Iterator[Finding]:
    """Finds `fit` and `evaluate` of a model that nothing can have compiled before."""
    for model in program.built:
        for call in model.called(*_NEEDS)[:1]:
            if compile_before(model, call) is None and not _passed_on(program, model):
                yield from program.report("KT410", call, method=call.method)


def _passed_on(program: Program, model: Model) -> bool:
    """Tells whether the model goes into a call or a function, where more may happen to it."""
    if model.call is None or model.call.scope:
        return True
    return any(
        value is model.value
        for call in program.all_calls
        if not isinstance(call.callee, UserFunction) or call.args or call.keywords
        for argument in (*call.args, *call.keywords.values())
        for value in origins(argument)
    )


@detects("KT417")
def softmax_with_binary_loss(program: Program) -> Iterator[Finding]:
    """Finds softmax over several units with `binary_crossentropy`."""
    for model, call, loss in losses(program):
        if loss.name != "binary_crossentropy" or model.activation != "softmax":
            continue
        if model.dense is not None and model.units != 1:
            given = model.dense.expression(0, "units")
            text = program.source(given) if given is not None else "?"
            where = call.expression(1, "loss")
            yield from program.report("KT417", call, at=where, units=text)


@detects("KT418")
def logits_after_an_activation(program: Program) -> Iterator[Finding]:
    """Finds `from_logits=True` behind softmax or sigmoid."""
    for model, call, loss in losses(program):
        if loss.from_logits and model.activation in ("softmax", "sigmoid"):
            where = call.expression(1, "loss")
            yield from program.report("KT418", call, at=where, activation=model.activation)


@detects("KT419")
def no_probabilities(program: Program) -> Iterator[Finding]:
    """Finds a cross-entropy over outputs that are no probabilities."""
    for model, _, loss in losses(program):
        crossed = loss.name in (*_CATEGORICAL, "binary_crossentropy") and not loss.from_logits
        if model.dense is not None and crossed and model.activation in ("linear", "relu", "tanh"):
            yield from program.report(
                "KT419", model.dense, loss=loss.name, activation=model.activation
            )


@detects("KT421")
def categorical_loss_of_one_unit(program: Program) -> Iterator[Finding]:
    """Finds a categorical loss over a single unit."""
    for model, call, loss in losses(program):
        where = call.expression(1, "loss")
        if loss.name in _CATEGORICAL and model.units == 1 and where is not None:
            fixable = loss.text and model.activation == "sigmoid"
            changes = [replace(where, '"binary_crossentropy"')] if fixable else []
            yield from program.report("KT421", call, changes, at=where, loss=loss.name)
