"""Sizes of layers and places in tensors: what is one, and how strictly it has to be an integer."""

import ast
import re
from collections.abc import Iterator

from ..rules import api
from ..semantics.facts import Call, Subscript
from ..semantics.program import Program
from ..semantics.values import Display, Value
from .arrays import is_number
from .tensors import is_symbolic

# What takes sizes that have to be integers of Python first, and what takes only no float there;
# the second size of both is as strict.
_SIZED = {"Dense", "LSTM", "GRU", "SimpleRNN", "RepeatVector", "Embedding", "MultiHeadAttention"}
_WINDOWS = re.compile(
    r"((Max|Average|Avg)Pool(ing)?|UpSampling|ZeroPadding|Cropping|DepthwiseConv)[123]D"
)
_FILTERS = re.compile(r"((Separable)?Conv[123]D(Transpose)?|ConvLSTM[123]D)")
_SHAPES = ("shape", "target_shape", "input_shape", "batch_shape", "batch_input_shape")
_TWICE = {"Embedding", "MultiHeadAttention"}


def sizes(call: Call) -> Iterator[tuple[Value, ast.expr, bool]]:
    """Yields what has to be integers, and whether those of NumPy are refused as well."""
    first = 0 if call.last in ("Reshape", "Input") or call.method == "add_weight" else None
    shape = call.value(first, *_SHAPES)
    if isinstance(shape, Display):
        nodes = getattr(shape.node, "elts", ())
        yield from ((*pair, False) for pair in zip(shape.items, nodes, strict=False))
    strict = call.last in _SIZED or _WINDOWS.fullmatch(call.last) is not None
    filters = _FILTERS.fullmatch(call.last) is not None
    names = api.arguments(call.name) or ("", "")
    given = call.given(0, names[0]) if strict or filters else None
    second = call.given(1, names[1]) if filters or call.last in _TWICE else None
    yield from ((*pair, strict or pair is second) for pair in (given, second) if pair is not None)


def places(program: Program) -> Iterator[tuple[Subscript, ast.expr, bool]]:
    """Yields what is no place in a Keras tensor, and whether it is an integer of NumPy."""
    for item in program.subscripts:
        for node in getattr(item.node.slice, "elts", [item.node.slice]):
            value = program.value_at(node)
            integer = value is not None and is_number(value)
            if value and (integer or is_symbolic(value)) and is_symbolic(item.of):
                yield item, node, integer
