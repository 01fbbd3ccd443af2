"""KT410, KT610: models that are never compiled."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Model, Program, Result, UserFunction, origins

_NEEDS = ("fit", "fit_generator", "evaluate", "evaluate_generator", "train_on_batch")
_IDLE = {"add", "summary", "build", "pop", "get_layer", "count_params"}


@detects("KT410")
def not_compiled(program: Program) -> Iterator[Finding]:
    """Finds `fit` and `evaluate` of a model that nothing can have compiled before."""
    for model in program.models:
        if model.kind not in ("sequential", "functional"):
            continue
        for call in model.called(*_NEEDS)[:1]:
            compiled = any(one.order < call.order for one in model.called("compile"))
            if not compiled and not _passed_on(program, model):
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


@detects("KT610")
def never_compiled(program: Program) -> Iterator[Finding]:
    """Finds models that are built and then left."""
    for model in program.models:
        if model.kind not in ("sequential", "functional") or model.call is None:
            continue
        if model.call.scope or not set(model.methods) <= _IDLE or _is_used(program, model):
            continue
        yield from program.report("KT610", model.call)


def _is_used(program: Program, model: Model) -> bool:
    """Tells whether anything but the model's own idle methods reads it."""
    own = {
        id(getattr(call.node.func, "value", None))
        for calls in model.methods.values()
        for call in calls
    }
    names = [one for one in program.definitions if one.value is model.value]
    called = any(
        isinstance(c.callee, Result) and c.callee is model.value for c in program.all_calls
    )
    used = any(id(use.node) not in own for one in names for use in one.uses)
    return not names or used or called
