"""KT321: metrics that are reset by the old name."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.fixes import edits
from kerastut.lint.questions.kinds import is_metric
from kerastut.lint.semantics import Program


@detects("KT321")
def reset_states(program: Program) -> Iterator[Finding]:
    """Finds `metric.reset_states()`."""
    for access in program.accesses:
        if access.name == "reset_states" and is_metric(access.of):
            change = edits.rename_attribute(access.node, "reset_state")
            yield from program.report("KT321", access, [change])
