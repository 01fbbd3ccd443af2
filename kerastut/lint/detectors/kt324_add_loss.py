"""KT324: losses added to a finished model."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Program


@detects("KT324")
def model_add_loss(program: Program) -> Iterator[Finding]:
    """Finds `model.add_loss(...)` and `model.add_metric(...)` of a functional model."""
    for model in program.models:
        if model.kind in ("sequential", "functional"):
            for call in model.called("add_loss", "add_metric"):
                yield from program.report("KT324", call, name=call.method)
