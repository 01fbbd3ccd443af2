"""The edits of programs of graphs: those of TensorFlow 1, and functions of Keras 2's backend."""

import ast

from ..finding import Edit, span_of
from ..questions.tensors import is_symbolic, is_tensor, may_be_tensor
from ..semantics.facts import Call, Fact, Reference
from ..semantics.program import Program
from ..semantics.values import Display, Value
from .edits import insert, replace, separator
from .missing import Missing
from .moving import reach

_FIRST = "tensorflow.compat.v1"


def as_first_version(program: Program, reference: Reference) -> list[Edit]:
    """Returns the edits that have a whole program of TensorFlow 1 run as it did."""
    if not program.is_graph or reference.root is None and program.document.kind != "markdown":
        return []
    if reference.root is None:
        brought = Missing(_FIRST, "", "tf").edit(program, reference.node)
        return [Edit(one.span, f"{one.text}tf.disable_v2_behavior()\n") for one in brought]
    item = program.imports_at.get(id(reference.root.node))
    if item is None or item.ref.name != "tensorflow" or not isinstance(item.node, ast.Import):
        return []
    between, end = separator(program, item.node), span_of(item.node).end
    if between != "; ":  # a comment stays behind the import
        end = end._replace(column=len(program.document.line(end.line).encode()))
        end = end._replace(end_column=end.column)
    calls = f"{between}{item.local}.disable_v2_behavior()"
    return [replace(item.alias, f"{_FIRST} as {item.local}"), insert(end, calls)]


def gradients(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edit of `K.gradients(loss, x)`, of tensors of a model: a layer that takes them.

    The gradients of a tensor by another are those of the model between them.
    """
    loss, given = call.expression(0, "loss"), call.given(1, "variables")
    value, of = given or (None, None)
    if isinstance(of, ast.List) and len(of.elts) == 1:
        of, value = of.elts[0], value.items[0] if isinstance(value, Display) else None
    ways = [reach(program, place, f"keras.{name}") for name in ("layers.Lambda", "Model")]
    ways += [reach(program, place, f"tensorflow.{name}") for name in ("function", "gradients")]
    if loss is None or of is None or value is None or not _is_of_model(program, value):
        return []
    (layer, *_), (model, *_), (function, *_), (slopes, *_) = (way or ("",) for way in ways)
    if not all(ways):
        return []
    inner = f"model={model}({program.source(of)}, {program.source(loss)})"
    taken = f"{function}(lambda tensor, {inner}: {slopes}(model(tensor), tensor)[0])"
    around = program.parents.get(id(call.node))
    first = isinstance(around, ast.Subscript) and getattr(around.slice, "value", None) == 0
    text = f"{layer}({taken})({program.source(of)})"
    edit = replace(around, text) if first and around is not None else replace(call.node, f"[{text}]")
    return [*dict.fromkeys(one for way in ways if way for one in way[1]), edit]


def _is_of_model(program: Program, value: Value) -> bool:
    return is_tensor(program, value) or is_symbolic(value) or may_be_tensor(program, value)


def function_of_tensors(program: Program, call: Call, place: Fact) -> list[Edit]:
    """Returns the edits of `K.function([x], [y])`, which gave arrays of NumPy."""
    made = reach(program, place, "keras.Function")
    converted = reach(program, place, "keras.ops.convert_to_numpy")
    plain = len(call.node.args) == 2 and not call.node.keywords
    if made is None or converted is None or not plain or not isinstance(call.node.args[1], ast.List):
        return []
    alone = isinstance(program.parents.get(id(call.node)), (ast.Assign, ast.Return))
    before, after = ("", "") if alone else ("(", ")")
    return [
        *dict.fromkeys((*made[1], *converted[1])),
        replace(call.node.func, f"{before}lambda inputs, run={made[0]}"),
        insert(span_of(call.node).end, f": [{converted[0]}(one) for one in run(inputs)]{after}"),
    ]
