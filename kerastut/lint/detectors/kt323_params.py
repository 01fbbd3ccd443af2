"""KT323: what `params` of a callback no longer holds."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.detectors.kt248_add_weight import is_keras_class
from kerastut.lint.finding import Finding
from kerastut.lint.questions.arrays import attribute
from kerastut.lint.semantics import Constant, Program
from kerastut.lint.semantics.values import Instance

_GONE = ("metrics", "samples", "batch_size", "nb_sample", "nb_epoch", "do_validation")


@detects("KT323")
def callback_params(program: Program) -> Iterator[Finding]:
    """Finds `self.params["metrics"]` in a callback."""
    for item in program.subscripts:
        owner = attribute(item.of, "params")
        if not isinstance(owner, Instance) or not is_keras_class(owner.kind, "keras.callbacks."):
            continue
        if isinstance(item.key, Constant) and item.key.value in _GONE and not item.stores:
            yield from program.report("KT323", item, name=item.key.value)
