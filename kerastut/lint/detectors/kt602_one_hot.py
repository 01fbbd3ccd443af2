"""KT602: one-hot labels in float64."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Program


@detects("KT602")
def float64_one_hot(program: Program) -> Iterator[Finding]:
    """Finds `to_categorical`, whatever module it is taken from."""
    for call in program.calls("keras.utils.to_categorical"):
        yield from program.report("KT602", call)
