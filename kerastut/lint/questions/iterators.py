"""Iterators, which are run through once, and are no lists: how they are asked for the next."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from ..semantics.facts import Call, Definition, Result, Use
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.scopes import UserFunction, kind_of
from ..semantics.values import Value, options
from .classes import classes
from .training import FITS, SCORES

LAZY = {f"builtins.{name}" for name in ("map", "filter", "zip", "range")}
_RUNS = {"list", "tuple", "set", "dict", "sorted", "sum", "max", "min", "enumerate", "zip", "map"}
_LOOPS = (ast.For, ast.While)
_OF_NUMPY = "array asarray mean sum max min std var median average stack vstack hstack concatenate"
_TAKING_LISTS = ("builtins.len", *(f"numpy.{name}" for name in _OF_NUMPY.split()))
_TAKING_LISTS += ("random.shuffle", "tensorflow.random.shuffle", "numpy.random.shuffle")
_IN_PLACE = ("sort", "append", "extend", "reverse")
# What gives iterators, and no list.
_GIVING = {f"itertools.{name}" for name in ("count", "cycle", "islice", "product", "chain")}
_GIVING |= {f"builtins.{name}" for name in ("open", "enumerate", "zip", "map", "filter")}
_GIVING |= {"os.walk", "csv.reader", "csv.DictReader", "codecs.open", "glob.iglob", "re.finditer"}
_ROWS = ("iterrows", "itertuples")
_ITERATORS = {f"builtins.{name}" for name in ("map", "filter", "zip", "enumerate", "iter")}
_FED = (*FITS, *SCORES)
_RUN_THROUGH = {"__iter__", "__next__", "next", "__getitem__"}  # in classes without a base
_IN_EPOCHS = ["steps_per_epoch", "epochs", "nb_epoch", "validation_data", "samples_per_epoch"]
_IN_EPOCHS += ["verbose", "steps", "workers", "use_multiprocessing", "max_queue_size", "callbacks"]


def used_up(program: Program) -> Iterator[Value]:
    """Yields what `pairs = zip(a, b)` gives, where `pairs` is run through twice, or in a loop."""
    for made in program.definitions:
        call = made.value.call if isinstance(made.value, Result) else None
        if call is None or call.name not in LAZY or call.last == "range":
            continue
        assigned = getattr(program.parents.get(id(made.node)), "value", None)
        runs = [use for use in made.uses if assigned is call.node and _runs(program, use)]
        twice = any(not one.excludes(other) for one, other in pairwise(runs))
        if twice or any(_is_repeated(program, made, use) for use in runs):
            yield made.value


def _runs(program: Program, use: Use) -> bool:
    """Tells whether a loop, or a function of Python, runs through what a name stands for."""
    around = program.parents.get(id(use.node))
    if isinstance(around, ast.Call):
        return getattr(around.func, "id", "") in _RUNS and use.node in around.args
    return isinstance(around, (ast.For, ast.comprehension)) and around.iter is use.node


def _is_repeated(program: Program, made: Definition, use: Use) -> bool:
    """Tells whether a name is run through in a loop outside of which it got its value."""
    steps = pairwise(program.outward(use.node))
    loops = (outer for inner, outer in steps if inner is not getattr(outer, "iter", None))
    loop = next((one for one in loops if isinstance(one, _LOOPS)), None)
    inside = any(one is loop for one in program.outward(made.node))
    return loop is not None and not inside and made.scope == use.scope


def wanted_as_lists(program: Program) -> Iterator[Value]:
    """Yields what is used as only lists can be."""
    for item in program.subscripts:
        made = item.of.call if isinstance(item.of, Result) else None
        if made is not None and (made.name != "builtins.range" or item.stores):
            yield item.of
    for node in program.nodes_of(ast.BinOp):
        sides = program.value_at(node.left), program.value_at(node.right)
        lazy = [one for one in sides if isinstance(one, Result) and is_lazy(program, one.call)]
        listed = len(lazy) == 2 or any(map(_is_list, (node.left, node.right)))
        if isinstance(node.op, ast.Add) and listed:  # an array takes some of them
            yield from lazy
    yield from (one.receiver for one in program.method_calls(*_IN_PLACE) if one.receiver)
    for call in (one for one in program.calls(*_TAKING_LISTS) if one.args):
        value = call.args[0]
        made = value.call if isinstance(value, Result) else None
        viewed = made is not None and (made.name == "builtins.range" or made.method == "keys")
        viewed = viewed or (call.last == "len" and made is not None and made.method is not None)
        if not viewed or call.last == "shuffle":
            yield value


def _is_list(node: ast.expr) -> bool:
    name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
    return isinstance(node, (ast.List, ast.ListComp)) or name in ("list", "sorted")


def is_lazy(program: Program, made: Call) -> bool:
    """Tells whether a call gave a list in Python 2, and gives none today."""
    if made.method is None:
        return made.name in LAZY
    tables = "pandas" in program.packages  # whose columns are keys as well
    view = made.method in ("keys", "values", "items") and not (made.node.args or made.node.keywords)
    return view and not (tables and made.method == "keys")


def read_by_next(program: Program) -> Iterator[Call]:
    """Yields `batches.next()` of what has no such method in Python 3."""
    kinds = {id(program.parents.get(id(method))) for _, method in without_next(program)}
    for call in program.method_calls("next"):
        made = call.receiver.call if isinstance(call.receiver, Result) else None
        reads = made is not None and (made.method or made.last).startswith("flow")
        reads = reads or id(call.receiver) in program.generators
        reads = reads or isinstance(call.owner, ast.GeneratorExp)
        reads = reads or (made is not None and (made.name in _GIVING or made.method in _ROWS))
        # `self.source.next()` of a class that is asked so itself.
        kept = isinstance(call.owner, ast.Attribute)
        reads = reads or (kept and id(program.around(call.node, ast.ClassDef)) in kinds)
        if reads and not call.node.args:
            yield call


def without_next(program: Program) -> Iterator[tuple[Definition, ast.FunctionDef]]:
    """Yields the classes that Python 2 alone runs through, and their method `next`."""
    for made, kind, methods in classes(program):
        bases = {name_of(base) for base in kind.node.bases}
        own = bases <= {"object"} and not kind.node.keywords and not kind.node.decorator_list
        if own and {"__iter__", "next"} <= {*methods} and "__next__" not in kind.members:
            yield made, methods["next"]


def plain_iterators(program: Program) -> Iterator[tuple[Call, ast.expr, str, bool]]:
    """Yields where a model is given what can only be run through, what, and if a loop can do so.

    Keras takes generators, data sets of `tf.data` and `PyDataset`, and no other iterator.
    """
    ours = {id(one) for one in program.methods(*_FED)}
    for call in program.all_calls:
        named = program.method_of(call) if call.has(*_IN_EPOCHS) else ""
        if id(call) not in ours and named not in _FED:
            continue
        data = call.given(0, "x", "generator"), call.given(None, "validation_data")
        for value, node in filter(None, data):
            found = (_iterator(program, one, node) for one in options(value))
            name, runs = next(filter(None, found), ("", False))
            if name:
                yield call, node, f"{name}(...)", runs


def _iterator(program: Program, value: Value, node: ast.expr) -> tuple[str, bool] | None:
    """Returns what makes an iterator that is no generator, and whether a loop runs through it."""
    function = program.generator(node, value)
    for mark in getattr(function.node, "decorator_list", ()) if function else ():
        wrapper = program.value_at(mark)  # which hands on an object with a lock
        inner = wrapper.returned if isinstance(wrapper, UserFunction) else None
        value = inner.returned or value if isinstance(inner, UserFunction) else value
    call = value.call if isinstance(value, Result) else None
    if call is not None and (call.name in _ITERATORS or call.name.startswith("itertools.")):
        return call.last, True
    if call is not None and call.method == "as_numpy_iterator":
        return call.method, True
    kind = kind_of(value)
    if kind is None or any(getattr(one, "name", "") != "builtins.object" for one in kind.bases):
        return None
    own = "__array__" in kind.members or _RUN_THROUGH.isdisjoint(kind.members)
    return None if own else (kind.node.name, "__iter__" in kind.members)
