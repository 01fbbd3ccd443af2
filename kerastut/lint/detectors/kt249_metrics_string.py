"""KT249: one metric that is not in a list."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, span_of
from kerastut.lint.semantics import Constant, Program


@detects("KT249")
def metrics_string(program: Program) -> Iterator[Finding]:
    """Finds `compile(..., metrics="accuracy")`."""
    for call in program.methods("compile"):
        keyword = call.keyword("metrics")
        value = call.keywords.get("metrics")
        if keyword is None or not isinstance(value, Constant) or not isinstance(value.value, str):
            continue
        change = Edit(span_of(keyword.value), f"[{program.source(keyword.value)}]")
        yield from program.report("KT249", call, [change], at=keyword)
