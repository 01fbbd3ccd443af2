"""KT415: scenarios of one document that share the name of their model."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Model, Program


@detects("KT415")
def shared_names(program: Program) -> Iterator[Finding]:
    """Finds the training of a model whose name an earlier block's trained model had."""
    trained: dict[str, Model] = {}
    reported: set[str] = set()
    for model, fit in sorted(fits(program), key=lambda pair: pair[1].order):
        for name in _names(program, model):
            before = trained.setdefault(name, model)
            if name in reported or before is model or not _apart(program, before, model):
                continue
            reported.add(name)
            yield from program.report("KT415", fit, name=name)


def _names(program: Program, model: Model) -> list[str]:
    return list(
        dict.fromkeys(
            one.name for one in program.definitions if one.value is model.value and not one.scope
        )
    )


def _apart(program: Program, one: Model, other: Model) -> bool:
    """Tells whether two models are made in different blocks."""
    if one.call is None or other.call is None:
        return False
    place = program.document.chunk_at
    return place(one.call.node.lineno) != place(other.call.node.lineno)
