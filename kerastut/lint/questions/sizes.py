"""Sizes and places: of layers, tensors and arrays, and how strictly they have to be integers."""

import ast
import re
from collections.abc import Iterator

from ..rules import api
from ..semantics.facts import Call, Subscript
from ..semantics.program import Program
from ..semantics.values import Constant, Display, Value
from .arrays import is_number
from .classes import classes
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
# What of NumPy takes sizes, and where it does if not first.
_OF_NUMPY = re.compile(
    r"numpy\.(zeros|ones|empty|full|eye|identity|reshape|linspace|random\.\w+)|tensorflow\.reshape"
)
_PLACES = {"linspace": slice(2, 3), "reshape": slice(1, 2), "choice": slice(2)}
_PLACES |= {"rand": slice(9), "randn": slice(9)}


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


def counts(program: Program) -> Iterator[tuple[Value | None, ast.expr]]:
    """Yields what has to be whole outside Keras: of `range`, in shapes of NumPy, as a length."""
    for call in program.all_calls:
        if getattr(call.callee, "name", "") in ("builtins.range", "xrange"):
            yield from zip(call.args, call.node.args, strict=False)
            continue
        given: list[ast.expr] = []
        if call.method == "add_subplot" or call.name.startswith("matplotlib.pyplot.subplot"):
            given = call.node.args[:3]
        elif call.method == "reshape" or _OF_NUMPY.fullmatch(call.name):
            where = _PLACES.get(call.last, slice("random" not in call.name))
            named = [one.value for one in call.node.keywords if one.arg in ("num", "shape", "size")]
            given = [*call.node.args[where if call.name else slice(9)], *named]
        for node in (one for whole in given for one in getattr(whole, "elts", [whole])):
            yield program.value_at(node), node
    for _, _, methods in classes(program):
        for one in ast.walk(methods["__len__"]) if "__len__" in methods else ():
            if isinstance(one, ast.Return) and one.value is not None:
                yield program.value_at(one.value), one.value


def built_otherwise(program: Program) -> Iterator[tuple[Call, ast.expr, str]]:
    """Yields where a Sequential is built for another shape than that it begins with, and this."""
    for model in program.models:
        plain = model.kind == "sequential" and model.complete and model.layers
        first = model.layers[0] if plain else None
        begins = first is not None and not first.has("batch_size", "batch_shape")
        place = 0 if first is not None and first.name == "keras.Input" else None
        shape = _whole(first.value(place, "shape", "input_shape")) if first and begins else ()
        for call in model.called("build") if shape else ():
            size, given = _whole(call.value(0, "input_shape")), call.expression(0, "input_shape")
            if size and given is not None and size != (None, *shape):
                yield call, given, str((None, *shape))


def _whole(value: Value | None) -> tuple[object, ...]:
    """Returns a shape that is written out with its numbers."""
    items = value.items if isinstance(value, Display) else ()
    known = all(isinstance(one, Constant) for one in items)
    return tuple(one.value for one in items if isinstance(one, Constant)) if known else ()
