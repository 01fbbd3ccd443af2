"""What Keras calls with symbolic tensors: losses, metrics, and what layers do with their inputs."""

from collections.abc import Iterator

from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.scopes import LAYERS, UserFunction
from ..semantics.values import Display, Mapping, Operation, Part, Value, options
from .tensors import is_symbolic, tensorflow_name

_METHODS = {"call": LAYERS, "update_state": ("keras.metrics.", "keras.Metric")}
_MOST = 100  # values that one is made of
_KNOWN = ("numpy.shape", "numpy.ndim", "numpy.isscalar")  # of symbolic tensors as well
_OPS = ("keras.ops.shape", "keras.ops.ndim", "keras.ops.size")  # what gives no tensors


def untraceable(program: Program) -> Iterator[Call]:
    """Yields the calls of NumPy and `math` that are given symbolic tensors."""
    eager = "run_eagerly" in program.document.text or not program.imports_keras
    calls = [one for one in program.all_calls if one.name.startswith(("numpy.", "math."))]
    given = {*map(id, _parameters(program))} if calls and not eager else set()
    for call in calls if not eager else ():
        if call.name not in _KNOWN and any(_is_made_of(one, given) for one in call.args[:2]):
            yield call


def _parameters(program: Program) -> Iterator[Value]:
    """Yields the parameters of functions and methods that are tensors there."""
    for call in program.method_calls("compile"):
        taken = (call.value(1, "loss"), call.value(2, "metrics"))
        for function in (one for value in taken for one in _functions(value)):
            yield from _first(program, function, 0, 2)
    for call in program.calls("keras.layers.Lambda"):
        for function in _functions(call.value(0, "function")):
            yield from _first(program, function, 0, 1)
    for one in program.functions:
        name = getattr(one.node, "name", "")
        if one.owner is not None and one.owner.inherits("keras.losses.", "keras.Loss"):
            yield from _first(program, one, 1, 3) if name == "call" else ()
        elif one.owner is not None and one.owner.inherits(*_METHODS.get(name, ("-",))):
            yield from _first(program, one, 1, 2 if name == "call" else 3)


def _functions(value: Value | None) -> Iterator[UserFunction]:
    """Yields the functions that a loss or metrics are, alone, listed or by their outputs."""
    for one in options(value):
        if isinstance(one, UserFunction):
            yield one
        elif isinstance(one, (Display, Mapping)):
            items = one.items if isinstance(one, Display) else tuple(one.items.values())
            for item in items[:_MOST]:
                yield from _functions(item)


def _first(program: Program, function: UserFunction, start: int, stop: int) -> Iterator[Value]:
    """Yields the values of some of a function's parameters."""
    for node in function.node.args.args[start:stop]:
        yield from (one.value for one in program.definitions_at[id(node)])


def _is_made_of(value: Value, given: set[int]) -> bool:
    """Tells whether a value is a symbolic tensor: a Keras tensor, or computed of what is given."""
    waiting, seen = [value], set[int]()
    while waiting and len(seen) < _MOST:
        one = waiting.pop()
        if id(one) in given or is_symbolic(one):
            return True
        if id(one) not in seen:
            seen.add(id(one))
            match one:
                case Operation(operands=items) | Display(items=items):
                    waiting += items
                case Part(of=whole, node=node) if node is not None:
                    waiting.append(whole)
                case Result(call=call) if _is_computed(call):
                    waiting += call.args[:2]
    return False


def _is_computed(call: Call) -> bool:
    """Tells whether a call of Keras or TensorFlow gives a tensor for one."""
    return (call.name.startswith("keras.ops.") and call.name not in _OPS) or bool(
        tensorflow_name(call)
    )
