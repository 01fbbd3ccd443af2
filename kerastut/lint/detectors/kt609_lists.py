"""KT609: lists of one tensor."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.fixes.edits import replace
from kerastut.lint.semantics import Display, Operation, Program


@detects("KT609")
def one_element_lists(program: Program) -> Iterator[Finding]:
    """Finds `Model(inputs=[x], outputs=[y])`."""
    for call in program.calls("keras.Model"):
        for position, names in ((0, ("inputs", "input")), (1, ("outputs", "output"))):
            value, given = call.value(position, *names), call.expression(position, *names)
            if not isinstance(value, Display) or len(value.items) != 1 or given is None:
                continue
            if not isinstance(value.items[0], Operation) and value.node is given:
                item = next(iter(getattr(given, "elts", ())), given)
                text = program.source(item)
                yield from program.report("KT609", call, [replace(given, text)], at=given)
