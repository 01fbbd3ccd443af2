"""KT429: a loss made of a model's own tensors."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.detectors.kt425_tensors import is_symbolic
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Program, UserFunction, origins


@detects("KT429")
def loss_of_tensors(program: Program) -> Iterator[Finding]:
    """Finds a loss function that reads tensors of the functional model."""
    for call in program.methods("compile"):
        loss, node = call.value(1, "loss"), call.expression(1, "loss")
        if not isinstance(loss, UserFunction) or loss.returned is None or node is None:
            continue
        if any(map(is_symbolic, origins(loss.returned))):
            name = getattr(loss.node, "name", "lambda")
            yield from program.report("KT429", call, at=node, name=name)
