"""KT401, KT402: labels of one form with the loss for the other."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.fixes.edits import replace
from kerastut.lint.questions.labels import labels_of
from kerastut.lint.questions.training import compile_before, fits, loss_of, single_unit
from kerastut.lint.semantics import Program

_WRONG = {
    ("integer", "categorical_crossentropy"): ("KT401", "sparse_categorical_crossentropy"),
    ("one-hot", "sparse_categorical_crossentropy"): ("KT402", "categorical_crossentropy"),
}


@detects("KT401", "KT402")
def labels_and_loss(program: Program) -> Iterator[Finding]:
    """Finds integer labels with the categorical loss, and one-hot labels with the sparse one."""
    for model, fit in fits(program):
        compiled = compile_before(model, fit)
        loss = loss_of(compiled)
        labels = labels_of(fit.value(1, "y"))
        if compiled is None or loss is None or labels is None or single_unit(model):
            continue
        code, right = _WRONG.get((labels, loss.name), ("", ""))
        given = compiled.expression(1, "loss")
        if code and given is not None:
            changes = [replace(given, f'"{right}"')] if loss.text else []
            yield from program.report(code, compiled, changes, at=given)
