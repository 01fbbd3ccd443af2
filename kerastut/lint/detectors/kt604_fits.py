"""KT604, KT605, KT606: how `fit` is called."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.training import fits, has_validation
from kerastut.lint.semantics import Call, Program

_MANY_EPOCHS = 100
_SEVERAL_EPOCHS = 5


def _epochs(fit: Call) -> int:
    epochs = fit.literal(3, "epochs", "nb_epoch")
    return epochs if isinstance(epochs, int) else 0


@detects("KT604")
def verbose_training(program: Program) -> Iterator[Finding]:
    """Finds a great many epochs with a progress bar each."""
    for _, fit in fits(program):
        loud = fit.value(4, "verbose") is None or fit.literal(4, "verbose") in (1, True, "auto")
        if loud and _epochs(fit) >= _MANY_EPOCHS:
            yield from program.report("KT604", fit, epochs=_epochs(fit), lines=2 * _epochs(fit))


@detects("KT605")
def no_validation(program: Program) -> Iterator[Finding]:
    """Finds training over several epochs that watches nothing."""
    for _, fit in fits(program):
        if _epochs(fit) >= _SEVERAL_EPOCHS and not has_validation(fit):
            yield from program.report("KT605", fit)


@detects("KT606")
def fixed_epochs(program: Program) -> Iterator[Finding]:
    """Finds models that are scored as the last of many epochs left them."""
    for model, fit in fits(program):
        scored = any(call.order > fit.order for call in model.called("evaluate"))
        watched = has_validation(fit) and fit.value(5, "callbacks") is None
        if scored and watched and _epochs(fit) >= _SEVERAL_EPOCHS:
            yield from program.report("KT606", fit, epochs=_epochs(fit))
