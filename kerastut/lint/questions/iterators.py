"""Iterators, which are run through once: what is run through again is empty."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from ..semantics.facts import Definition, Result, Use
from ..semantics.program import Program
from ..semantics.values import Value

LAZY = {f"builtins.{name}" for name in ("map", "filter", "zip", "range")}
_RUNS = {"list", "tuple", "set", "dict", "sorted", "sum", "max", "min", "enumerate", "zip", "map"}
_LOOPS = (ast.For, ast.While)


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
