"""KT301, KT309, KT311, KT312, KT313: files of models and weights, and the suffixes they need."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.paths import tail
from kerastut.lint.semantics import Call, Program, Value

_WEIGHTS = (".weights.h5", ".weights.json")
_MODELS = (".keras", ".h5", ".hdf5")


@detects("KT301")
def weights_suffix(program: Program) -> Iterator[Finding]:
    """Finds weights under names that Keras 3 refuses."""
    for call in _on_models(program, "save_weights"):
        yield from _unless(program, "KT301", call, _WEIGHTS)
    for call in _on_models(program, "load_weights"):
        yield from _unless(program, "KT301", call, (*_WEIGHTS, *_MODELS))


@detects("KT309", "KT311")
def model_suffix(program: Program) -> Iterator[Finding]:
    """Finds models saved to folders or to HDF5."""
    for call in program.methods("save"):
        yield from _saved(program, call, call.value(0, "filepath"))
    for call in program.calls("keras.models.save_model", "keras.saving.save_model"):
        yield from _saved(program, call, call.value(1, "filepath"))


def _saved(program: Program, call: Call, value: Value | None) -> Iterator[Finding]:
    path = tail(value)
    if path is None or call.has("save_format"):
        return
    if path.endswith((".h5", ".hdf5")):
        yield from program.report("KT311", call, path=path)
    elif not path.endswith((".keras", ".weights.h5")):
        yield from program.report("KT309", call, path=path)


@detects("KT312")
def load_suffix(program: Program) -> Iterator[Finding]:
    """Finds models loaded from folders."""
    for call in program.calls("keras.models.load_model", "keras.saving.load_model"):
        path = tail(call.value(0, "filepath"))
        if path is not None and not path.endswith((*_MODELS, ".zip")) and "://" not in path:
            yield from program.report("KT312", call, path=path)


@detects("KT313")
def checkpoint_suffix(program: Program) -> Iterator[Finding]:
    """Finds checkpoints under names that Keras 3 refuses."""
    for call in program.calls("keras.callbacks.ModelCheckpoint"):
        weights = call.literal(4, "save_weights_only")
        path = tail(call.value(0, "filepath"))
        if path is None or (weights is ... and call.has("save_weights_only")):
            continue
        wanted = (".weights.h5",) if weights is True else (".keras", ".h5")
        if not path.endswith(wanted):
            yield from program.report("KT313", call, path=path, suffix=wanted[0])


def _on_models(program: Program, method: str) -> Iterator[Call]:
    for call in program.all_calls:
        if call.method == method and program.may_be_model(call.receiver):
            yield call


def _unless(
    program: Program, code: str, call: Call, suffixes: tuple[str, ...]
) -> Iterator[Finding]:
    path = tail(call.value(0, "filepath", "filename"))
    if path is not None and not path.endswith(suffixes):
        yield from program.report(code, call, path=path)
