"""KT417, KT418, KT419, KT421, KT424: losses and metrics that do not fit the last layer."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding
from kerastut.lint.fixes.edits import replace
from kerastut.lint.questions.training import (
    Loss,
    ends_for_certain,
    is_regression,
    loss_of,
    units_of,
)
from kerastut.lint.semantics import Call, Constant, Display, Model, Program

_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
_CROSSENTROPIES = (*_CATEGORICAL, "binary_crossentropy")


def _compiled(program: Program) -> Iterator[tuple[Model, Call, Loss]]:
    """Returns the models whose last layer and loss are known."""
    for model in program.models:
        for call in model.called("compile"):
            loss = loss_of(call)
            if loss is not None and ends_for_certain(model):
                yield model, call, loss


@detects("KT417")
def softmax_with_binary_loss(program: Program) -> Iterator[Finding]:
    """Finds softmax over several units with `binary_crossentropy`."""
    for model, call, loss in _compiled(program):
        head, units = model.head, units_of(model)
        if loss.name != "binary_crossentropy" or model.activation != "softmax" or head is None:
            continue
        if head.name == "keras.layers.Dense" and units != 1:
            given = head.expression(0, "units")
            text = program.source(given) if given is not None else "?"
            where = call.expression(1, "loss")
            yield from program.report("KT417", call, at=where, units=text)


@detects("KT418")
def logits_after_an_activation(program: Program) -> Iterator[Finding]:
    """Finds `from_logits=True` behind softmax or sigmoid."""
    for model, call, loss in _compiled(program):
        if loss.from_logits and model.activation in ("softmax", "sigmoid"):
            where = call.expression(1, "loss")
            yield from program.report("KT418", call, at=where, activation=model.activation)


@detects("KT419")
def no_probabilities(program: Program) -> Iterator[Finding]:
    """Finds a cross-entropy over outputs that are no probabilities."""
    for model, _, loss in _compiled(program):
        head = model.head
        if head is None or head.name != "keras.layers.Dense" or loss.from_logits:
            continue
        if loss.name in _CROSSENTROPIES and model.activation in ("linear", "relu", "tanh"):
            yield from program.report("KT419", head, loss=loss.name, activation=model.activation)


@detects("KT421")
def categorical_loss_of_one_unit(program: Program) -> Iterator[Finding]:
    """Finds a categorical loss over a single unit."""
    for model, call, loss in _compiled(program):
        where = call.expression(1, "loss")
        if loss.name in _CATEGORICAL and units_of(model) == 1 and where is not None:
            fixable = loss.text and model.activation == "sigmoid"
            changes: list[Edit] = [replace(where, '"binary_crossentropy"')] if fixable else []
            yield from program.report("KT421", call, changes, at=where, loss=loss.name)


@detects("KT424")
def accuracy_of_regression(program: Program) -> Iterator[Finding]:
    """Finds accuracy as the metric of a regression."""
    for model, call, loss in _compiled(program):
        metrics = call.value(3, "metrics")
        listed = metrics.items if isinstance(metrics, Display) else ()
        named = [one.value for one in listed if isinstance(one, Constant)]
        linear = units_of(model) == 1 and model.activation == "linear"
        if is_regression(loss) and linear and {"accuracy", "acc"} & set(named):
            where = call.expression(3, "metrics")
            yield from program.report("KT424", call, at=where, loss=loss.name)
