"""Targets and losses that are named: which of them are for a model of one output alone."""

import ast
from collections.abc import Iterator

from ..finding import Edit
from ..fixes.edits import replace
from ..semantics.facts import Call, Result
from ..semantics.models import Model
from ..semantics.program import Program
from ..semantics.values import Display, Mapping

_TRAINS = ("fit", "evaluate", "train_on_batch", "test_on_batch")


def named_for_one(program: Program) -> Iterator[tuple[Call, ast.expr, list[Edit]]]:
    """Yields calls that name the only output, where it stands, and edits that name it no more."""
    seen: set[int] = set()
    for call in program.methods("compile", *_TRAINS, "fit_generator"):
        model = program.model_of(call.receiver)
        if model is None or not _has_one_output(model):
            continue
        given = _losses(call, model) if call.method == "compile" else _targets(program, call)
        for node in given:
            named = _only(program, node)
            if named is not None and id(named) not in seen:
                seen.add(id(named))
                read = program.read_at(node)
                alone = read is None or len(read.uses) == 1
                value = program.source(named.values[0])
                yield call, node, [replace(named, value)] if alone else []


def _has_one_output(model: Model) -> bool:
    """Tells whether a model has one output for certain, and this without a name of its own."""
    outputs = model.call.value(1, "outputs") if model.call is not None else None
    if isinstance(outputs, Display):
        return len(outputs.items) == 1
    return model.kind == "sequential" or (
        model.kind == "functional" and isinstance(outputs, Result)
    )


def _losses(call: Call, model: Model) -> Iterator[ast.expr]:
    """Yields the losses of a Sequential model, which has no names of outputs."""
    loss = call.expression(1, "loss")
    if loss is not None and model.kind == "sequential":
        yield loss


def _targets(program: Program, call: Call) -> Iterator[ast.expr]:
    """Yields what is given as targets, also to validate on, and by a generator."""
    node, value = call.expression(0, "x", "generator"), call.value(0, "x", "generator")
    function = program.generators.get(id(node)) or program.generators.get(id(value))
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
