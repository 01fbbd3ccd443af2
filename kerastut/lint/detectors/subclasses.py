"""Classes of the document: what they call of their bases, and how Keras calls them."""

import ast
import re

from ..finding import Edit, span_of
from ..fixes.edits import insert, remove_keyword, rename_attribute, replace, separator, wrapped
from ..fixes.moving import reach
from ..questions.arrays import attribute, is_scalar
from ..questions.classes import DATASETS, classes
from ..questions.sizes import built_otherwise
from ..registering import Findings, detects
from ..rules.rule import Applicability
from ..semantics.facts import Call, Result, Subscript
from ..semantics.program import Program
from ..semantics.scopes import LAYERS, UserClass, UserFunction, is_instance_of, kind_of
from ..semantics.values import Constant, Display, Value

_PARAMS = ("metrics", "samples", "batch_size", "nb_sample", "nb_epoch", "do_validation")
_ADD_WEIGHT = ("name", "shape", "dtype", "initializer")  # the order of Keras 2
_DTYPE = re.compile(r"b?float\d+|u?int\d+|bool|string|complex\d+")
# What fails without the `__init__` of its base.
_BASES = (
    *(*LAYERS, "keras.Sequential", "keras.metrics.", "keras.losses.", "keras.Metric"),
    *("keras.Loss", "keras.optimizers.", "keras.Optimizer"),
)
_SCHEDULES = "keras.optimizers.schedules."
# What has no weights until it is called.
_UNBUILT = re.compile(
    r"keras\.layers\.(Dense|\w*Conv\w+|LSTM|GRU|SimpleRNN|Bidirectional|Embedding|\w+Normalization)"
)
_CALLS = {"fit", "predict", "evaluate", "train_on_batch", "predict_on_batch", "call"}
_HOOK = re.compile(r"on_(?:(?P<unit>epoch|(?:\w+_)?batch)|train|test|predict)_(?:begin|end)")


@detects("KT360", "KT434")
def bases_not_started(program: Program) -> Findings:
    """Finds layers, metrics and data sets whose `__init__` leaves out that of their base."""
    for _, kind, methods in classes(program):
        start = methods.get("__init__")
        named = {node.attr for node in ast.walk(kind.node) if isinstance(node, ast.Attribute)}
        if start is None or "__init__" in named or kind.inherits(_SCHEDULES):
            continue
        if "super" in program.hidden:  # in a line that is not Python
            continue
        acts = any(isinstance(one, (ast.Assign, ast.Call)) for one in ast.walk(start))
        code = "KT434" if kind.inherits(*DATASETS) else "KT360"
        if code == "KT434" or (acts and kind.inherits(*_BASES)):
            given = f"**{start.args.kwarg.arg}" if start.args.kwarg else ""
            body = [one for one in start.body if not _is_text(one)] or start.body
            line = f"super().__init__({given}){separator(program, body[0])}"
            changes = [insert(span_of(body[0]), line)]
            yield from program.report(code, start, changes, name=kind.node.name)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@detects("KT361")
def hooks_of_callbacks(program: Program) -> Findings:
    """Finds `def on_epoch_end(self, logs={})` in a callback, which is given the epoch as well."""
    for _, kind, methods in classes(program):
        for name, method in methods.items() if kind.inherits("keras.callbacks.") else ():
            hook, taken = _HOOK.fullmatch(name), method.args
            if hook is None or taken.vararg or method.decorator_list or not taken.args:
                continue
            unit = hook["unit"] or ""
            wanted = [unit.rpartition("_")[2], "logs"] if unit else ["logs"]
            own = [one.arg for one in taken.args[1:]]
            least = len(own) - len(taken.defaults)
            # Batches give the logs by name, all others by position.
            count = 1 if "batch" in unit else len(wanted)
            others = [*own[count:], *(one.arg for one in taken.kwonlyargs)]
            named = "batch" not in unit or taken.kwarg is not None or "logs" in others
            if not named or least > len(wanted) or len(own) < count:
                changes = _as_called(method, own, wanted)
                shown = ", ".join(wanted)
                yield from program.report("KT361", method, changes, name=name, given=shown)


def _as_called(method: ast.FunctionDef, own: list[str], wanted: list[str]) -> list[Edit]:
    """Returns the edits that have a method take what it is called with."""
    first = method.args.args[0]
    if len(own) >= len(wanted) or method.args.kwonlyargs or method.args.kwarg:
        return []
    if len(own) == 1 and own != wanted[:1]:  # the epoch is missing
        return [insert(span_of(first).end, f", {wanted[0]}")]
    last = max(map(span_of, (*method.args.args, *method.args.defaults)))
    missing = [one if one != "logs" else "logs=None" for one in wanted[len(own) :]]
    return [insert(last.end, "".join(f", {one}" for one in missing))]


@detects("KT361")
def build_of_functional_models(program: Program) -> Findings:
    """Finds `def build(self)` in a model whose `__init__` gives the base inputs and outputs."""
    for _, kind, methods in classes(program):
        build = methods.get("build") if kind.inherits("keras.Model") else None
        own = build.args if build is not None and not build.decorator_list else None
        if build is None or own is None or own.vararg or len(own.args) != 1:
            continue
        if _gives_ends(methods.get("__init__")):
            changes = [insert(span_of(own.args[0]).end, ", input_shape=None")]
            values = {"name": "build", "given": "input_shape"}
            yield from program.report("KT361", build, changes, None, None, **values)


def _gives_ends(start: ast.AST | None) -> bool:
    """Tells whether an `__init__` gives that of the base inputs and outputs."""
    called = [one for one in ast.walk(start) if isinstance(one, ast.Call)] if start else []
    begun = [one for one in called if getattr(one.func, "attr", "") == "__init__"]
    return any({"inputs", "outputs"} & {word.arg for word in one.keywords} for one in begun)


@detects("KT345")
def build_of_subclasses(program: Program) -> Findings:
    """Finds `model.build((None, 4))` of a class with layers and no `build`, before it is called."""
    used: dict[int, int] = {}  # when an object was first called or trained
    for call in program.all_calls if program.method_calls("build") else ():
        trains = call.method in _CALLS or call.method is None
        one = (call.receiver if call.method else call.callee) if trains else None
        used.setdefault(id(one), call.order)
        kind = kind_of(call.receiver) if call.method == "build" and call.receiver else None
        if kind is None or used.get(id(call.receiver), call.order) < call.order:
            continue
        made = [member.call for member in kind.members.values() if isinstance(member, Result)]
        bare = {*kind.ancestors} == {"keras.Model"} and len(kind.bases) == 1
        own = "build" in kind.members or isinstance(kind.bases[0], UserClass)
        layers = any(_UNBUILT.fullmatch(one.name) for one in made)
        if bare and layers and not own and not any(map(_gives_ends, kind.node.body)):
            changes = _called_on_input(program, call, kind.members.get("call"))
            yield from program.report("KT345", call, changes, name=kind.node.name)


def _called_on_input(program: Program, call: Call, function: Value | None) -> list[Edit]:
    """Returns the edits that call a model on an input of the shape that `build` is given."""
    shape = call.given(0, "input_shape")
    taken = function.node.args if isinstance(function, UserFunction) else None
    one = taken is not None and len(taken.args) - len(taken.defaults) == 2
    sizes = shape[0].items if shape and isinstance(shape[0], Display) else ()
    plain = bool(sizes) and all(isinstance(size, Constant) for size in sizes)
    reached = reach(program, call, "keras.Input") if one and plain else None
    if reached is None or shape is None or not isinstance(call.node.func, ast.Attribute):
        return []
    model, text = program.source(call.node.func.value), program.source(shape[1])
    return [*reached[1], replace(call.node, f"{model}({reached[0]}(batch_shape={text}))")]


@detects("KT323")
def callback_params(program: Program) -> Findings:
    """Finds `self.params["metrics"]` in a callback."""
    for item in program.subscripts:
        key = getattr(item.key, "value", None)
        gone = key in _PARAMS and not item.stores
        if gone and is_instance_of(attribute(item.of, "params"), "keras.callbacks."):
            yield from program.report("KT323", item, _own_metrics(program, item), name=key)


def _own_metrics(program: Program, item: Subscript) -> list[Edit]:
    """Returns the edits of `if "f1" not in self.params["metrics"]`, and of what appends to it.

    Whatever else asks for a metric there means one that Keras had put there.
    """
    around, listed = program.parents.get(id(item.node)), program.source(item.node)
    adds = isinstance(around, ast.Attribute) and around.attr == "append"
    name = program.source(around.left) if isinstance(around, ast.Compare) else ""
    asks = bool(name) and f"{listed}.append({name})" in program.code
    text = f"{program.source(item.node.value)}.setdefault({program.source(item.node.slice)}, [])"
    return [replace(item.node, text)] if adds or asks else []


@detects("KT248")
def add_weight_by_position(program: Program) -> Findings:
    """Finds `self.add_weight("kernel", ...)` in a layer of the document."""
    layers = (*LAYERS, "keras.Metric", "keras.metrics.")
    for call in program.method_calls("add_weight", "add_variable"):
        third = call.value(2)
        if not is_instance_of(call.receiver, *layers):
            continue
        if _is_name(third):  # as Keras 1 had it
            name, changes = call.node.args[2], [insert(span_of(call.node.args[2]), "name=")]
        elif isinstance(call.literal(0), str):
            args = call.node.args
            odd = any(isinstance(arg, (ast.Starred, ast.GeneratorExp)) for arg in args)
            pairs = zip(_ADD_WEIGHT, args if not odd and len(args) <= 4 else (), strict=False)
            name, changes = args[0], [insert(span_of(arg), f"{word}=") for word, arg in pairs]
        else:
            continue
        if call.method == "add_variable" and isinstance(call.node.func, ast.Attribute):
            changes += [rename_attribute(call.node.func, "add_weight")]  # which knows a default
        named = program.source(name)
        yield from program.report("KT248", call, changes, name=named, method=call.method)


def _is_name(value: Value | None) -> bool:
    """Tells whether a value is a text that is no dtype."""
    if isinstance(value, Constant):
        return isinstance(value.value, str) and _DTYPE.fullmatch(value.value) is None
    return isinstance(value, Result) and value.call.method == "format"


@detects("KT343")
def build_without_shape(program: Program) -> Findings:
    """Finds `super().build()` in a layer, without the shape, and `model.build` of another one."""
    for call, given, shape in built_otherwise(program):
        yield from program.report("KT343", call, [replace(given, shape)], shape=shape)
    for call in program.method_calls("build"):
        upwards = call.receiver.call.name if isinstance(call.receiver, Result) else ""
        if upwards != "builtins.super" or call.args or call.keywords:
            continue
        method = program.around(call.node, ast.FunctionDef)
        kind = program.parents.get(id(method))
        owners = [one.value for one in program.definitions_at[id(kind)]]
        layers = [one for one in owners if isinstance(one, UserClass) and one.inherits(*LAYERS)]
        if method is not None and layers and len(method.args.args) > 1:
            shape, end = method.args.args[1].arg, span_of(call.node).end
            place = end._replace(column=end.column - 1, end_column=end.end_column - 1)
            yield from program.report("KT343", call, [insert(place, shape)], shape=shape)


@detects("KT439")
def untracked_variables(program: Program) -> Findings:
    """Finds `self.w = tf.Variable(...)` in a layer or a model, which does not learn it."""
    for access in program.accesses:
        made = getattr(access.statement, "value", None) if access.stores else None
        call = program.calls_at.get(id(getattr(made, "func", None)))
        known = call is not None and call.name == "tensorflow.Variable"
        if call is None or not known or call.literal(None, "trainable") is False:
            continue
        if is_instance_of(access.of, *LAYERS):
            yield from program.report("KT439", access, name=program.source(access.node))


@detects("KT261")
def add_loss_inputs(program: Program) -> Findings:
    """Finds `self.add_loss(loss, inputs=x)` or `(loss, x)` in a layer of the document."""
    for call in program.method_calls("add_loss"):
        given, loss = call.given(1, "inputs"), call.given(0, "losses")
        if given is None or loss is None or not is_instance_of(call.receiver, *LAYERS):
            continue
        keyword, span = call.keyword("inputs"), span_of(loss[1])
        changes = [Edit(span.end.to(span_of(given[1])), "")] if keyword is None else []
        changes += [remove_keyword(program, call.node, keyword)] if keyword else []
        certain = is_scalar(loss[0]) or isinstance(loss[0], Display)
        mean = None if certain else reach(program, call, "keras.ops.mean")
        if mean:  # of the samples, as Keras 2 showed it: what is no number is summed today
            changes = [*mean[1], *wrapped(loss[1], mean[0]), *changes]
        fits: Applicability | None = None if certain else "unsafe"
        yield from program.report("KT261", call, changes, keyword or given[1], fits)
