"""Sizes of layers: which arguments are some, and how strictly they have to be integers."""

import ast
import re
from collections.abc import Iterator

from ..rules import api
from ..semantics.facts import Call
from ..semantics.values import Display, Value

# What takes sizes that have to be integers of Python first, and what takes only no float there;
# the second size of both is as strict.
_SIZED = {"Dense", "LSTM", "GRU", "SimpleRNN", "RepeatVector", "Embedding", "MultiHeadAttention"}
_WINDOWS = re.compile(
    r"((Max|Average|Avg)Pool(ing)?|UpSampling|ZeroPadding|Cropping|DepthwiseConv)[123]D"
)
_FILTERS = re.compile(r"((Separable)?Conv[123]D(Transpose)?|ConvLSTM[123]D)")
_TWICE = {"Embedding", "MultiHeadAttention"}


def sizes(call: Call) -> Iterator[tuple[Value, ast.expr, bool]]:
    """Yields what has to be integers, and whether those of NumPy are refused as well."""
    if call.last in ("Reshape", "Input") or call.method == "add_weight":
        shape = call.value(0, "target_shape", "shape")
        if isinstance(shape, Display):
            nodes = getattr(shape.node, "elts", ())
            yield from ((*pair, False) for pair in zip(shape.items, nodes, strict=False))
    strict = call.last in _SIZED or _WINDOWS.fullmatch(call.last) is not None
    filters = _FILTERS.fullmatch(call.last) is not None
    names = api.arguments(call.name) or ("", "")
    first = call.given(0, names[0]) if strict or filters else None
    second = call.given(1, names[1]) if filters or call.last in _TWICE else None
    yield from ((*pair, strict or pair is second) for pair in (first, second) if pair is not None)
