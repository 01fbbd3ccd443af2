"""Tensors and arrays: what they have no longer, and what may not be done with them."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from ..finding import Edit, span_of
from ..fixes.calls import halved, rename_called
from ..fixes.edits import insert, rename_attribute, wrapped
from ..fixes.models import loss_of_tensors, tensors_of_layer
from ..fixes.moving import move_reference
from ..fixes.rewriting import as_lambda, rewrite_call
from ..fixes.tables import is_series
from ..questions.arrays import is_float, is_quotient, numbers_set
from ..questions.sizes import counts
from ..questions.tensors import (
    is_array,
    is_given_to_lambda,
    is_of_shape,
    is_symbolic,
    is_tensor,
    keeps_tensors,
    may_be_symbolic,
    may_be_tensor,
    tensorflow_name,
    tensors_read,
)
from ..questions.traced import untraceable
from ..registering import Findings, detects
from ..rules import api
from ..rules.renames import find_gone
from ..rules.rule import Rule, load_rules
from ..semantics.facts import Call, Reference, Result
from ..semantics.program import Program, bound_names
from ..semantics.scopes import LAYERS, Instance, UserFunction
from ..semantics.values import Attribute, Display, Value, options
from .names import mended

_GONE = ("get_shape", "_keras_shape", "op", "graph", "consumers", "eval")
# What arrays of NumPy have.
_OF_ARRAYS = {"T", "argmax", "argmin", "astype", "clip", "dot", "flatten", "item", "max", "mean"}
_OF_ARRAYS |= {"min", "numpy", "prod", "ravel", "std", "sum", "tolist", "transpose", "var"}
_CONVERSION = re.compile(r"%[-+ #0-9.*]*([a-zA-Z])")
_OF_NUMBERS = [f"math.{one}" for one in ("ceil", "exp", "fabs", "floor", "log", "pow", "sqrt")]
_HUB = "tensorflow_hub.KerasLayer"
# What of TensorFlow takes anything.
_TAKES_ANY = re.compile(
    r"tf\.(?:(?:debugging\.)?is_\w+|print|function|name_scope|get_static_value|tuple|group|no_op"
    r"|(?:nest|summary)\..*|compat\.v1\.(?:is_tensor|name_scope|summary\..*))"
)
_REPEATS = re.compile(r"\]\s*\*\s*\(")  # a list, as often as what is computed


@detects("KT320")
def tensor_shapes(program: Program) -> Findings:
    """Finds `get_shape()`, `max()`, `_keras_shape` and `shape.as_list()` of a symbolic tensor."""
    prepared = re.search(r"hasattr\(.*_keras_shape", program.code) or not program.imports_keras
    for access in program.accesses:
        gone = access.name in _GONE and is_tensor(program, access.of)
        word = access.name == "_keras_shape" and not (access.stores or prepared)
        gone = gone or (word and not isinstance(access.of, Instance))
        gone = gone or (access.name in _GONE[:3] and may_be_tensor(program, access.of))
        array = access.name in _OF_ARRAYS and not gone
        gone = gone or (array and (is_symbolic(access.of) or is_given_to_lambda(program, access)))
        if gone or (access.name in ("as_list", "value") and is_of_shape(program, access)):
            changes = _plain_shape(program, access.node)
            yield from program.report("KT320", access, changes, name=access.name)


@detects("KT320")
def shapes_asked_for(program: Program) -> Findings:
    """Finds `if hasattr(x, "_keras_shape"): n = ...` where nothing else gives `n` a value."""
    for call in program.calls("builtins.hasattr"):
        test = call.statement
        if call.literal(1) != "_keras_shape" or getattr(test, "test", None) is not call.node:
            continue
        last = test
        while isinstance(last, ast.If) and len(last.orelse) == 1 and _asks_shape(last.orelse[0]):
            last = last.orelse[0]
        rest = last.orelse if isinstance(last, ast.If) else []
        nodes = [node for one in getattr(test, "body", []) for node in ast.walk(one)]
        bound = {name for node in nodes for name in bound_names(node)}
        before = [one for one in program.definitions if one.order < call.order]
        known = any(one.name in bound and one.scope == call.scope for one in before)
        if (not rest and bound and not known) or (rest and isinstance(rest[-1], ast.Raise)):
            yield from program.report("KT320", call, name="_keras_shape")


def _asks_shape(node: ast.stmt) -> bool:
    """Tells whether a condition asks for a shape in another way that no tensor has any more."""
    test = node.test if isinstance(node, ast.If) else None
    named = isinstance(test, ast.Call) and getattr(test.func, "id", "") == "hasattr"
    asked = getattr(test.args[-1], "value", "") if isinstance(test, ast.Call) and test.args else ""
    return named and asked in ("_keras_shape", "int_shape")


def _plain_shape(program: Program, node: ast.Attribute) -> list[Edit]:
    """Returns the edits that read a shape as the tuple that it is."""
    end, call = span_of(node.value).end, program.parents.get(id(node))
    if node.attr == "value":
        return [Edit(end.to(span_of(node)), "")]
    if node.attr == "_keras_shape":
        return [rename_attribute(node, "shape")]
    if node.attr == "get_shape":
        asked = program.parents.get(id(call))
        if isinstance(asked, ast.Attribute) and asked.attr == "dims":
            return [Edit(end.to(span_of(asked).end), ".shape")]
        if isinstance(asked, ast.Attribute) and asked.attr == "ndims":
            return [insert(span_of(asked), "len("), Edit(end.to(span_of(asked).end), ".shape)")]
        return rename_called(program, node, "shape")
    if node.attr != "as_list" or not isinstance(call, ast.Call) or call.func is not node:
        return []
    return [insert(span_of(call), "list("), Edit(end.to(span_of(call)), ")")]


@detects("KT425")
def tensorflow_function(program: Program) -> Findings:
    """Finds `tf.reduce_mean(x)` in a functional model, `np.mean(x)` also in losses and layers."""
    rule, helpers = load_rules()["KT425"], "placeholder" not in program.document.text
    references = cache(lambda: {id(one.node): one for one in program.references})
    for call in program.all_calls:
        callee = tensorflow_name(call)
        if callee is None or _TAKES_ANY.fullmatch(callee):
            continue
        given = (*call.args[:2], *call.keywords.values())
        lists = [one.items if isinstance(one, Display) else (one,) for one in given]
        tensors = [one for items in lists for one in items]
        helps = helpers and any(map(may_be_symbolic, tensors)) and not _is_in_layer(program, call)
        if helps or any(map(is_symbolic, tensors)):
            changes = _with_ops(program, call, rule, references().get(id(call.node.func)))
            if not changes and not any(map(is_symbolic, tensors[1:])):
                changes = as_lambda(program, call)
            yield from program.report("KT425", call, changes, callee=callee)
    for call in untraceable(program):
        reference, new = references().get(id(call.node.func)), f"keras.ops.{call.last}"
        there = reference is not None and {*call.keywords} <= {*(api.arguments(new) or ())}
        changes = move_reference(program, reference, new) if reference and there else []
        callee = program.source(call.node.func)
        yield from program.report("KT425", call, changes, callee=callee)


def _with_ops(program: Program, call: Call, rule: Rule, reference: Reference | None) -> list[Edit]:
    """Returns the edits that write a function of TensorFlow as one of `keras.ops`."""
    gone = find_gone(call.ref.name, "keras") if call.ref is not None else None
    if gone is not None and reference is not None:  # of `tf.keras.backend`
        return mended(program, reference, gone)[0]
    return rewrite_call(program, call, call, rule, call.name.replace(".math.", "."))


def _is_in_layer(program: Program, call: Call) -> bool:
    """Tells whether a call stands in a class of some base, which may be a layer, or in a lambda."""
    node = program.around(call.node, ast.ClassDef, ast.Lambda)
    bases = getattr(node, "bases", [])
    return isinstance(node, ast.Lambda) or any(getattr(one, "id", "") != "object" for one in bases)


@detects("KT155")
def layers_of_hub(program: Program) -> Findings:
    """Finds `hub.KerasLayer` put into a model of Keras 3, or called on one of its tensors."""
    hubs = program.imports_keras and program.calls(_HUB)
    for call in program.all_calls if hubs else ():
        made = call.callee if isinstance(call.callee, Result) else None
        if made is not None and made.call.name == _HUB and any(map(is_symbolic, call.args)):
            yield from program.report("KT155", call)
        adds = call.method == "add" and program.model_of(call.receiver) is not None
        first = call.value(0, "layers") if adds or call.name == "keras.Sequential" else None
        for item in first.items if isinstance(first, Display) else options(first):
            if isinstance(item, Result) and item.call.name == _HUB:
                yield from program.report("KT155", item.call)


@detects("KT429")
def functions_of_tensors(program: Program) -> Findings:
    """Finds losses, `Lambda` layers and methods of layers that read tensors of the model."""
    given = [(call, call.given(1, "loss")) for call in program.methods("compile")]
    given += [(call, call.given(0, "function")) for call in program.calls("keras.layers.Lambda")]
    fields = cache(lambda: {id(one.node): one for one in program.accesses})
    for call, pair in given:
        reads = tensors_read(program, pair[0]) if pair else []
        if (
            pair
            and isinstance(pair[0], UserFunction)
            and (reads or keeps_tensors(fields(), pair[0]))
        ):
            name = getattr(pair[0].node, "name", "lambda")
            mends = call.method and reads
            changes = loss_of_tensors(program, call, pair[0], reads) if mends else []
            yield from program.report("KT429", call, changes, pair[1], "unsafe", name=name)
    for one in program.functions:
        name = getattr(one.node, "name", "")
        called = one.owner is not None and one.owner.inherits(*LAYERS) and name != "__init__"
        reads = tensors_read(program, one) if called else []
        if reads:
            changes = tensors_of_layer(program, one, reads)
            yield from program.report("KT429", one.node, changes, None, "unsafe", name=name)


@detects("KT274")
def arrays_as_numbers(program: Program) -> Findings:
    """Finds `float(model.predict(x))`, `"%f" % weights`, `numbers[i] = model.predict(x)`."""
    called = program.calls("builtins.float", "builtins.int", *_OF_NUMBERS)
    given: list[tuple[str, Call | ast.AST, Value | None, ast.expr]] = [
        (call.last, call, call.value(0), call.node.args[0]) for call in called if call.node.args
    ]
    given += [("%", node, program.value_at(node), node) for node in _formatted(program)]
    stored = ((program.source(one), node) for one, node in numbers_set(program))
    given += [(place, node, program.value_at(node), node) for place, node in stored]
    for callee, place, value, node in given:
        series = value is not None and callee in ("float", "int") and is_series(value)
        if value is not None and (series or is_array(program, value)):
            changes = [insert(span_of(node).end, ".item()")]
            yield from program.report("KT274", place, changes, at=node, callee=callee)


def _formatted(program: Program) -> Iterator[ast.expr]:
    """Yields what `"%f, %d" % (x, y)` writes as numbers."""
    for node in program.nodes_of(ast.BinOp) if "%" in program.document.text else ():
        if isinstance(node.op, ast.Mod):
            text = getattr(node.left, "value", None)
            kinds = _CONVERSION.findall(text.replace("%%", "")) if isinstance(text, str) else []
            parts = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            pairs = zip(kinds, parts, strict=False) if len(kinds) == len(parts) else ()
            yield from (part for kind, part in pairs if kind not in "rsa")


@detects("KT269")
def floats_as_counts(program: Program) -> Findings:
    """Finds `range(samples / size)`, `[0] * (n / 2)`, `x[:split]`, `numpy.zeros((n / 2, 2))`."""
    bounds = [*counts(program)]
    for one in program.nodes_of(ast.BinOp) if _REPEATS.search(program.document.text) else ():
        if isinstance(one.left, ast.List):
            repeats = isinstance(one.op, ast.Mult) and isinstance(one.right, ast.BinOp)
            bounds += [(None, one.right)] if repeats and len(one.left.elts) == 1 else []
    for item in program.subscripts:
        labels = isinstance(item.of, Attribute) and item.of.name == "loc"  # which may be floats
        cuts = getattr(item.node.slice, "elts", [item.node.slice])
        for side in cuts if not labels else ():
            ends = (side.lower, side.upper) if isinstance(side, ast.Slice) else ()
            bounds += [(program.value_at(end), end) for end in ends if end is not None]
    uses = [program.uses_at.get(id(node)) for _, node in bounds]
    places = Counter(id(use.definition) for use in uses if use is not None)
    for (value, node), use in zip(bounds, uses, strict=True):
        if is_quotient(program, node) or (value is not None and is_float(value)):
            made = use.definition if use is not None else None
            alone = made is not None and len(made.uses) == places[id(made)]
            changes = halved(program, made) if made is not None and alone else []
            changes = changes or wrapped(node, "int")
            yield from program.report("KT269", node, changes)
