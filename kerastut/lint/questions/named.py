"""The outputs of models: how many there are, and what is named where there is one alone."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from ..finding import Edit
from ..fixes.edits import replace, replace_string
from ..semantics.facts import Call, Result
from ..semantics.models import Model
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.values import Constant, Display, Mapping, Operation, Parameter, Value

_TRAINS = ("fit", "evaluate", "train_on_batch", "test_on_batch")
# What names of layers cannot hold, and what TensorFlow refuses where it makes a graph.
_SLASH, _REFUSED = re.compile("/"), re.compile(r"[^\w.\\>-]", re.ASCII)


def named_for_one(program: Program) -> Iterator[tuple[Call, ast.expr, list[Edit]]]:
    """Yields calls that name the only output, where it stands, and edits that name it no more."""
    seen: set[int] = set()
    for call in program.methods("compile", *_TRAINS, "fit_generator"):
        model = program.model_of(call.receiver)
        if model is None or not _has_one_output(model):
            continue
        loss = call.expression(1, "loss") if model.kind == "sequential" else None
        losses = [loss] if loss is not None else []  # of a model without names of outputs
        given = losses if call.method == "compile" else _targets(program, call)
        for node in given:
            named = _only(program, node)
            if named is not None and id(named) not in seen:
                seen.add(id(named))
                read = program.read_at(node)
                alone = read is None or len(read.uses) == 1
                value = program.source(named.values[0])
                yield call, node, [replace(named, value)] if alone else []


def outputs_of(program: Program, model: Model) -> tuple[int, Call | None]:
    """Returns how many outputs a model has, 0 if that is not known.

    Where a parameter tells the number, what is returned is its default, and what counts to it.
    """
    value = model.call.value(1, "outputs", "output") if model.call else None
    if isinstance(value, Operation) and isinstance(value.node, ast.ListComp):
        return _rounds(value.operands[-1])
    added = program.appended[id(value)]
    if not added:
        return (len(value.items) if isinstance(value, Display) else 0), None
    around = [
        one for one in program.outward(added[0].node) if isinstance(one, (ast.For, ast.While))
    ]
    once = len(added) == len(around) == 1 and not (added[0].guards or getattr(value, "items", ()))
    loop = around[0] if once else None
    return _rounds(program.value_at(loop.iter)) if isinstance(loop, ast.For) else (0, None)


def _rounds(source: Value | None) -> tuple[int, Call | None]:
    """Returns how often `range` counts, and its call where a parameter tells that."""
    call = source.call if isinstance(source, Result) and len(source.call.args) == 1 else None
    given = call.args[0] if call is not None and call.name == "builtins.range" else None
    told = given.default if isinstance(given, Parameter) else given
    number = told.value if isinstance(told, Constant) and isinstance(told.value, int) else 0
    return number, call if isinstance(given, Parameter) else None


def _has_one_output(model: Model) -> bool:
    """Tells whether a model has one output for certain, and this without a name of its own."""
    outputs = model.call.value(1, "outputs") if model.call is not None else None
    if isinstance(outputs, Display):
        return len(outputs.items) == 1
    return model.kind == "sequential" or (
        model.kind == "functional" and isinstance(outputs, Result)
    )


def _targets(program: Program, call: Call) -> Iterator[ast.expr]:
    """Yields what is given as targets, also to validate on, and by a generator."""
    node, value = call.expression(0, "x", "generator"), call.value(0, "x", "generator")
    function = program.generator(node, value)
    parts = ast.walk(function.node) if function is not None else ()
    batches = [part.value for part in parts if isinstance(part, ast.Yield)]
    for batch in (*batches, call.expression(None, "validation_data")):
        if isinstance(batch, ast.Tuple) and len(batch.elts) > 1:
            yield batch.elts[1]
    targets = call.expression(1, "y") if call.method != "fit_generator" else None
    if targets is not None:
        yield targets


def _only(program: Program, node: ast.expr) -> ast.Dict | None:
    """Returns the dictionary of one key that is written there, or before under a name."""
    read = program.read_at(node)
    value = read.value if read is not None else None
    written = value.node if isinstance(value, Mapping) else node
    single = isinstance(written, ast.Dict) and len(written.keys) == 1 and written.keys[0]
    return written if isinstance(written, ast.Dict) and single else None


def refused_names(program: Program) -> Iterator[tuple[Call, str, str, list[Edit]]]:
    """Yields what has a name that is refused, the name, the sign in it, and edits of all of it."""
    wrong: defaultdict[str, list[ast.Constant]] = defaultdict(list)
    made = program.calls("keras.layers.*", "keras.Input", "keras.Model", "keras.Sequential")
    signs = _REFUSED if program.method_calls("predict", "fit_generator", *_TRAINS) else _SLASH
    named = [(call, call.literal(None, "name")) for call in made]
    found = [(call, name, signs.search(name)) for call, name in named if isinstance(name, str)]
    for node in program.nodes_of(ast.Constant) if any(sign for _, _, sign in found) else ():
        if isinstance(node.value, str) and ("/" in node.value or _is_name(program, node)):
            wrong[node.value].append(node)
    for call, name, sign in found:
        if sign is not None and (sign[0] == "/" or call.last != "Input"):
            new, nodes = signs.sub("_", name), wrong.pop(name, [])  # the first mends all
            yield call, name, sign[0], [replace_string(program, one, new) for one in nodes]


def _is_name(program: Program, node: ast.Constant) -> bool:
    """Tells whether a text is given as a name rather than shown, as a title is."""
    around = program.parents.get(id(node))
    asks = isinstance(around, ast.Call) and name_of(around.func) == "get_layer"
    return asks or (isinstance(around, ast.keyword) and around.arg == "name")
