"""KT607: curves without labels."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Call, Program, Undefined, origins

_LABELS = ("xlabel", "ylabel", "set_xlabel", "set_ylabel", "set", "title", "set_title")


@detects("KT607")
def bare_plot(program: Program) -> Iterator[Finding]:
    """Finds the first curve of a training in a document that never labels an axis."""
    if any(_function(call) in _LABELS for call in program.all_calls):
        return
    for call in program.all_calls:
        if _function(call) == "plot" and _is_plotter(call) and _shows_history(program, call):
            yield from program.report("KT607", call)
            return


def _function(call: Call) -> str:
    return call.method or call.name.rpartition(".")[2]


def _is_plotter(call: Call) -> bool:
    unbound = isinstance(call.receiver, Undefined) and call.receiver.name == "plt"
    return unbound or call.name.startswith("matplotlib.") or call.method == "plot"


def _shows_history(program: Program, call: Call) -> bool:
    return any(
        program.is_history_dict(value) for argument in call.args for value in origins(argument)
    )
