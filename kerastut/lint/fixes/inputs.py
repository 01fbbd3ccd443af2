"""The edits that begin a model with `keras.Input`, where its first layer tells the shape."""

import ast

from ..finding import Edit, span_of
from ..questions.arrays import is_count
from ..semantics.facts import Call
from ..semantics.models import Model
from ..semantics.program import Program
from ..semantics.values import Display, Undefined
from .edits import insert, remove_keywords, separator
from .moving import reach

_TOLD = ("input_shape", "batch_input_shape", "input_dim", "input_length", "batch_size")
_SERIES = {"LSTM", "GRU", "SimpleRNN", "Bidirectional", "Conv1D", "TimeDistributed"}
_STRAIGHT = (ast.If, ast.With, ast.Try)
_ALL = (*_STRAIGHT, ast.For, ast.While)


def begin_with_input(program: Program, call: Call) -> list[Edit]:
    """Returns the edits that take a shape from a layer, and give it to the model if it is first."""
    names = [name for name in _TOLD if (call.last, name) != ("Embedding", "input_dim")]
    told = [keyword for keyword in call.node.keywords if keyword.arg in names]
    removed = remove_keywords(program, call.node, told)
    node: ast.AST = call.node
    around = program.parents.get(id(node))
    wrapper = program.calls_at.get(id(getattr(around, "func", None)))
    if wrapper is not None and wrapper.name == "keras.layers.Bidirectional":
        node, around = wrapper.node, program.parents.get(id(wrapper.node))
    if isinstance(around, ast.Call) and around.func is node:
        return removed  # the tensor that it is applied to has the shape
    if isinstance(around, ast.List):
        made = program.calls_at.get(id(getattr(program.parents.get(id(around)), "func", None)))
        if made is None or made.name != "keras.Sequential" or made.node.args[:1] != [around]:
            return []
        if around.elts[0] is not node:
            return removed
        gap = program.source(span_of(around).to(span_of(node).start))[1:]
        place, text, end = span_of(node), "{}", f",{gap}" if "\n" in gap else ", "
        if "#" in gap:
            end = f",\n{' ' * span_of(node).column}"
    else:
        added = program.calls_at.get(id(getattr(around, "func", None)))
        model = program.model_of(added.receiver) if added is not None else None
        if added is None or added.method != "add" or not (model or _opens(program, added)):
            return []
        if not isinstance(added.statement, ast.Expr) or added.statement.value is not around:
            return []
        adds = model.called("add") if model is not None else (added,)
        first = next(one for one in adds if not one.excludes(added))
        if model is not None and not _is_first(program, model, added, first):
            after = first is not added and _leads(program, first.statement, added.statement, _ALL)
            return removed if model.kind == "sequential" and (after or _begun(model)) else []
        place, end = span_of(added.statement), separator(program, added.statement)
        text = f"{program.source(span_of(added.node.func))}({{}})"
    shape, reached = _input(program, call), reach(program, call, "keras.Input")
    if shape is None or reached is None:
        return []
    name, edits = reached
    return [*edits, insert(place, text.replace("{}", f"{name}({shape})") + end), *removed]


def _is_first(program: Program, model: Model, added: Call, first: Call) -> bool:
    """Tells whether a layer is surely the first one of a model, or of its branch, when added."""
    layers = model.call.value(0, "layers") if model.call is not None else None
    empty = layers is None or (isinstance(layers, Display) and not _begun(model))
    if model.kind != "sequential" or model.call is None or not empty:
        return False
    leads = _leads(program, model.call.statement, added.statement, _STRAIGHT)
    return first is added and leads


def _opens(program: Program, added: Call) -> bool:
    """Tells whether a part of a page begins with a layer that older Keras told of a whole batch."""
    alike = program.method_calls("add")
    near = [one for one in alike if one.receiver and not program.apart(one, added)]
    page = program.document.kind == "markdown" and isinstance(added.receiver, Undefined)
    layer = added.node.args[0] if added.node.args else None
    told = {one.arg for one in getattr(layer, "keywords", ())}
    return page and near[0] is added and "batch_input_shape" in told


def _begun(model: Model) -> bool:
    """Tells whether a model is made with layers."""
    layers = model.call.value(0, "layers") if model.call is not None else None
    return isinstance(layers, Display) and bool(layers.items)


def _leads(
    program: Program, before: ast.stmt, statement: ast.stmt, through: tuple[type[ast.AST], ...]
) -> bool:
    """Tells whether one statement is surely run before another: it is in a body around that."""
    home, here = program.bodies.get(id(before)), program.bodies.get(id(statement))
    while here is not None and home is not None and here[0] is not home[0]:
        if isinstance(here[1], ast.Module):  # each cell of a notebook is one
            return isinstance(home[1], ast.Module)
        if not isinstance(here[1], through):
            return False
        here = program.bodies.get(id(here[1]))
    return here is not None and home is not None


def _input(program: Program, call: Call) -> str | None:
    """Returns the arguments of `keras.Input`; None if the shape is not certain."""
    shape, size = _shape(program, call), call.expression(None, "batch_size")
    if shape is None or size is None or shape.startswith("batch_shape"):
        return shape
    return f"{shape}, batch_size={program.source(size)}"


def _shape(program: Program, call: Call) -> str | None:
    """Returns the argument that tells the shape; None if it is not certain."""
    texts = {name: program.source(node) for name in _TOLD if (node := call.expression(None, name))}
    value = {name: call.value(None, name) for name in texts}
    if "batch_input_shape" in texts:
        return f"batch_shape={texts['batch_input_shape']}"
    if "input_shape" in texts:
        one = is_count(value["input_shape"])
        return f"shape=({texts['input_shape']},)" if one else f"shape={texts['input_shape']}"
    if call.last == "Embedding" and "input_length" in texts:
        return f"shape=({texts['input_length']},)"
    if "input_dim" not in texts or call.last == "Embedding" or call.last[-2:] in ("2D", "3D"):
        return None
    size = texts["input_dim"]
    if isinstance(value["input_dim"], Display):
        return f"shape={size}"
    if "input_length" in texts:
        return f"shape=({texts['input_length']}, {size})"
    series = call.last in _SERIES or call.last.endswith("1D")
    return f"shape=(None, {size})" if series else f"shape=({size},)"
