"""KT420, KT423: inputs that are not scaled, or not alike."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.arrays import is_pixels, root, scale
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Call, Model, Part, Program, Result, Value

_SCALING = tuple(
    f"keras.layers.{name}"
    for name in ("Rescaling", "Normalization", "BatchNormalization", "Lambda", "Embedding")
)
_OFTEN = 100


@detects("KT420")
def raw_pixels(program: Program) -> Iterator[Finding]:
    """Finds training on pixels from 0 to 255."""
    for model, fit in fits(program):
        x, given = fit.value(0, "x"), fit.expression(0, "x")
        if x is None or given is None or not model.complete or _scales(model):
            continue
        if is_pixels(root(x)):
            yield from program.report("KT420", fit, at=given)


def _scales(model: Model) -> bool:
    return any(layer.name in _SCALING for layer in model.layers)


@detects("KT423")
def test_data_not_scaled(program: Program) -> Iterator[Finding]:
    """Finds `evaluate` and `predict` on raw data after training on scaled data."""
    for model, fit in fits(program):
        x = fit.value(0, "x")
        if x is None:
            continue
        source, factor = scale(x)
        if not factor >= _OFTEN:
            continue
        for call in model.called("evaluate", "predict"):
            if call.order > fit.order:
                yield from _compare(program, call, source)


def _compare(program: Program, call: Call, source: Value) -> Iterator[Finding]:
    x, given = call.value(0, "x"), call.expression(0, "x")
    if x is None or given is None:
        return
    other, factor = scale(x)
    if factor == 1.0 and _maker(other) is not None and _maker(other) == _maker(source):
        yield from program.report("KT423", call, at=given)


def _maker(value: Value) -> str | None:
    """Returns the name of the call that an array or its parts come from."""
    while isinstance(value, Part):
        value = value.of
    return value.call.name or None if isinstance(value, Result) else None
