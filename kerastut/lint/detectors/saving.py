"""Files of models and weights: the suffixes they need, and where they come from."""

import ast
import math
import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import PurePosixPath

from ..fixes.paths import FileNames
from ..registering import Findings, detects
from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.values import Constant, Join, Operation, Value, options, remembered

_WEIGHTS = (".weights.h5", ".weights.json")
_MODELS = (".keras", ".h5", ".hdf5")
_TRAINS = ("fit", "fit_generator", "train_on_batch")
_LOADERS = ("keras.models.load_model", "keras.saving.load_model")
_SAVES = {"save", "save_weights", "export", "save_model", "urlretrieve", "get_file", "download"}
_FILLED = re.compile(r"(\}|%s)$")  # an end that something is put into
# A number, which is no suffix.
_NUMBER = re.compile(r"(%\d*[di]|%\.\d+f|\{\w*:[^{}]*[df]\}|\{(?:epoch|step|batch)\})$")
_NAMED = re.compile(r"model$", re.I)
_ASKED = re.compile(r"endswith|suffix|splitext")
_JOINS = re.compile(r"os\.(path\.(join|abspath)|getcwd)")
_WRITERS = re.compile(r"ModelCheckpoint|BackupAndRestore|wget |curl |gdown|extractall|drive\.mount")


@detects("KT301")
def weights_suffix(program: Program) -> Findings:
    """Finds weights under names that Keras 3 refuses."""
    files = FileNames(program, _tail)
    accepted = {"save_weights": _WEIGHTS, "load_weights": (*_WEIGHTS, *_MODELS)}
    for call in program.all_calls:
        known = program.may_be_model(call.receiver) or program.method_of(call) != ""
        known = known or any(one.compiled for one in options(call.receiver))
        if call.method in accepted and known and not _is_asked(program, call):
            for path in _tails(call.value(0, "filepath", "filename")):
                if not path.endswith(accepted[call.method]):
                    yield from program.report("KT301", call, files.rename(path), path=path)


@detects("KT309", "KT311")
def model_suffix(program: Program) -> Findings:
    """Finds models saved to folders or to HDF5."""
    files = FileNames(program, _tail)
    saves = [(call, 0) for call in program.methods("save")]
    known = {id(call) for call, _ in saves}
    named = (one for one in program.all_calls if one.method == "save" and id(one) not in known)
    unknown = [(one, 0) for one in named if program.method_of(one) and _is_saved(program, one)]
    functions = program.calls("keras.models.save_model", "keras.saving.save_model")
    for call, position in (*saves, *unknown, *((call, 1) for call in functions)):
        for path in _tails(call.value(position, "filepath")) if not call.has("save_format") else ():
            if path.endswith((".h5", ".hdf5")):
                yield from program.report("KT311", call, files.rename(path), path=path)
            elif not path.endswith((".keras", ".weights.h5")):
                yield from program.report("KT309", call, files.rename(path), path=path)


def _is_after(save: Call, trained: int) -> bool:
    """Tells whether weights are saved that some training made; a callback saves during one."""
    return save.method is None or save.order > trained or bool(save.scope)


def _is_saved(program: Program, call: Call) -> bool:
    """Tells whether what is saved is a model: to HDF5, compiled, or by its name to a folder."""
    compiled = any(one.compiled for one in options(call.receiver))
    named = _NAMED.search(program.source(getattr(call.node.func, "value", call.node))) is not None
    paths = _tails(call.value(0, "filepath"))
    folders = named and not any(PurePosixPath(path).suffix for path in paths)
    return compiled or folders or any(path.endswith((".h5", ".hdf5")) for path in paths)


@detects("KT312")
def load_suffix(program: Program) -> Findings:
    """Finds models loaded from folders."""
    files = FileNames(program, _tail)
    for call in program.calls(*_LOADERS):
        for path in _tails(call.value(0, "filepath")):
            if not path.endswith((*_MODELS, ".zip")) and "://" not in path:
                yield from program.report("KT312", call, files.rename(path), path=path)


@detects("KT311", "KT313")
def checkpoint_suffix(program: Program) -> Findings:
    """Finds checkpoints under names that Keras 3 refuses."""
    files = FileNames(program, _tail)
    for call in program.calls("keras.callbacks.ModelCheckpoint"):
        weights = call.literal(4, "save_weights_only")
        if weights is ... and call.has("save_weights_only"):
            continue
        wanted = (".weights.h5",) if weights is True else (".keras", ".h5")
        for path in _tails(call.value(0, "filepath")):
            changes = files.rename(path)
            if weights is not True and path.endswith(".h5"):
                yield from program.report("KT311", call, changes, path=path)
            if not path.endswith(wanted):
                yield from program.report("KT313", call, changes, path=path, suffix=wanted[0])


@detects("KT302")
def resuming_without_optimizer(program: Program) -> Findings:
    """Finds training that goes on from weights of this document, in a model that is new."""
    saves = (*program.methods("save_weights"), *program.calls("keras.callbacks.ModelCheckpoint"))
    trained = min(
        (one.order for model in program.models for one in model.called(*_TRAINS)), default=0
    )
    saved = {_tail(one.value(0, "filepath")) for one in saves if _is_after(one, trained)} - {None}
    reached = _reached(program) if saved else set()
    for model in program.models:
        fits = model.called("fit", "train_on_batch")
        # These give the optimizer its variables.
        builds = model.called("build_optimizer", "train_on_batch") if model.call else []
        first = min((call.order for call in (*fits, *builds)), default=math.inf)
        for load in model.called("load_weights"):
            path = _tail(load.value(0, "filepath"))
            later = [fit for fit in fits if fit.order > load.order] if path in saved else []
            after = any(not fit.excludes(load) and _in_turn(load, fit, reached) for fit in later)
            if after and first >= load.order:
                yield from program.report("KT302", load, path=path)


def _is_asked(program: Program, call: Call) -> bool:
    """Tells whether the program asks for the suffix first."""
    return any(program.asks(test, _ASKED) for test in call.tests)


def _reached(program: Program) -> set[str]:
    """Returns the names of all functions that are called here."""
    heads = (call.node.func for call in program.all_calls)
    return {getattr(head, "attr", getattr(head, "id", "")) for head in heads}


def _in_turn(one: Call, other: Call, reached: set[str]) -> bool:
    """Tells whether two places run in the order in which they stand: both are reached here."""
    functions = {place.scope.rpartition(".")[2] for place in (one, other)} - {""}
    return one.scope == other.scope or functions <= reached


@detects("KT303")
def files_nobody_wrote(program: Program) -> Findings:
    """Finds models and weights that are loaded where nothing is saved."""
    names = {call.method or call.last for call in program.all_calls}
    if names & _SAVES or _WRITERS.search(program.document.text):
        return
    loads: list[Call] = [*program.methods("load_weights"), *program.calls(*_LOADERS)]
    for load in loads:
        path = _tail(load.value(0, "filepath"))
        if path is not None and "://" not in path:
            yield from program.report("KT303", load, path=path)


def _tails(value: Value | None) -> list[str]:
    """Returns the ends of the paths that a value may be, as far as they are known."""
    return [path for one in _ways(value) if (path := _tail(one)) is not None]


def _ways(value: Value | None) -> Iterator[Value]:
    """Yields the ways in which a path may end: of `os.path.join(folder, "a" if new else "b")`."""
    for option in options(value):
        made = option.call if isinstance(option, Result) else None
        joins = made is not None and _JOINS.fullmatch(made.name) is not None
        last = made.args[-1] if made is not None and joins and made.args else None
        ends = options(last) if isinstance(last, Join) else ()
        # One that Keras 3 takes is for Keras 3, and the other one for what came before.
        right = any((_tail(end) or "").endswith((".keras", ".weights.h5")) for end in ends)
        yield from () if right else ends or (option,)


@remembered
def _tail(value: Value | None) -> str | None:
    """Returns the end of a path, with its suffix; None if the end is not known.

    The end of `folder + "/model.h5"`, of `f"{name}.h5"` and of `os.path.join(folder, "model.h5")`
    is known, the rest is not.
    """
    if isinstance(value, Constant):
        return value.value if isinstance(value.value, str) and value.value else None
    if isinstance(value, Operation) and isinstance(value.node, (ast.BinOp, ast.JoinedStr)):
        operator = getattr(value.node, "op", None)
        if isinstance(operator, ast.Mod):  # "model-%d.h5" % epoch
            return _certain(value.operands[0])
        last = value.operands[-1] if value.operands else None
        filled = value.node.values[-1:] if isinstance(value.node, ast.JoinedStr) else []
        if filled and isinstance(filled[0], ast.FormattedValue) and filled[0].format_spec:
            spec = ast.unparse(filled[0].format_spec)[2:-1]  # f"model-{epoch:02d}"
            return _certain(Constant(f"{{:{spec}}}"))
        folder = isinstance(operator, ast.Div)  # Path("models") / "net"
        ends = [*takewhile(_is_text, value.operands[::-1])][::-1] if not folder else []
        text = Constant("".join(str(getattr(one, "value", "")) for one in ends))
        return (_certain(last, whole=folder) if last is not None else None) or _certain(text)
    if isinstance(value, Result):
        call = value.call
        if call.name == "tensorflow.train.latest_checkpoint":
            return call.last
        if call.method == "format" and call.receiver is not None:
            return _certain(call.receiver)
        if call.last in ("join", "Path", "str", "fspath") and call.args:
            joined = call.last == "join" or len(call.args) > 1
            return _certain(call.args[-1], whole=True) if joined else _tail(call.args[-1])
    return None


def _is_text(value: Value) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, str)


def _certain(value: Value, whole: bool = False) -> str | None:
    """Returns an end that has a suffix, or is a name by itself: `whole`, or behind a slash."""
    end = _tail(value) or ""
    named = whole or "." in end or "/" in end or _NUMBER.search(end) is not None
    filled = not named or (_FILLED.search(end) is not None and _NUMBER.search(end) is None)
    return end if end and not filled else None
