"""KT246: metrics where Keras 3 reads the weights of the loss."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, Span, span_of
from kerastut.lint.semantics import Constant, Display, Program


@detects("KT246")
def metrics_by_position(program: Program) -> Iterator[Finding]:
    """Finds `compile(optimizer, loss, ["accuracy"])`."""
    for call in program.methods("compile"):
        if len(call.args) < 3 or not call.certain(2):
            continue
        given, node = call.args[2], call.node.args[2]
        items = given.items if isinstance(given, Display) else ()
        if any(isinstance(item, Constant) and isinstance(item.value, str) for item in items):
            start = span_of(node)
            before = Span(start.line, start.column, start.line, start.column)
            changes = [Edit(before, "metrics=")] if len(call.args) == 3 else []
            yield from program.report("KT246", call, changes, at=node)
