"""Arguments whose names are right and whose values are refused, ignored or read otherwise."""

import ast
import re

from ..finding import Edit, span_of
from ..fixes.edits import insert, remove_keyword, replace
from ..fixes.inputs import begin_with_input
from ..fixes.steps import whole
from ..questions.arrays import is_count, is_float
from ..questions.labels import weights_of_classes
from ..questions.named import refused_names
from ..questions.training import compile_before
from ..registering import Findings, detects
from ..rules import api
from ..semantics.facts import Call, Result, origins
from ..semantics.models import layer_call
from ..semantics.program import Program
from ..semantics.scopes import UserClass
from ..semantics.values import Constant, Parameter, Undefined, Value

_CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
_CHINESE = re.compile(r"[一-鿿]{4}")
# The position from which on Keras 0.x had numbers where a layer today takes none.
_NUMBERS = {"Dense": 1, "LSTM": 1, "GRU": 1, "SimpleRNN": 1, "Conv1D": 3, "Conv2D": 3}
_NUMBER = re.compile(r"^(?:nb|num|n)_\w+$|_(?:dim|size|classes|units)$")
_OF_NUMBERS = (ast.Mult, ast.Sub, ast.FloorDiv)  # what no string takes part in but as `"ab" * 2`
# What is surely the name of a number where it stands in parentheses alone.
_LENGTH = re.compile(r"^[\w.]*(?:length|len|dim|units|features|steps|count)$|^(?:n|nb|num)_\w+$")
_NOISE = re.compile(r"^(?:noise|latent|z)_(?:dim|size)$")  # and even without them
_COUNTS = ("steps_per_epoch", "validation_steps", "steps", "epochs", "batch_size")
_COUNTED = {f"{way}{end}" for way in ("fit", "evaluate", "predict") for end in ("", "_generator")}
# Where a loss may come from that `compile` is not given.
_LOSSES = re.compile(r"add_loss|compute_loss|train_step|compiled_loss|ActivityRegularization")
_STRATEGIES = [
    f"tensorflow.distribute.{home}MultiWorkerMirroredStrategy" for home in ("", "experimental.")
]
_SUMMARIES = [f"tensorflow.summary.{kind}" for kind in ("scalar", "histogram", "image", "text")]
_PLAIN = (ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.Call)  # what a size is written as


@detects("KT243")
def number_for_a_shape(program: Program) -> Findings:
    """Finds `Input(shape=784)`, `Input(shape=(784))` and `Dense(3, input_shape=784)`."""
    for call in program.calls("keras.Input", "keras.layers.*"):
        if call.name != "keras.Input":
            given, around = call.given(None, "input_shape"), program.parents.get(id(call.node))
            applied = isinstance(around, ast.Call) and around.func is call.node
            if given is not None and is_count(given[0]) and not applied:
                told = {"callee": call.last, "keyword": "input_shape"}
                told["size"], changes = program.source(given[1]), begin_with_input(program, call)
                yield from program.report("KT243", call, changes, given[1], None, **told)
            continue
        size, node = call.literal(0, "shape"), call.expression(0, "shape")
        if node is None:
            continue
        # The comma makes a tuple; there may be parentheses already.
        text, start = program.source(node), span_of(call.node.func).end
        enclosed = program.source(start.to(span_of(node).start)).count("(") > 1
        value = call.value(0, "shape")
        unknown = isinstance(value, (Parameter, Undefined)) and not getattr(value, "default", None)
        known = is_count(value) or (unknown and _NOISE.search(text) is not None)
        if known or (enclosed and size is ... and _LENGTH.search(text)):
            change = replace(node, f"{text}," if enclosed else f"({text},)")
            changes = [change] if enclosed or isinstance(node, ast.Constant) else []
            shown = str(size) if isinstance(size, int) else text
            told = {"callee": "Input", "keyword": "shape", "size": shown}
            yield from program.report("KT243", call, changes, node, None, **told)


@detects("KT247")
def slash_in_name(program: Program) -> Findings:
    """Finds layers and models whose name contains a slash, or a blank where they are trained."""
    for call, name, sign, changes in refused_names(program):
        at = call.expression(None, "name")
        yield from program.report("KT247", call, changes, at=at, name=name, sign=sign)


@detects("KT252", "KT253")
def optimizer_values(program: Program) -> Findings:
    """Finds `Adam(epsilon=None)`, and more than one way of clipping."""
    for call in program.calls("keras.optimizers.*"):
        keyword = call.keyword("epsilon")
        if keyword is not None and call.literal(None, "epsilon") is None:
            change = remove_keyword(program, call.node, keyword)
            yield from program.report(
                "KT252", call, [change], at=keyword, callee=call.last, keyword="epsilon"
            )
        clips = [name for name in _CLIPS if call.literal(None, name) is not None and call.has(name)]
        if len(clips) > 1:
            lesser = call.keyword("clipvalue") if len(clips) == 2 else None
            changes = [remove_keyword(program, call.node, lesser)] if lesser is not None else []
            yield from program.report("KT253", call, changes, at=call.keyword(clips[1]))


@detects("KT250", "KT254")
def class_weights(program: Program) -> Findings:
    """Finds `class_weight="balanced"`, an array of weights, and `class_weight={"0": 1.0}`."""
    for code, call, keyword, changes in weights_of_classes(program):
        old = program.source(keyword.value)
        yield from program.report(code, call, changes, at=keyword, old=old)


@detects("KT255")
def positions_of_keras0(program: Program) -> Findings:
    """Finds `Dense(4, 8)` and the like, with the size of the input before that of the output."""
    for call in program.calls("keras.layers.*"):
        first = _NUMBERS.get(call.last, len(call.node.args))
        second = call.node.args[1] if first == 1 and call.certain(1) else None
        product = isinstance(second, ast.BinOp) and isinstance(second.op, _OF_NUMBERS)
        named = second is not None and _NUMBER.search(program.source(second)) is not None
        units = map(ast.dump, ast.walk(call.node.args[0])) if isinstance(second, ast.Name) else ()
        named = named or (second is not None and ast.dump(second) in units)
        if is_count(call.value(first)) or named or product:
            shown = [program.source(node) for node in call.node.args[: first + 1]]
            size = shown[1] if first == 1 else shown[0]
            changes = []
            if first == 1 and isinstance(call.node.args[1], _PLAIN):
                start = span_of(call.node.args[0]).start
                changes = [Edit(start.to(span_of(call.node.args[1]).start), "")]
            yield from program.report(
                "KT255", call, changes, callee=call.last, arguments=", ".join(shown), size=size
            )


@detects("KT256")
def dynamic_layers(program: Program) -> Findings:
    """Finds `super().__init__(dynamic=True)` in a layer or a model."""
    for call in program.method_calls("__init__"):
        upwards = call.receiver.call if isinstance(call.receiver, Result) else None
        if upwards is not None and call.has("dynamic"):
            owner = upwards.value(0)
            other = isinstance(owner, UserClass) and not owner.inherits("keras.")
            if upwards.name == "builtins.super" and not other and program.imports_keras:
                yield from program.report("KT256", call, at=call.keyword("dynamic"))


@detects("KT257")
def fractional_steps(program: Program) -> Findings:
    """Finds `steps_per_epoch=len(x) / 32`, and what else is a float there."""
    for call in program.all_calls:
        told = call.has(*_COUNTS) and (call.method or program.method_of(call)) in _COUNTED
        for one in call.node.keywords if told else ():
            known = one.arg in _COUNTS and is_float(call.keywords[one.arg])
            if known and (program.may_be_model(call.receiver) or program.method_of(call)):
                new, changes = whole(program, call, one)
                yield from program.report("KT257", call, changes, at=one, keyword=one.arg, new=new)


@detects("KT281")
def arguments_missing(program: Program) -> Findings:
    """Finds `Conv2D(32)`, but for what a page leaves out, what `partial` takes, and old names."""
    for call in program.calls("keras.layers.*", "keras.callbacks.*"):
        known = {*(api.arguments(call.name) or ()), *api.required(call.name)}
        args, given = call.node.args, {keyword.arg for keyword in call.node.keywords}
        left = [name for name in api.required(call.name)[len(args) :] if name not in given]
        shown = any(
            isinstance(one, ast.Starred) or getattr(one, "value", 0) is ... for one in args if left
        )
        page = program.document.kind == "markdown" and not args and not given
        partial = id(call.node) not in program.parents
        if left and given <= known and not (shown or page or partial):
            yield from program.report("KT281", call, callee=call.last, name=left[0])


@detects("KT281")
def summaries_without_step(program: Program) -> Findings:
    """Finds `tf.summary.scalar("loss", loss)` of TensorFlow 1, which writes nothing today."""
    for call in () if "set_step" in program.document.text else program.calls(*_SUMMARIES):
        named = {"step", None} & {keyword.arg for keyword in call.node.keywords}
        if not (named or program.is_graph) and call.plain == len(call.args) < 3:
            yield from program.report("KT281", call, callee=f"tf.summary.{call.last}", name="step")


@detects("KT258")
def layers_without_list(program: Program) -> Findings:
    """Finds `Sequential(Flatten(), Dense(3))`, or one layer alone."""
    for call in program.calls("keras.Sequential"):
        if layer_call(call.value(0, "layers")) is not None:
            ends = span_of(call.node.args[0]), span_of(call.node.args[-1]).end
            layers = not call.node.keywords and all(map(layer_call, call.args))
            changes = [insert(ends[0], "["), insert(ends[1], "]")] if layers else []
            yield from program.report("KT258", call, changes)


@detects("KT460")
def compiled_without_loss(program: Program) -> Findings:
    """Finds `model.compile()` before `fit`, of a model whose layers add no loss."""
    for model in program.built if not _LOSSES.search(program.document.text) else ():
        if not all(layer.name.startswith("keras.") for layer in model.layers):
            continue
        for call in model.called("fit", "fit_generator", "evaluate", "train_on_batch"):
            compiled = compile_before(model, call)
            if compiled is None or compiled.args[1:]:
                continue
            given = {keyword.arg for keyword in compiled.node.keywords}
            first = compiled.node.args[0] if compiled.node.args else None
            shown = isinstance(first, ast.Starred) or getattr(first, "value", 0) is ...
            if not {"loss", None} & given and not shown:
                yield from program.report("KT460", compiled, method=call.method)


@detects("KT437")
def chinese_not_split(program: Program) -> Findings:
    """Finds texts in Chinese, without blanks, for a `TextVectorization` that splits at blanks."""
    for call in program.method_calls("adapt"):
        made = call.receiver.call if isinstance(call.receiver, Result) else None
        if made is None or made.name != "keras.layers.TextVectorization":
            continue
        # Whoever names how to split knows; a function of one's own may cut words.
        told = {"split", "standardize"} & set(made.keywords) or len(made.args) > 1
        values = [one.value for one in origins(*call.args) if isinstance(one, Constant)]
        unsplit = [one for one in values if isinstance(one, str) and " " not in one.strip()]
        if not told and any(map(_CHINESE.search, unsplit)):
            yield from program.report("KT437", made)


@detects("KT438")
def several_workers(program: Program) -> Findings:
    """Finds the strategy of several workers in a program of Keras without a training step."""
    trains = program.models and "train_step" not in program.function_names
    for call in program.calls(*_STRATEGIES) if trains else ():
        yield from program.report("KT438", call, name=call.last)


@detects("KT432")
def extracted_files(program: Program) -> Findings:
    """Finds `os.path.dirname(get_file(..., extract=True))`, and data read at the archive's path."""
    told = "_extracted" in program.document.text  # of the folder that Keras 3 makes
    gets = program.calls("keras.utils.get_file")
    for call in program.all_calls if gets and not told else ():
        read = (call.method or call.last).endswith("_from_directory")
        if read or call.name in ("os.path.dirname", "os.path.splitext"):
            made = _extracted(call.value(0, "path", "directory"))
            if made is not None and (not read or made.has("untar")):
                yield from program.report("KT432", call)
    for access in program.accesses if gets else ():
        if access.name in ("parent", "with_suffix") and _extracted(access.of) is not None:
            yield from program.report("KT432", access)


def _extracted(value: Value | None) -> Call | None:
    """Returns the call of `get_file` that a path comes from, where it extracts."""
    while isinstance(value, Result):
        call = value.call
        if call.name == "keras.utils.get_file":
            extracts = call.literal(None, "extract") is True or call.literal(None, "untar") is True
            return call if extracts else None
        value = call.value(0) if call.last in ("Path", "PurePath", "str", "fspath") else None
    return None
