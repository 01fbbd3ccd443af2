"""KT426: a layer that is taken out of a copy."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.arrays import attribute
from kerastut.lint.semantics import Program


@detects("KT426")
def layers_pop(program: Program) -> Iterator[Finding]:
    """Finds `model.layers.pop()`."""
    for call in program.all_calls:
        model = attribute(call.receiver, "layers")
        if call.method == "pop" and model is not None and program.is_model(model):
            yield from program.report("KT426", call)
