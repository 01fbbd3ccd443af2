"""KT247: names that Keras 3 refuses."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Program


@detects("KT247")
def slash_in_name(program: Program) -> Iterator[Finding]:
    """Finds layers and models whose name contains a slash."""
    for call in program.calls("keras.layers.*", "keras.Input", "keras.Model", "keras.Sequential"):
        name, given = call.literal(None, "name"), call.expression(None, "name")
        if isinstance(name, str) and "/" in name and given is not None:
            yield from program.report("KT247", call, at=given, name=name)
