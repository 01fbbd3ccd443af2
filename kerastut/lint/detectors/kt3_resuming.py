"""KT302, KT303: weights that are loaded, and where they come from."""

import re
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.paths import tail
from kerastut.lint.semantics import Call, Model, Program

_SAVES = {"save", "save_weights", "export", "save_model", "urlretrieve", "get_file", "download"}
_WRITERS = re.compile(r"ModelCheckpoint|BackupAndRestore|wget |curl |gdown|extractall|drive\.mount")


@detects("KT302")
def resuming_without_optimizer(program: Program) -> Iterator[Finding]:
    """Finds training that goes on from weights of this document, in a model that is new."""
    saved = {tail(call.value(0, "filepath")) for call in program.methods("save_weights")}
    for model in program.models:
        fits = model.called("fit", "train_on_batch")
        for load in model.called("load_weights"):
            path = tail(load.value(0, "filepath"))
            if path is None or path not in saved or _is_built(model, load):
                continue
            before = any(fit.order < load.order for fit in fits)
            if not before and any(fit.order > load.order for fit in fits):
                yield from program.report("KT302", load, path=path)


def _is_built(model: Model, load: Call) -> bool:
    """Tells whether the optimizer has its variables when the weights are loaded."""
    return model.call is not None and any(
        call.order < load.order for call in model.called("build_optimizer", "train_on_batch")
    )


@detects("KT303")
def files_nobody_wrote(program: Program) -> Iterator[Finding]:
    """Finds models and weights that are loaded where nothing is saved."""
    names = {call.method or call.name.rpartition(".")[2] for call in program.all_calls}
    if names & _SAVES or _WRITERS.search(program.document.text):
        return
    loads = [*program.methods("load_weights")]
    loads += program.calls("keras.models.load_model", "keras.saving.load_model")
    for load in loads:
        path = tail(load.value(0, "filepath"))
        if path is not None and "://" not in path:
            yield from program.report("KT303", load, path=path)
