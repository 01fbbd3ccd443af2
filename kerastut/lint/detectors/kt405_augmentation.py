"""KT405: an augmentation that nothing goes through."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Call, Definition, Model, Program, Result

_IDLE = ("fit", "adapt", "build", "summary", "add")


@detects("KT405")
def augmentation_never_used(program: Program) -> Iterator[Finding]:
    """Finds generators and `Random...` layers that have a name and no use."""
    if not any(True for _ in fits(program)):
        return
    for definition in program.definitions:
        made = _augmentation(program, definition)
        if made is not None and not _is_used(program, definition):
            yield from program.report("KT405", made, name=definition.name)


def _augmentation(program: Program, definition: Definition) -> Call | None:
    value = definition.value
    if not isinstance(value, Result):
        return None
    model = program.model_of(value)
    generator = value.call.name.endswith("preprocessing.image.ImageDataGenerator")
    if generator or _is_random(value.call) or (model is not None and _only_augments(model)):
        return value.call
    return None


def _only_augments(model: Model) -> bool:
    layers = [layer for layer in model.layers if layer.name != "keras.Input"]
    return bool(layers) and model.complete and all(map(_is_random, layers))


def _is_random(call: Call) -> bool:
    return call.name.startswith("keras.layers.Random")


def _is_used(program: Program, definition: Definition) -> bool:
    idle = {
        id(getattr(call.node.func, "value", None))
        for call in program.all_calls
        if call.receiver is definition.value and call.method in _IDLE
    }
    return any(id(use.node) not in idle for use in definition.uses)
