"""KT416: rows and columns of a kernel, where Keras reads the strides."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, Span, span_of
from kerastut.lint.semantics import Call, Program

_CONVOLUTIONS = ("keras.layers.Conv2D", "keras.layers.Convolution2D")
_KERAS1 = ("border_mode", "subsample", "dim_ordering", "init", "W_regularizer", "b_regularizer")


@detects("KT416")
def kernel_as_two_numbers(program: Program) -> Iterator[Finding]:
    """Finds `Conv2D(32, 3, 3)`, as Keras 1 wrote a kernel of 3 by 3."""
    for call in program.calls(*_CONVOLUTIONS):
        rows, columns = call.literal(1), call.literal(2)
        if not isinstance(rows, int) or not isinstance(columns, int):
            continue
        if _is_keras1(call) or rows == columns >= 3:
            yield from program.report(
                "KT416",
                call,
                [_as_tuple(call, rows, columns)],
                callee=call.name.rpartition(".")[2],
                arguments=", ".join(program.source(node) for node in call.node.args[:3]),
                strides=columns,
            )


def _is_keras1(call: Call) -> bool:
    written = call.ref.name if call.ref is not None else ""
    return written.endswith(".Convolution2D") or call.has(*_KERAS1)


def _as_tuple(call: Call, rows: int, columns: int) -> Edit:
    first, last = span_of(call.node.args[1]), span_of(call.node.args[2])
    place = Span(first.line, first.column, last.end_line, last.end_column)
    return Edit(place, f"({rows}, {columns})")
