"""Where arrays come from: what they are copies of, how many rows they have, their scale."""

import ast
import math
import re
from collections.abc import Iterator

from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.values import (
    Attribute,
    Constant,
    Display,
    Join,
    Operation,
    Part,
    Undefined,
    Value,
    remembered,
)

_KEEPING_METHODS = ("astype", "reshape", "ravel", "flatten", "squeeze", "copy", "to_numpy")
_KEEPING_CALLS = re.compile(
    r"numpy\.(array|asarray|expand_dims|reshape|squeeze|ravel)"
    r"|tensorflow\.(cast|convert_to_tensor|expand_dims)"
    r"|keras\.(utils|preprocessing\.sequence)\.pad_sequences"
)
_NUMBERS = {f"numpy.{name}" for name in ("prod", "max", "amax", "min", "sum", "argmax", "round")}
_REDUCES = re.compile(r"numpy\.(argmax|argmin|a?max|a?min|mean|sum)")
_ONE_NUMBER = re.compile(r"(reduce_)?(mean|sum|max|min)")
_FILLED = re.compile(r"numpy\.(empty|ones|zeros)")
_TO_NUMBERS = ("builtins.int", "builtins.float", "builtins.len", "builtins.ord")
_SIZES = {"numpy.random.random": 0, "numpy.random.random_sample": 0, "numpy.random.normal": 2}
_SIZES |= {"numpy.random.uniform": 2, "numpy.random.randint": 2}
_IMAGES = ("mnist", "fashion_mnist", "cifar10", "cifar100")


def previous(value: Value) -> Value | None:
    """Returns what a value is a copy, another shape, another type or a slice of; else None."""
    if isinstance(value, Result):
        call = value.call
        if call.method in _KEEPING_METHODS:
            return call.receiver
        if _KEEPING_CALLS.fullmatch(call.name) and not isinstance(call.value(0), Display):
            return call.value(0, "sequences", "x")
        if call.method == "texts_to_sequences":
            return call.value(0, "texts")
    if isinstance(value, Part) and value.node is not None and _is_slice(value.node.slice):
        return value.of
    return split_of(value)


def split_of(value: Value) -> Value | None:
    """Returns what `train_test_split` makes a value of; None if it is none of its parts."""
    if isinstance(value, Part) and isinstance(value.of, Result) and isinstance(value.key, int):
        call = value.of.call
        return call.value(value.key // 2) if call.name.endswith("train_test_split") else None
    return None


def shuffles(call: Call) -> bool:
    """Tells whether a call shuffles an array in place."""
    named = isinstance(call.callee, Attribute) and call.callee.name == "shuffle"
    return bool(call.args) and (named or call.name.endswith(".shuffle"))


def is_drawn(value: Value) -> bool:
    """Tells whether a value is a part that `train_test_split` drew."""
    made = value.of.call if isinstance(value, Part) and isinstance(value.of, Result) else None
    shuffles = made is not None and made.literal(None, "shuffle") is not False
    return shuffles and split_of(value) is not None


def _is_slice(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_is_slice, node.elts))
    whole = isinstance(node, ast.Constant) and node.value in (None, ...)
    return whole or isinstance(node, ast.Slice)


@remembered
def root(value: Value) -> Value:
    """Returns what a value is a copy or a slice of, back to where it is made."""
    for _ in range(50):
        before = previous(value)
        if before is None:
            break
        value = before
    return value


def loaded(value: Value, names: tuple[str, ...] = _IMAGES) -> tuple[int, int] | None:
    """Returns (0 training or 1 test, 0 inputs or 1 labels) of an array of `keras.datasets`."""
    match value:
        case Part(of=Part(of=Result(call=call), key=0 | 1 as part), key=0 | 1 as side):
            known = call.name in [f"keras.datasets.{name}.load_data" for name in names]
            return (int(part), int(side)) if known else None
    return None


@remembered
def samples(value: Value | None) -> int | None:
    """Returns the number of rows of an array, if it is written in the document."""
    if value is None:
        return None
    source = root(value)
    if isinstance(source, Operation):
        return next((n for n in map(samples, source.operands) if n is not None), None)
    if isinstance(source, Display):  # of numbers or texts; a list of arrays has several inputs
        rows = all(isinstance(item, (Constant, Display, Operation)) for item in source.items)
        return len(source.items) or None if rows else None
    return _rows(source.call) if isinstance(source, Result) else None


def _rows(call: Call) -> int | None:
    size: Value | None = None
    if call.name in ("numpy.array", "numpy.asarray"):
        listed = call.value(0)
        return len(listed.items) or None if isinstance(listed, Display) else None
    if call.name in ("numpy.random.rand", "numpy.random.randn"):
        size = call.value(0)
    elif call.name in ("numpy.random.random", "numpy.zeros", "numpy.ones", "numpy.full"):
        size = call.value(0, "size", "shape")
    elif call.name.startswith("numpy.random."):
        size = call.value(2, "size")
    elif call.name == "numpy.linspace":
        size = call.value(2, "num")
    if isinstance(size, Display) and size.items:
        size = size.items[0]
    return size.value if isinstance(size, Constant) and isinstance(size.value, int) else None


@remembered
def rank(value: Value | None) -> int:
    """Returns how many dimensions an array of NumPy has that is made here; 0 if nobody knows."""
    call = value.call if isinstance(value, Result) else None
    if call is None or not call.name.startswith("numpy."):
        return 0
    if call.last in ("rand", "randn"):
        return call.plain if call.plain == len(call.args) else 0
    if call.name in ("numpy.array", "numpy.asarray"):
        inner = call.value(0)
        numbers = isinstance(inner, Display) and all(map(_is_number, inner.items))
        return int(numbers and not call.has("dtype", "ndmin"))
    position = 0 if _FILLED.fullmatch(call.name) else _SIZES.get(call.name)
    size = call.value(position, "size", "shape") if position is not None else None
    return len(size.items) if isinstance(size, Display) else int(is_count(size))


def is_pixels(value: Value) -> bool:
    """Tells whether an array that nothing was done to has values from 0 to 255."""
    if loaded(value) in ((0, 0), (1, 0)):
        return True
    if not isinstance(value, Result):
        return False
    drawn = value.call.name == "numpy.random.randint" or value.call.method == "integers"
    return drawn and value.call.literal(1, "high") in (255, 256)


def scale(value: Value) -> tuple[Value, float]:
    """Returns the source of an array and what it was divided by on the way, 1 if by nothing."""
    factor, one = 1.0, root(value)
    while isinstance(one, Operation) and isinstance(one.node, ast.BinOp):
        divisor = _divisor(one)
        if divisor is None:
            return one, math.nan
        factor *= divisor
        one = root(one.operands[0])
    return one, factor


def _divisor(operation: Operation) -> float | None:
    node = operation.node
    number = operation.operands[-1] if len(operation.operands) == 2 else None
    if not isinstance(number, Constant) or not isinstance(number.value, (int, float)):
        return None
    operator = getattr(node, "op", None)
    if isinstance(operator, ast.Div):
        return float(number.value)
    if isinstance(operator, ast.Mult) and number.value:
        return 1 / float(number.value)
    return 1.0 if isinstance(operator, (ast.Sub, ast.Add)) else None


def is_tokenizer(value: Value) -> bool:
    """Tells whether a value is a `Tokenizer` of Keras 2, imported or not."""
    if not isinstance(value, Result):
        return False
    callee = value.call.callee
    if isinstance(callee, Undefined):
        return callee.name == "Tokenizer"
    return value.call.name.endswith("preprocessing.text.Tokenizer")


def is_of_values(program: Program, node: ast.AST, new: str) -> bool:
    """Tells whether a `try` is for what a type of NumPy does not take, and not for its old name."""
    home, _, plain = new.rpartition(".")
    call, around = program.parents.get(id(node)), program.around(node, ast.Try)
    if home != "builtins" or around is None or not (isinstance(call, ast.Call) and call.args):
        return False
    told = " ".join(map(ast.unparse, around.handlers))
    return call.func is node and not re.search(rf"AttributeError|(?<!\.)\b{plain}\b", told)


def attribute(value: Value | None, name: str) -> Value | None:
    """Returns the object of which a value is the attribute of this name, or None."""
    return value.of if isinstance(value, Attribute) and value.name == name else None


def is_float(value: Value) -> bool:
    """Tells whether a value is a float for certain: a quotient, rounded by NumPy or not at all."""
    match value:
        case Constant(value=number):
            return isinstance(number, float)
        case Operation(node=ast.BinOp(op=ast.Div())):
            return True
        case Operation(node=ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()), operands=items):
            return any(map(is_float, items))
        case Result(call=call):
            return call.name in ("numpy.ceil", "numpy.floor", "numpy.round", "numpy.rint")
    return False


def is_quotient(program: Program, node: ast.expr, most: int = 9) -> bool:
    """Tells whether an expression divides, or adds to what is a float: `rows / 2 - size`."""
    if not isinstance(node, ast.BinOp) or not most:
        value = program.value_at(node)
        return value is not None and is_float(value)
    sums = isinstance(node.op, (ast.Add, ast.Sub, ast.Mult))
    sides = (node.left, node.right) if sums else ()
    divides = isinstance(node.op, ast.Div)
    return divides or any(is_quotient(program, one, most - 1) for one in sides)


def reduced_along(value: Value) -> Value | None:
    """Returns of what a value is the largest places, the sums or the like along an axis."""
    call = value.call if isinstance(value, Result) else None
    if call is not None and _REDUCES.fullmatch(call.name):
        return call.value(0) if call.value(1, "axis") is not None else None
    largest = call is not None and call.method in ("argmax", "argmin")
    return call.receiver if call and largest and call.value(0, "axis") is not None else None


def is_scalar(value: Value | None) -> bool:
    """Tells whether a value is one number for certain: a sum or mean of all, what is made of it."""
    match value:
        case Constant(value=number):
            return isinstance(number, (int, float))
        case Operation(operands=parts) | Join(options=parts):
            return all(map(is_scalar, parts))
        case Result(call=call) if call.ref is not None and _ONE_NUMBER.fullmatch(call.last):
            return call.plain == len(call.args) == 1 and not call.keywords
    return False


def is_counter(value: Value | None) -> bool:
    """Tells whether a value is each of the numbers that a `range` runs through."""
    made = value.of if isinstance(value, Part) and value.node is None else None
    return isinstance(made, Result) and made.call.name == "builtins.range"


def is_row(program: Program, value: Value) -> bool:
    """Tells whether a value is one row of another: by a number, by a counter, or in a loop."""
    if not isinstance(value, Part) or type(value.key) is int:
        return isinstance(value, Part)
    return value.node is None or is_counter(program.value_at(value.node.slice))


def numbers_set(program: Program) -> Iterator[tuple[ast.Subscript, ast.expr]]:
    """Yields the places of single numbers in arrays, and what is stored there."""
    for one in program.subscripts if "predict" in program.document.text else ():
        store = program.parents.get(id(one.node))
        made = one.of.call if isinstance(one.of, Result) else None
        if not isinstance(store, ast.Assign) or store.targets != [one.node]:
            continue
        if made is not None and _FILLED.fullmatch(made.name):
            size = made.value(0, "shape")
            sizes = size.items if isinstance(size, Display) else (size,)
            length = isinstance(size, Part) and attribute(size.of, "shape") is not None
            known = isinstance(size, Display) or _is_number(size) or length
            keys = one.key.items if isinstance(one.key, Display) else (one.key,)
            numbers = known and len(keys) == len(sizes) and all(map(_is_number, keys))
            if numbers and "object" not in program.source(made.node):
                yield one.node, store.value


def as_predicted(value: Value) -> Value:
    """Returns what a value has the shape of: it is rounded, scaled back, or compared."""
    match value:
        case Operation(node=ast.Compare(), operands=(whole, Constant())):
            return as_predicted(whole)
        case Result(call=call) if call.method in ("astype", "round", "copy"):
            return as_predicted(call.receiver or value)
        case Result(call=call) if call.name in ("numpy.round", "numpy.rint"):
            return as_predicted(call.value(0) or value)
        case Result(call=call) if call.method == "inverse_transform":
            return as_predicted(call.value(0) or value)
    return value


def has_rows_left(value: Value) -> bool:
    """Tells whether such a value is an array for certain: of an axis that is not the first."""
    call = value.call if isinstance(value, Result) else None
    return call is not None and call.method is None and call.literal(1, "axis") in (1, 2, 3)


def is_count(value: Value | None) -> bool:
    """Tells whether a value is a whole number, as written or counted."""
    if isinstance(value, Operation) and isinstance(value.node, ast.BinOp):
        return all(map(is_count, value.operands))
    if isinstance(value, Result):
        return value.call.name == "builtins.len"
    number = value.value if isinstance(value, Constant) else None
    return isinstance(number, int) and not isinstance(number, bool)


def is_number(value: Value) -> bool:
    """Tells whether a value is a number of NumPy: the product of a shape, the largest label."""
    if isinstance(value, Operation) and isinstance(value.node, ast.BinOp):
        return any(map(is_number, value.operands))
    if not isinstance(value, Result):
        return False
    call = value.call
    if call.name in ("builtins.max", "builtins.min") and len(call.args) > 1:
        return any(map(is_number, call.args))
    plain = len(call.args) < 2 and not call.has("axis", "keepdims")
    largest = call.method in ("max", "min") and not call.args and call.receiver is not None
    return plain and (call.name in _NUMBERS or largest)


def is_largest(value: Value | None) -> bool:
    """Tells whether a value is the largest number of an array, and no more."""
    call = value.call if isinstance(value, Result) else None
    if call is None or call.has("axis"):
        return False
    if call.name in ("builtins.int", "builtins.max") and call.args:
        return all(map(is_largest, call.args))
    return call.name in ("numpy.max", "numpy.amax") or (call.method == "max" and not call.args)


def empty_list(value: Value) -> Value | None:
    """Returns the list that a value is, or is a part of, if it begins empty."""
    value = split_of(value) or value
    made = value.call if isinstance(value, Result) else None
    empty = isinstance(value, Display) and isinstance(value.node, ast.List) and not value.items
    empty = empty or (made is not None and made.name == "builtins.list" and not made.node.args)
    return value if empty else None


def is_listed(program: Program, node: ast.expr) -> bool:
    """Tells whether a name stands for what is listed: `batch = [words, signs]`, `shuffle(x, y)`."""
    value, kinds = program.value_at(node), (ast.List, ast.ListComp)
    made = value.call if isinstance(value, Result) else None
    if made is not None and made.name == "sklearn.utils.shuffle":
        return len(made.args) > 1
    listed = isinstance(value, (Display, Operation)) and isinstance(value.node, kinds)
    return listed and isinstance(node, ast.Name)


def grows(program: Program, node: ast.expr) -> bool:
    """Tells whether a name stands for a list that a loop appends one sample after the other to."""
    value = program.value_at(node)
    start = empty_list(value) if value is not None else None
    added = program.appended[id(start)] if start is not None else ()
    return any(program.around(one.node, ast.For) for one in added)


def gathers_numbers(program: Program, value: Value) -> bool:
    """Tells whether a list begins empty, and numbers or lists of them are appended."""
    start = empty_list(value)
    added = [one.args[0] for one in program.appended[id(start)]] if start is not None else []
    return bool(added) and all(_is_number(one) or is_numbers(one) for one in added)


@remembered
def _is_number(value: Value | None) -> bool:
    """Tells whether a value is a number of Python for certain."""
    match value:
        case Constant(value=number):
            return isinstance(number, (int, float))
        case Join(options=items) | Operation(node=ast.BinOp() | ast.UnaryOp(), operands=items):
            return all(map(_is_number, items))
        case Result(call=call):
            return call.name in _TO_NUMBERS
    return is_counter(value)


@remembered
def is_numbers(value: Value | None) -> bool:
    """Tells whether a value is a list of numbers, nested or not, or such a list repeated."""
    match value:
        case Result(call=call):
            return call.method in ("texts_to_sequences", "tolist")
        case Part():
            return is_numbers(split_of(value))
        case Operation(node=ast.BinOp(op=ast.Mult() | ast.Add()), operands=items):
            return any(map(is_numbers, items))
        case Operation(node=ast.ListComp(), operands=(first, *_)):
            return _is_number(first) or is_numbers(first)
        case Display(node=ast.List(), items=items):
            return bool(items) and all(_is_number(one) or is_numbers(one) for one in items)
    return False
