"""Probabilities that NumPy draws from: those of a model are single, and NumPy counts in double."""

import ast
from collections.abc import Iterator

from ..finding import Edit
from ..fixes.edits import replace
from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.values import Operation, Part, Value
from .tensors import is_array

_PREDICTS = ("predict", "predict_on_batch", "predict_proba")
_MOST = 50  # values that one is made of


def too_coarse(program: Program) -> Iterator[tuple[Call, ast.expr, str, list[Edit]]]:
    """Yields where `multinomial` is given probabilities that may add up to more than 1 in double.

    Divided by their sum in double precision, they are what is wanted.
    """
    for call in program.all_calls:
        draws = call.name == "numpy.random.multinomial" or call.method == "multinomial"
        given = call.given(1, "pvals") if draws else None
        if given is not None and _is_single(program, given[0]):
            text = program.source(given[1])
            new = f'{text} / {text}.sum(dtype="float64")'
            plain = isinstance(given[1], ast.Name)
            yield call, given[1], new, [replace(given[1], new)] if plain else []


def _is_single(program: Program, value: Value) -> bool:
    """Tells whether a value is computed of what a model predicts, and never made double."""
    waiting, seen = [value], set[int]()
    while waiting and len(seen) < _MOST:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        match one:
            case Operation(node=ast.BinOp() | ast.UnaryOp(), operands=sides):
                double = any(isinstance(side, Result) and side.call.has("dtype") for side in sides)
                waiting += () if double else sides
            case Part(of=whole):
                waiting.append(whole)
            case Result(call=call) if call.name.startswith("numpy."):
                cast = call.last in ("array", "asarray") and len(call.args) > 1
                waiting += () if cast or call.has("dtype") else call.args[:1]
            case Result(call=call) if call.method in _PREDICTS and is_array(program, one):
                return True
    return False
