"""KT409: labels without a pattern."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.labels import random_call
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Program


@detects("KT409")
def random_labels(program: Program) -> Iterator[Finding]:
    """Finds training on labels that are drawn at random."""
    for _, fit in fits(program):
        drawn = random_call(fit.value(1, "y"))
        if drawn is not None:
            yield from program.report("KT409", drawn)
