"""Iterators, which are run through once: what is run through again is empty."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from ..semantics.facts import Call, Definition, Result, Use
from ..semantics.program import Program
from ..semantics.scopes import UserFunction, kind_of
from ..semantics.values import Value, options

LAZY = {f"builtins.{name}" for name in ("map", "filter", "zip", "range")}
_RUNS = {"list", "tuple", "set", "dict", "sorted", "sum", "max", "min", "enumerate", "zip", "map"}
_LOOPS = (ast.For, ast.While)
_ITERATORS = {f"builtins.{name}" for name in ("map", "filter", "zip", "enumerate", "iter")}
_FED = ("fit", "fit_generator", "evaluate", "evaluate_generator", "predict", "predict_generator")
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
    function = program.generators.get(id(node)) or program.generators.get(id(value))
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
