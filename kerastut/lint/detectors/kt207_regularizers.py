"""KT207: an L1 and L2 regularizer without strengths."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Constant, Program

_STRINGS = {"l1_l2", "l1l2", "L1L2", "L1_L2"}


@detects("KT207")
def regularizers_without_strength(program: Program) -> Iterator[Finding]:
    """Finds the strings that Keras refuses or reads as strength 0, and `l1_l2()`."""
    for call in program.calls("keras.layers.*"):
        for keyword in call.node.keywords:
            if keyword.arg is not None and keyword.arg.endswith("_regularizer"):
                value = call.keywords[keyword.arg]
                if isinstance(value, Constant) and value.value in _STRINGS:
                    yield from program.report("KT207", call, at=keyword)
    for call in program.calls("keras.regularizers.l1_l2", "keras.regularizers.L1L2"):
        if not call.node.args and not call.node.keywords:
            yield from program.report("KT207", call)
