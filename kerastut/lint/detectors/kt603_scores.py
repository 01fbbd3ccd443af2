"""KT603: scores that nobody sees, or sees without their names."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Call, Program

_SCORES = ("evaluate", "evaluate_generator", "predict", "predict_generator", "predict_classes")


@detects("KT603")
def never_scored(program: Program) -> Iterator[Finding]:
    """Finds training in a document that neither evaluates nor predicts anything."""
    if not any(call.method in _SCORES for call in program.all_calls):
        for _, fit in fits(program):
            yield from program.report("KT603", fit)


@detects("KT603")
def score_unseen(program: Program) -> Iterator[Finding]:
    """Finds results of `evaluate` that are never read, or read by their position."""
    for call in program.methods("evaluate"):
        if call.literal(None, "return_dict") is True:
            continue
        if _is_dropped(program, call) or _is_read_by_position(program, call):
            yield from program.report("KT603", call)


def _is_dropped(program: Program, call: Call) -> bool:
    """Tells whether the result has a name that is never read."""
    bound = [one for one in program.definitions if one.value is call.result]
    assigned = isinstance(call.statement, ast.Assign) and call.statement.value is call.node
    return bool(bound) and assigned and not any(one.uses for one in bound)


def _is_read_by_position(program: Program, call: Call) -> bool:
    return any(subscript.of is call.result for subscript in program.subscripts)
