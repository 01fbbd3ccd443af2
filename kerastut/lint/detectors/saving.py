"""Files of models, weights and data: the suffixes they need, and where they come from."""

import ast
import math
import re

from ..fixes.edits import add_argument, replace
from ..fixes.paths import FileNames, saves_model
from ..questions.arrays import attribute
from ..questions.paths import JOINS, LATEST, shown, tail, tails
from ..questions.reloading import LOADERS
from ..questions.training import TRAINS, compile_before, goes_on
from ..registering import Findings, detects
from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.values import Constant, Operation, Part, Value, options
from .names import is_tried

_WEIGHTS = (".weights.h5", ".weights.json")
_MODELS = (".keras", ".h5", ".hdf5")
_SHAPES = ("input_shape", "batch_input_shape", "batch_shape")
_BUILDS = ("build", "fit", "fit_generator", "predict", "evaluate", "train_on_batch")
_TRANSFORMERS = re.compile(r"transformers\.TF[A-Z]\w*")
_SAVES = {"save", "save_weights", "export", "save_model", "urlretrieve", "get_file", "download"}
_DATASETS = tuple(
    f"keras.datasets.{name}.load_data" for name in ("mnist", "imdb", "reuters", "boston_housing")
)
_ASKED = re.compile(r"endswith|suffix|splitext")
_WRITERS = re.compile(r"ModelCheckpoint|BackupAndRestore|wget |curl |gdown|extractall|drive\.mount")


@detects("KT301")
def weights_suffix(program: Program) -> Findings:
    """Finds weights under names that Keras 3 refuses."""
    files = FileNames(program)
    accepted = {"save_weights": _WEIGHTS, "load_weights": (*_WEIGHTS, *_MODELS)}
    for call in program.method_calls(*accepted):
        if program.may_be_model(call.receiver) or program.method_of(call):
            value = call.value(0, "filepath", "filename")
            refused = [one for one in tails(value) if not one.endswith(accepted[call.method or ""])]
            refused = [one for one in refused if not _is_asked(program, call, one)]
            changes = files.newest(call) if LATEST in refused else files.rename_all(refused)
            for path in refused:
                yield from program.report("KT301", call, changes, path=shown(value, path))
                changes = []  # the first mends all
    text = program.document.text
    read = "load_weights" in text and "train.Checkpoint" not in text  # which writes such files
    for call in program.calls("glob.glob", "glob.iglob") if read else ():
        for path in tails(call.value(0, "pathname")):
            if path.endswith(".index"):
                said = shown(call.value(0, "pathname"), path)
                yield from program.report("KT301", call, path=said)


@detects("KT309", "KT311")
def model_suffix(program: Program) -> Findings:
    """Finds models saved to folders or to HDF5."""
    files = FileNames(program)
    saves = [(call, 0) for call in program.methods("save")]
    known = {id(call) for call, _ in saves}
    named = (one for one in program.method_calls("save") if id(one) not in known)
    unknown = [(one, 0) for one in named if program.method_of(one) and saves_model(program, one)]
    functions = program.calls("keras.models.save_model", "keras.saving.save_model")
    for call, position in (*saves, *unknown, *((call, 1) for call in functions)):
        for path in tails(call.value(position, "filepath")) if not call.has("save_format") else ():
            if path.endswith((".h5", ".hdf5")):
                yield from program.report("KT311", call, files.rename(path), path=path)
            elif not path.endswith((".keras", ".weights.h5")):
                yield from program.report("KT309", call, files.rename(path), path=path)


@detects("KT312")
def load_suffix(program: Program) -> Findings:
    """Finds models loaded from folders."""
    files = FileNames(program)
    for call in program.calls(*LOADERS):
        for path in tails(call.value(0, "filepath")):
            if not path.endswith((*_MODELS, ".zip")) and "://" not in path:
                yield from program.report("KT312", call, files.rename(path), path=path)


@detects("KT311", "KT313")
def checkpoint_suffix(program: Program) -> Findings:
    """Finds checkpoints under names that Keras 3 refuses."""
    files = FileNames(program)
    for call in program.calls("keras.callbacks.ModelCheckpoint"):
        weights = call.literal(4, "save_weights_only")
        if weights is ... and call.has("save_weights_only"):
            continue
        wanted = (".weights.h5",) if weights is True else (".keras", ".h5")
        value = call.value(0, "filepath")
        old = [one for one in tails(value) if not one.endswith(wanted[0])]
        changes = files.rename_all(old)
        for path in old:
            code = "KT311" if path.endswith(wanted) else "KT313"
            said = shown(value, path)
            yield from program.report(code, call, changes, path=said, suffix=wanted[0])
            changes = []  # the first mends all


@detects("KT302")
def resuming_without_optimizer(program: Program) -> Findings:
    """Finds training that goes on from weights of this document, in a model that is new."""
    saves = (*program.methods("save_weights"), *program.calls("keras.callbacks.ModelCheckpoint"))
    trained = min(
        (one.order for model in program.models for one in model.called(*TRAINS)), default=0
    )
    # Weights that some training made; a callback saves during one.
    made = [one for one in saves if not one.method or one.order > trained or one.scope]
    saved = {tail(one.value(0, "filepath")) for one in made} - {None}
    reached = {name_of(call.node.func) for call in program.all_calls} if saved else set()
    for model in program.models:
        fits = model.called("fit", "train_on_batch")
        # These give the optimizer its variables.
        builds = model.called("build_optimizer", "train_on_batch") if model.call else []
        first = min((call.order for call in (*fits, *builds)), default=math.inf)
        for load in model.called("load_weights"):
            path = tail(load.value(0, "filepath"))
            later = [fit for fit in fits if fit.order > load.order] if path in saved else []
            after = any(goes_on(program, load, fit, reached) for fit in later)
            kept = all(_has_no_state(compile_before(model, fit)) for fit in later)
            if after and first >= load.order and not kept:
                yield from program.report("KT302", load, path=path)


def _has_no_state(compiled: Call | None) -> bool:
    """Tells whether an optimizer only takes steps of one size, and keeps nothing of them."""
    value = compiled.value(0, "optimizer") if compiled else None
    call = value.call if isinstance(value, Result) else None
    if call is None:
        return isinstance(value, Constant) and str(value.value).lower() == "sgd"
    plain = call.name == "keras.optimizers.SGD" and call.keywords.keys() <= {"learning_rate", "lr"}
    return plain and len(call.args) < 2 and not isinstance(call.value(0, "learning_rate"), Result)


def _is_asked(program: Program, call: Call, path: str) -> bool:
    """Tells whether the program asks for the suffix first, or for this very path."""
    texts = [program.source(test) for test in call.tests]
    asked = any(f"'{path}'" in text or f'"{path}"' in text for text in texts)
    return asked or any(program.asks(test, _ASKED) for test in call.tests)


@detects("KT303")
def files_nobody_wrote(program: Program) -> Findings:
    """Finds models and weights that are loaded where nothing is saved."""
    names = {call.method or call.last for call in program.all_calls}
    if names & _SAVES or _WRITERS.search(program.document.text):
        return
    loads: list[Call] = [*program.methods("load_weights"), *program.calls(*LOADERS)]
    for load in loads:
        path = tail(load.value(0, "filepath"))
        if path is not None and "://" not in path:
            yield from program.report("KT303", load, path=path)


@detects("KT335")
def folders_in_names(program: Program) -> Findings:
    """Finds `mnist.load_data("data/mnist.npz")` and `get_file` with a folder in the name."""
    for call in program.calls("keras.utils.get_file", *_DATASETS):
        value, given = call.value(0, "fname", "path"), call.expression(0, "fname", "path")
        if given is not None and any(_has_folder(one) for one in options(value)):
            yield from program.report("KT335", call, at=given, callee=call.last)


def _has_folder(value: Value) -> bool:
    """Tells whether a path that is put together has a folder before its name."""
    if isinstance(value, Constant):
        return isinstance(value.value, str) and "/" in value.value
    if isinstance(value, Operation):
        return any(map(_has_folder, value.operands))
    return isinstance(value, Result) and JOINS.fullmatch(value.call.name) is not None


@detects("KT362", "KT414")
def downloaded_data(program: Program) -> Findings:
    """Finds the data sets that Keras downloads, and `a, b, c, d = mnist.load_data()`."""
    for call in program.all_calls:
        if not call.name.startswith("keras.datasets.") or call.last != "load_data":
            continue
        yield from program.report("KT414", call, name=call.name)
        statement = call.statement
        assigned = isinstance(statement, ast.Assign) and statement.value is call.node
        target = statement.targets[0] if isinstance(statement, ast.Assign) and assigned else None
        names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        if target and len(names) == 4 and all(isinstance(one, ast.Name) for one in names):
            a, b, c, d = map(program.source, names)
            new = f"({a}, {b}), ({c}, {d})"
            yield from program.report("KT362", call, [replace(target, new)], target, new=new)


@detects("KT268")
def objects_of_numpy(program: Program) -> Findings:
    """Finds `np.load("weights.npy").item()`, which reads a pickle."""
    for call in program.method_calls("item"):
        made = call.receiver.call if isinstance(call.receiver, Result) else None
        reads = made is not None and made.name == "numpy.load" and len(made.args) < 3
        if made is not None and reads and not made.has("allow_pickle"):
            added = [add_argument(made.node, "allow_pickle=True")] if made.node.args else []
            yield from program.report("KT268", made, added)


@detects("KT328")
def onnx_of_sequential(program: Program) -> Findings:
    """Finds `tf2onnx.convert.from_keras(model)` with a Sequential model."""
    for call in program.calls("tf2onnx.convert.from_keras"):
        model = program.model_of(call.value(0, "model"))
        if model is not None and model.kind == "sequential":
            yield from program.report("KT328", call)


@detects("KT342")
def weights_before_building(program: Program) -> Findings:
    """Finds `model.layers[0].set_weights(...)` in a model whose first layer knows no shape."""
    for call in program.method_calls("set_weights", "load_weights", "count_params"):
        owner = call.receiver
        if call.method == "set_weights":
            owner = attribute(owner.of, "layers") if isinstance(owner, Part) else None
        model = program.model_of(owner)
        first = model.layers[0] if model is not None and model.layers else None
        unknown = first is not None and first.last == "Embedding" and not first.has(*_SHAPES)
        if model is None or model.kind != "sequential" or not unknown or not model.complete:
            continue
        before = (one for one in model.called(*_BUILDS) if one.order < call.order)
        if all(one.excludes(call) for one in before):
            yield from program.report("KT342", call, name=call.method)


@detects("KT153")
def transformers_in_tensorflow(program: Program) -> Findings:
    """Finds `from transformers import TFBertModel` in a program of Keras 3."""
    for item in program.imports if program.imports_keras else ():
        if _TRANSFORMERS.fullmatch(item.ref.name) and not is_tried(item):
            yield from program.report("KT153", item, at=item.alias, name=item.alias.name)
