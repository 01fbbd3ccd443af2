"""The edits of what models are made of: functions of their layers, their ends and their losses."""

import ast
import re

from ..finding import Edit, Span, span_of
from ..questions.tensors import is_symbolic
from ..semantics.facts import Call, Fact, Result, origins
from ..semantics.program import Program
from ..semantics.values import Constant, Display, Operation, Value
from .calls import first_argument, order_of_dimensions, weight
from .edits import insert, remove_keyword, replace, separator
from .moving import reach
from .tables import simple_imputer

_OF_GRADIENTS = ("keras.layers.Layer", "keras.Function", "tensorflow.GradientTape")
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
    reached = reach(program, place, "keras.Model" if any(flags) else "keras.Function")
    # What a model gives is in no list if it is one.
    outputs = call.value(1, "outputs")
    one = isinstance(outputs, Display) and len(outputs.items) == 1
    removed = []
    for (_, span), trains, made in zip(lists, flags, (call, *calls), strict=True):
        end = span_of(made.node.args[0] if made.node.args else made.node).end
        removed.append(Edit(span, ""))
        removed += [insert(end, ", training=True")] if trains else []
        if any(flags) and one and made is not call:
            removed += [insert(span_of(made.node), "["), insert(span_of(made.node).end, "]")]
    return [*reached[1], replace(call.node.func, reached[0]), *removed] if reached else []


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
    model, merge = (reach(program, place, name) for name in ("keras.Model", _MERGES[mode]))
    more = [one for one in call.node.keywords if one.arg in ("concat_axis", "dot_axes")]
    odd = len(call.node.keywords) + len(call.node.args) > 2 + len(more) or len(call.node.args) > 2
    if model is None or merge is None or odd or not nodes or not begun:
        return []
    names = [program.source(node) for node in nodes]
    inputs, ends = ", ".join(f"*{name}.inputs" for name in names), "{}.outputs[0]".format
    words = [f", {(one.arg or '').split('_')[1]}={program.source(one.value)}" for one in more]
    merged = f"{merge[0]}([{', '.join(map(ends, names))}]{''.join(words)})"
    return [*model[1], *merge[1], replace(call.node, f"{model[0]}([{inputs}], {merged})")]


def loss_in_a_layer(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that put the loss of a finished model into a layer at its end."""
    layer, model = (reach(program, call, f"keras.{name}") for name in ("layers.Layer", "Model"))
    owner, end = getattr(call.node.func, "value", call.node), separator(program, call.statement)
    alone = isinstance(call.statement, ast.Expr) and call.statement.value is call.node
    plain = len(call.node.args) == 1 and not call.node.keywords and end != "; "
    known = program.model_of(call.receiver)
    late = known is not None and any(one.order < call.order for one in known.called("compile"))
    taken = program.names_of["AddLoss"] or not isinstance(owner, (ast.Name, ast.Attribute))
    if layer is None or model is None or not alone or not plain or late or taken:
        return []
    name, loss = program.source(owner), program.source(call.node.args[0])
    lines = f"class AddLoss({layer[0]}):", "    def call(self, outputs, loss):"
    body = "        self.add_loss(loss)", "        return outputs", ""
    made = f"AddLoss()({name}.output, {loss})"
    last = f"{name} = {model[0]}({name}.inputs, {made}, name={name}.name)"
    text = end.join((*lines, *body, last)).replace(end + end, f"\n{end}")
    return [*layer[1], *model[1], replace(call.statement, text)]


def gradient_layer(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits that put `K.gradients(loss, x)` of a model's tensors into a layer."""
    made = [reached for name in _OF_GRADIENTS if (reached := reach(program, place, name))]
    loss, x = call.expression(0, "loss"), call.expression(1, "variables")
    parts = origins(call.value(0, "loss") or Constant(None))
    traced = any(getattr(one, "name", "") in _ENDS or is_symbolic(one) for one in parts)
    alike = (one for one in program.all_calls if one.name == call.name)
    top = _top(program, min(alike, key=lambda one: one.node.lineno, default=call).node)
    if loss is None or x is None or not traced or len(made) < len(_OF_GRADIENTS) or top is None:
        return []
    given = program.source(x)
    known = is_symbolic(call.value(1, "variables") or Constant(None)) or _AN_END.search(given)
    classes = [one.node for one in program.definitions if one.name == "Gradient"]
    if not known or any(not isinstance(one, ast.ClassDef) for one in classes):
        return []
    layer, function, tape = (name for name, _ in made)
    new, node = f"Gradient({function}({given}, {program.source(loss)}))({given})", call.node
    whole = program.parents.get(id(node))
    first = whole.slice if isinstance(whole, ast.Subscript) else None
    alone = isinstance(first, ast.Constant) and first.value == 0
    changes = [replace(whole, new) if whole is not None and alone else replace(node, f"[{new}]")]
    if not classes:
        changes.append(insert(span_of(top), _GRADIENT.format(layer=layer, tape=tape)))
    return [*(edit for _, edits in made for edit in edits), *changes]


def _top(program: Program, node: ast.AST) -> ast.AST | None:
    """Returns the statement at the top that a node is a part of; None of one with decorators."""
    above = program.parents.get(id(node))
    while above is not None and not isinstance(above, ast.Module):
        node, above = above, program.parents.get(id(above))
    return None if getattr(node, "decorator_list", ()) else node


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


# What no template writes, and whether that keeps its meaning.
BY_HAND = (
    ("keras.backend.image_dim_ordering", order_of_dimensions, True),
    ("keras.backend.function", function_of_layers, False),
    ("keras.backend.gradients", gradient_layer, False),
    ("keras.layers.Merge", merged_models, False),
    ("keras.applications.imagenet_utils._obtain_input_shape", shape_of_pictures, False),
    ("keras_applications.imagenet_utils._obtain_input_shape", shape_of_pictures, False),
    ("keras.backend.zeros", weight, False),
    ("keras.backend.ones", weight, False),
    ("keras.utils.multi_gpu_model", first_argument, False),
    ("sklearn.preprocessing.Imputer", simple_imputer, True),
)
