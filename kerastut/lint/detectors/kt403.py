"""KT403: softmax over one unit is always 1."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, span_of
from kerastut.lint.semantics import Call, Program
from kerastut.lint.semantics.models import activation_name


@detects("KT403")
def softmax_of_one_unit(program: Program) -> Iterator[Finding]:
    """Finds `Dense(1, activation="softmax")`, and `Dense(1)` with a softmax layer behind it."""
    for call in program.calls("keras.layers.Dense"):
        if _is_single(call) and activation_name(call.value(1, "activation")) == "softmax":
            activation = call.expression(1, "activation")
            edit = Edit(span_of(activation), '"sigmoid"') if activation is not None else None
            yield from program.report("KT403", call, [edit] if edit else [])
    for model in program.models:
        head = model.head
        if head is None or head is model.layers[-1] or model.activation != "softmax":
            continue
        if head.name == "keras.layers.Dense" and _is_single(head):
            yield from program.report("KT403", head)


def _is_single(dense: Call) -> bool:
    return dense.literal(0, "units") == 1
