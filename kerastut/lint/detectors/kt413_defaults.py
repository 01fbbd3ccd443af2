"""KT413, KT414: what a short spelling hides."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Program


@detects("KT413")
def string_regularizer(program: Program) -> Iterator[Finding]:
    """Finds `kernel_regularizer="l2"`."""
    for call in program.calls("keras.layers.*"):
        for keyword in call.node.keywords:
            name = call.literal(None, keyword.arg or "")
            if (keyword.arg or "").endswith("_regularizer") and name in ("l1", "l2", "L1", "L2"):
                yield from program.report("KT413", call, at=keyword.value, name=name)


@detects("KT414")
def dataset_download(program: Program) -> Iterator[Finding]:
    """Finds the data sets that Keras downloads."""
    for call in program.all_calls:
        if call.name.startswith("keras.datasets.") and call.name.endswith(".load_data"):
            yield from program.report("KT414", call, name=call.name)
