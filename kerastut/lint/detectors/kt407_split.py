"""KT407: `validation_split` over few samples or ordered labels."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.arrays import root, samples
from kerastut.lint.questions.labels import is_ordered
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Attribute, Call, Program, Value

_FEW = 20


@detects("KT407")
def poor_split(program: Program) -> Iterator[Finding]:
    """Finds splits whose validation part is tiny or of one class."""
    for _, fit in fits(program):
        share = fit.literal(6, "validation_split")
        given = fit.expression(6, "validation_split")
        if not isinstance(share, float) or given is None or not 0 < share < 1:
            continue
        x, y = fit.value(0, "x"), fit.value(1, "y")
        total = samples(y) or samples(x)
        few = total is not None and total * share < _FEW
        if few or (is_ordered(y) and not _is_shuffled(program, y)):
            text = f"{share:.0%}" if total is None else f"{max(round(total * share), 1)}/{total}"
            yield from program.report("KT407", fit, at=given, share=text)


def _is_shuffled(program: Program, value: Value | None) -> bool:
    """Tells whether an array is shuffled in place."""
    source = root(value) if value is not None else None
    return any(_shuffles(call) and root(call.args[0]) is source for call in program.all_calls)


def _shuffles(call: Call) -> bool:
    named = isinstance(call.callee, Attribute) and call.callee.name == "shuffle"
    return bool(call.args) and (named or call.name.endswith(".shuffle"))
