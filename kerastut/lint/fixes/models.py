"""The edits of what models are made of: functions of their layers, their ends and their losses."""

import ast
import re
from collections.abc import Sequence

from ..finding import Edit, Span, span_of
from ..questions.arrays import attribute
from ..questions.tensors import is_symbolic, is_tensor, may_be_tensor
from ..semantics.facts import Access, Call, Definition, Fact, Result, origins
from ..semantics.program import Program
from ..semantics.scopes import Instance, UserFunction
from ..semantics.values import Constant, Display, Mapping, Operation, Value
from .calls import first_argument, order_of_dimensions, weight
from .edits import insert, remove_keyword, replace, separator
from .graphs import giving_arrays, tracing
from .moving import chain_of, reach, reach_each
from .tables import simple_imputer

_Given = tuple[Value, ast.expr]
_OF_TAPES = ("keras.layers.Layer", "keras.Function", "tensorflow.GradientTape")
_OF_SLOPES = ("keras.layers.Lambda", "keras.Model", "tensorflow.function", "tensorflow.gradients")
_OF_LOSSES = ("keras.layers.Layer", "keras.Model", "keras.ops.mean")
_ENDS = ("output", "outputs", "input", "inputs")
_AN_END = re.compile(r"\.(in|out)puts?(\[\d+\])?$")
_GRADIENT = """class Gradient({layer}):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, x):
        with {tape}() as tape:
            tape.watch(x)
            y = self.function(x)
        return tape.gradient(y, x)


"""
_PERIODIC = """class PeriodicCheckpoint({checkpoint}):
    def __init__(self, *args, period, **kwargs):
        super().__init__(*args, **kwargs)
        self.period = period
        self.epochs = 0

    def on_epoch_end(self, epoch, logs=None):
        self.epochs += 1
        if self.epochs % self.period == 0:
            super().on_epoch_end(epoch, logs)


"""
_STARTED = ("Dense", "Conv1D", "Conv2D")
_BEGINS = ("input_shape", "batch_input_shape", "input_dim", "input_length")
_MODES = {"concat": "concatenate", "sum": "add", "mul": "multiply", "ave": "average"}
_MODES |= {"max": "maximum", "dot": "dot"}
_MERGES = {mode: f"keras.layers.{name}" for mode, name in _MODES.items()}


def function_of_layers(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits of `K.function([x, K.learning_phase()], [y])` and of `f([a, 0])`."""
    calls = program.calls_of[id(call.result)]
    lists = [last for made in (call, *calls) if (last := _last_item(made.value(0))) is not None]
    if not calls or len(lists) <= len(calls):  # the others are not written out
        return []
    phases = [item for item, _ in lists]
    learns = isinstance(phases[0], Result) and phases[0].call.last == "learning_phase"
    known = all(isinstance(one, Constant) for one in phases[1:])
    if not learns or not known:
        return []
    flags = [bool(getattr(one, "value", False)) for one in phases]
    edits = giving_arrays(program, call, place, any(flags))
    removed = []
    for (_, span), trains, made in zip(lists, flags, (call, *calls), strict=True):
        end = span_of(made.node.args[0] if made.node.args else made.node).end
        removed.append(Edit(span, ""))
        removed += [insert(end, ", training=True")] if trains else []
    return [*edits, *removed] if edits else []


def _last_item(values: Value | None) -> tuple[Value, Span] | None:
    """Returns the last item of `[x, 0]` or `[x] + [0]`, and what has to go for it to be out."""
    if isinstance(values, Display) and len(values.items) > 1:
        before, last = (span_of(node) for node in getattr(values.node, "elts", ())[-2:])
        return values.items[-1], before.end.to(last)
    node = values.node if isinstance(values, Operation) else None
    last_list = values.operands[-1] if isinstance(values, Operation) else None
    summed = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    if isinstance(node, ast.BinOp) and summed and isinstance(last_list, Display):
        span = span_of(node.left).end.to(span_of(node))
        return (last_list.items[0], span) if len(last_list.items) == 1 else None
    return None


def ends_at(program: Program, fact: Fact, model: ast.expr, of: Value, output: str) -> list[Edit]:
    """Returns the edits that put a model in another's place, which ends at an output of that."""
    reached = reach(program, fact, "keras.Model")
    here = any(one.scope == fact.scope for one in program.definitions_of[id(of)])
    here = here if isinstance(model, ast.Name) else isinstance(model, ast.Attribute)
    if reached is None or not here:
        return []
    name = program.source(model)
    new = f"{name} = {reached[0]}({name}.inputs, {output})"
    return [*reached[1], replace(fact.statement, new)]


def merged_models(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits that begin a Sequential with a model of what `Merge` put together."""
    given, mode = call.given(0, "layers"), str(call.literal(1, "mode"))
    nodes = getattr(given[1], "elts", []) if given is not None else []
    models = [program.model_of(one) for one in getattr(given[0], "items", ())] if given else []
    first = [one.layers[0] if one is not None and one.layers else None for one in models]
    begun = all(one and (one.last == "Input" or one.has(*_BEGINS)) for one in first)
    if mode not in _MERGES:
        return []
    reached, edits = reach_each(program, place, "keras.Model", _MERGES[mode])
    more = [one for one in call.node.keywords if one.arg in ("concat_axis", "dot_axes")]
    odd = len(call.node.keywords) + len(call.node.args) > 2 + len(more) or len(call.node.args) > 2
    if not reached or odd or not nodes or not begun:
        return []
    names = [program.source(node) for node in nodes]
    inputs, ends = ", ".join(f"*{name}.inputs" for name in names), "{}.outputs[0]".format
    words = [f", {(one.arg or '').split('_')[1]}={program.source(one.value)}" for one in more]
    merged = f"{reached[1]}([{', '.join(map(ends, names))}]{''.join(words)})"
    return [*edits, replace(call.node, f"{reached[0]}([{inputs}], {merged})")]


def loss_in_a_layer(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that put the loss of a finished model into a layer at its end."""
    names, edits = reach_each(program, call, "keras.layers.Layer", "keras.Model")
    owner, end = call.owner, separator(program, call.statement)
    plain = len(call.node.args) == 1 and not call.node.keywords and end != "; "
    known = program.model_of(call.receiver)
    late = known is not None and any(one.order < call.order for one in known.called("compile"))
    taken = program.names_of["AddLoss"] or not isinstance(owner, (ast.Name, ast.Attribute))
    if not names or not call.is_statement or not plain or late or taken:
        return []
    name, loss = program.source(owner), program.source(call.node.args[0])
    lines = f"class AddLoss({names[0]}):", "    def call(self, outputs, loss):"
    body = "        self.add_loss(loss)", "        return outputs", ""
    made = f"AddLoss()({name}.output, {loss})"
    last = f"{name} = {names[1]}({name}.inputs, {made}, name={name}.name)"
    text = end.join((*lines, *body, last)).replace(end + end, f"\n{end}")
    return [*edits, replace(call.statement, text)]


def loss_of_tensors(
    program: Program, call: Call, function: UserFunction, tensors: Sequence[Definition]
) -> list[Edit]:
    """Returns the edits that put a loss which reads tensors of the model into a layer of it.

    What it is told of as the truth has to be what the model is given, as in an autoencoder.
    """
    names, edits = reach_each(program, call, *_OF_LOSSES)
    owner, end = call.owner, separator(program, call.statement)
    loss, known, node = call.expression(1, "loss"), program.model_of(call.receiver), function.node
    given = known.call.node.args[:2] if known is not None and known.call is not None else []
    fits = known.called("fit", "evaluate", "train_on_batch", "test_on_batch") if known else ()
    ends = [[one.expression(0, "x"), one.expression(1, "y")] for one in fits]
    coded = all(x and y and program.source(x) == program.source(y) for x, y in ends)
    taken = [one.arg for one in node.args.args]
    plain = not node.args.defaults and len(function.parameters) == 2
    own = program.definitions_of[id(function)]
    once = sum(len(one.uses) for one in own) == 1 and all(o.scope == call.scope for o in own)
    reads = list(dict.fromkeys(one.name for one in tensors))
    near = all(one.scope == call.scope and one.order < call.order for one in tensors)
    single = len(given) == 2 and all(isinstance(one, (ast.Name, ast.Attribute)) for one in given)
    wanted = call.is_statement and plain and once and near and single and bool(ends) and coded
    others = getattr(call.value(None, "metrics"), "items", ())
    odd = call.has("loss_weights") or len(call.args) > 2 or end == "; "
    odd = odd or not all(isinstance(one, Constant) for one in others)
    odd = odd or "AddLoss" in program.names_of or bool({"training", "mask"} & {*taken, *reads})
    if not names or not wanted or odd or loss is None or not isinstance(node, ast.FunctionDef):
        return []
    name, values = program.source(owner), ", ".join((*taken, *reads))
    lines = f"class AddLoss({names[0]}):", f"    def call(self, {values}):"
    body = f"        self.add_loss({names[2]}({node.name}({values})))", f"        return {taken[1]}"
    made = f"AddLoss()({', '.join((f'{name}.inputs[0]', f'{name}.outputs[0]', *reads))})"
    last = f"{name} = {names[1]}({name}.inputs, {made}, name={name}.name)"
    text = end.join((*lines, *body, "", last, "")).replace(end + end, f"\n{end}")
    more = insert(span_of(node.args.args[-1]).end, "".join(f", {one}" for one in reads))
    return [*edits, more, insert(span_of(call.statement), text), replace(loss, "None")]


def tensors_of_layer(
    program: Program, function: UserFunction, tensors: Sequence[Definition]
) -> list[Edit]:
    """Returns the edits that give a layer the tensors of the model that a method of it reads."""
    main = function.owner.members.get("call") if function.owner is not None else None
    calls = [(one, one.callee) for one in program.all_calls]
    made = [(call, of.call) for call, of in calls if isinstance(of, Result)]
    applied = [call for call, of in made if of.callee is function.owner]
    given = applied[0].node.args if len(applied) == 1 and not applied[0].keywords else []
    reads = list(dict.fromkeys(one.name for one in tensors))
    place = applied[0] if len(applied) == 1 else None
    near = place and all(o.scope == place.scope and o.order < place.order for o in tensors)
    listed = given[0] if len(given) == 1 else None
    if not isinstance(main, UserFunction) or not isinstance(listed, ast.List) or not near:
        return []
    taken, count = [one.arg for one in main.node.args.args], len(listed.elts)
    edits = [insert(span_of(listed.elts[-1]).end, "".join(f", {one}" for one in reads))]
    for node in ast.walk(main.node):
        around = program.parents.get(id(node))
        if not isinstance(node, ast.Name) or node.id not in taken[1:]:
            continue
        if isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Tuple):
            edits.append(insert(span_of(node).end, f"[:{count}]"))
        elif getattr(around, "arg", "") != "inputs":  # as older Keras was told of a loss
            index = around.slice if isinstance(around, ast.Subscript) else None
            if not isinstance(index, ast.Constant) or type(node.ctx) is not ast.Load:
                return []
    rest, body = f"{taken[-1]}[{count}:]", main.node.body
    if len(taken) != 2 or len(main.parameters) > 2 or not isinstance(body, list):
        return []
    if function is main:
        told = isinstance(getattr(body[0], "value", None), ast.Constant)  # a docstring
        first = body[1:] if told else body
        rest = rest if len(reads) > 1 else f"{taken[-1]}[{count}]"
        start = f"{', '.join(reads)} = {rest}{separator(program, body[0])}"
        return [*edits, insert(span_of(first[0]), start)] if first else []
    name, arguments = getattr(function.node, "name", ""), function.node.args
    asked = [one for one in program.nodes_of(ast.Attribute) if one.attr == name]
    sites = [one for one in ast.walk(main.node) if isinstance(one, ast.Call) and one.func in asked]
    odd = arguments.defaults or arguments.vararg or arguments.kwarg or arguments.kwonlyargs
    if odd or len(sites) != len(asked) or any(one.keywords or not one.args for one in sites):
        return []
    edits.append(insert(span_of(arguments.args[-1]).end, "".join(f", {one}" for one in reads)))
    return [*edits, *(insert(span_of(one.args[-1]).end, f", *{rest}") for one in sites)]


def gradients(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits that put `K.gradients(loss, x)` of a model's tensors into a layer."""
    loss, given = call.given(0, "loss"), call.given(1, "variables")
    if loss is None or given is None or tracing(program, call) is not None:
        return []  # within a loss there are tensors of TensorFlow, of which no model is made
    layer = _by_tape(program, call, place, loss, given) or _by_graph(program, place, loss[1], given)
    text, edits = layer or ("", [])
    around = program.parents.get(id(call.node))
    first = isinstance(around, ast.Subscript) and getattr(around.slice, "value", None) == 0
    whole = replace(around, text) if around and first else replace(call.node, f"[{text}]")
    return [*edits, whole] if layer else []


def _by_tape(
    program: Program, call: Call, place: Fact, loss: _Given, given: _Given
) -> tuple[str, list[Edit]] | None:
    """Returns a layer of a class of its own, which takes gradients by any tensor of the model."""
    names, edits = reach_each(program, place, *_OF_TAPES)
    traced = any(getattr(o, "name", "") in _ENDS or is_symbolic(o) for o in origins(loss[0]))
    alike = (one for one in program.all_calls if one.name == call.name)
    top = _top(program, min(alike, key=lambda one: one.node.lineno, default=call).node)
    text = program.source(given[1])
    functions = program.calls("keras.backend.function", "keras.Function")
    inputs = [getattr(one.value(0, "inputs"), "items", ()) for one in functions]
    fed = any(one is given[0] for items in inputs for one in items)  # of whoever made it
    known = is_symbolic(given[0]) or _AN_END.search(text) or fed
    classes = [one.node for one in program.definitions if one.name == "Gradient"]
    free = all(isinstance(one, ast.ClassDef) for one in classes)
    if not names or not traced or top is None or not known or not free:
        return None
    layer, function, tape = names
    start = [insert(span_of(top), _GRADIENT.format(layer=layer, tape=tape))] if not classes else []
    return f"Gradient({function}({text}, {program.source(loss[1])}))({text})", [*edits, *start]


def _by_graph(
    program: Program, place: Fact, loss: ast.expr, given: _Given
) -> tuple[str, list[Edit]] | None:
    """Returns a layer for a tensor of which less is known: they are those of the model between."""
    value, of = given
    if isinstance(of, ast.List) and len(of.elts) == 1:
        of, value = of.elts[0], value.items[0] if isinstance(value, Display) else Constant(None)
    ours = is_tensor(program, value) or is_symbolic(value) or may_be_tensor(program, value)
    names, edits = reach_each(program, place, *_OF_SLOPES) if ours else ([], [])
    if not names:
        return None
    layer, model, function, slopes = names
    inner = f"model={model}({program.source(of)}, {program.source(loss)})"
    taken = f"{function}(lambda tensor, {inner}: {slopes}(model(tensor), tensor)[0])"
    return f"{layer}({taken})({program.source(of)})", edits


def _top(program: Program, node: ast.AST) -> ast.AST | None:
    """Returns the statement at the top that a node is a part of; None of one with decorators."""
    *_, top = (one for one in program.outward(node) if not isinstance(one, ast.Module))
    return None if getattr(top, "decorator_list", ()) else top


def shape_of_pictures(program: Program, call: Call, _place: Fact) -> list[Edit]:
    """Returns the edits of `_obtain_input_shape(input_shape, default_size=224, ...)`."""
    shape, size = call.expression(0, "input_shape"), call.expression(1, "default_size")
    top = call.expression(4, "require_flatten", "include_top")
    if shape is None or size is None or not isinstance(shape, (ast.Name, ast.Attribute)):
        return []
    default = "({0}, {0}, 3)".format(program.source(size))
    if top is not None:
        default = f"({default} if {program.source(top)} else (None, None, 3))"
    return [replace(call.node, f"({program.source(shape)} or {default})")]


def initial_weights(program: Program, call: Call, keyword: ast.keyword) -> list[Edit]:
    """Returns the edits that start a layer from `weights=[kernel, bias]` with initializers."""
    value, given = call.value(None, "weights"), program.source(keyword.value)
    if call.literal(None, "weights") is None:
        return [remove_keyword(program, call.node, keyword)]
    reached = reach(program, call, "keras.initializers.Constant")
    count = len(value.items) if isinstance(value, Display) else 0
    names = ("kernel_initializer", "bias_initializer")[:count]
    if reached is None or not names or count > 2 or call.has(*names) or call.last not in _STARTED:
        return []
    nodes = getattr(keyword.value, "elts", None)
    parts = list(map(program.source, nodes or [])) or [f"{given}[{i}]" for i in range(count)]
    made = (f"{name}={reached[0]}({part})" for name, part in zip(names, parts, strict=True))
    return [*reached[1], replace(keyword, ", ".join(made))]


def each_few_epochs(program: Program, call: Call, _keyword: ast.keyword) -> list[Edit]:
    """Returns the edits of `ModelCheckpoint(path, period=5)`, which counts epochs by itself."""
    first = program.first_given[call.name, "period"].node
    top, brought = _top(program, first), program.read_at(chain_of(first.func)[0])
    checkpoint = program.source(first.func)
    # Where an import within a function brings it, no class at the top can inherit from it.
    inner = brought is not None and brought.scope != ""
    if top is None or inner or program.names_of["PeriodicCheckpoint"]:
        return []
    start = insert(span_of(top), _PERIODIC.format(checkpoint=checkpoint))
    return [start, replace(call.node.func, "PeriodicCheckpoint")]


def validation_of_callbacks(program: Program, access: Access) -> list[Edit]:
    """Returns the edits that give classes of callbacks what each `fit` is given to validate with.

    Older Keras set it: a list of all that the model takes, and then of what it should give.
    """
    if next(one for one in program.accesses if one.name == access.name) is not access:
        return []  # the first finding mends all, and goes through them once
    named = [one for one in program.accesses if one.name == access.name]
    owners = [(one, attribute(one.of, "model") or one.of) for one in named]
    reads = [(one, of.kind.node) for one, of in owners if isinstance(of, Instance)]
    calls = [one for one in program.all_calls if one.has("callbacks")]
    if not calls or not reads or len(reads) < len(named):
        return []
    nodes = {id(one.node): one.node for one, _ in reads}
    parts = [one for one in program.subscripts if id(one.node.value) in nodes]
    tops = {id(one.node) for one in program.definitions if not one.scope}
    names = dict.fromkeys(kind.name for _, kind in reads if id(kind) in tops)
    if any(getattr(one.key, "value", 2) not in (0, 1) for one in parts) or not names:
        return []
    edits = [replace(one.node, f"self.{access.name}") for one, of in owners if of is not one.of]
    for call in calls:
        value, node = call.given(None, access.name) or (None, call.node)
        items = value.items if isinstance(value, Display) else ()
        plain = not any(isinstance(one, (ast.Call, ast.Await)) for one in ast.walk(node))
        if len(items) != 2 or isinstance(items[0], (Display, Mapping)) or not plain:
            return []
        given = f"validation_data = {program.source(node)}{separator(program, call.statement)}"
        text = "".join(f"{name}.{given}" for name in names)
        edits.append(insert(span_of(call.statement), text))
    return edits


# What no template writes, and whether that keeps its meaning.
BY_HAND = (
    ("keras.backend.image_dim_ordering", order_of_dimensions, True),
    ("keras.backend.function", function_of_layers, False),
    ("keras.backend.gradients", gradients, False),
    ("keras.layers.Merge", merged_models, False),
    ("keras.applications.imagenet_utils._obtain_input_shape", shape_of_pictures, False),
    ("keras_applications.imagenet_utils._obtain_input_shape", shape_of_pictures, False),
    ("keras.backend.zeros", weight, False),
    ("keras.backend.ones", weight, False),
    ("keras.utils.multi_gpu_model", first_argument, False),
    ("sklearn.preprocessing.Imputer", simple_imputer, True),
)
