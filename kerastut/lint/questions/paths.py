"""Paths: how the names of files end that a program puts together."""

import ast
import re
from collections.abc import Iterator
from itertools import takewhile

from ..semantics.facts import Result
from ..semantics.record import name_of
from ..semantics.values import (
    Constant,
    Display,
    Join,
    Operation,
    Parameter,
    Value,
    options,
    remembered,
)
from .arrays import is_count, is_counter

LATEST = "latest_checkpoint(...)"  # which TensorFlow alone writes
COUNTED = "{epoch}"  # the end of a path that a number is put to, and no suffix
JOINS = re.compile(r"os\.(path\.(join|abspath)|getcwd)")
_ALIKE = ("join", "Path", "str", "fspath", "abspath", "realpath", "normpath", "expanduser")
_FILLED = re.compile(r"(\}|%s)$")  # an end that something is put into
_WORD = re.compile(r"(?<!keras)(?<!json)(?<=[A-Za-z]{3})$")  # what no suffix ends with
# A number, which is no suffix.
_NUMBER = re.compile(r"(%\d*[di]|%\.\d+f|\{\w*:[^{}]*[df]\}|\{(?:epoch|step|batch)\})$")
# What numbers are called that a name may end with.
_COUNTS = re.compile(
    r"(?:cur|current|n|num|best|i)?_?(?:epoch|step|iter|iteration|batch|episode|fold|round|count)s?"
    r"(?:_?(?:num|number|index|idx|count|i|n))?|[eij]|i?idx|index|num",
    re.I,
)


def tails(value: Value | None) -> list[str]:
    """Returns the ends of the paths that a value may be, as far as they are known."""
    return [path for one in _ways(value) if (path := tail(one)) is not None]


def shown(value: Value | None, path: str) -> str:
    """Returns a path for a message, with a sign for the folders before it that are not known."""
    whole = any(isinstance(one, Constant) and one.value == path for one in _choices(value))
    return f"…{path}" if path.startswith("/") and not whole else path


def _ways(value: Value | None) -> Iterator[Value]:
    """Yields the ways in which a path may end: such as `folder + ("a" if new else "b")`."""
    for option in _choices(value):
        made = option.call if isinstance(option, Result) else None
        joins = made is not None and JOINS.fullmatch(made.name) is not None
        last = made.args[-1] if made is not None and joins and made.args else None
        if isinstance(option, Operation) and _is_sum(option.node):
            last = option.operands[-1] if option.operands else None
        ends = tuple(_choices(last)) if isinstance(last, (Join, Parameter)) else ()
        # One that Keras 3 takes is for Keras 3, and the other one for what came before.
        right = any((tail(end) or "").endswith((".keras", ".weights.h5")) for end in ends)
        yield from () if right else ends or (option,)


def _is_sum(node: ast.expr) -> bool:
    """Tells whether a path ends with its last operand: `folder + name`, `f"{folder}/{name}"`."""
    added = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    filled = node.values[-1:] if isinstance(node, ast.JoinedStr) else []
    return added or any(isinstance(one, ast.FormattedValue) for one in filled)


def _choices(value: Value | None) -> Iterator[Value]:
    """Yields the values that one may be: of a parameter its default, either of `a or b`."""
    for option in options(value):
        match option:
            case Parameter(default=default):
                yield from options(default)
            case Operation(node=ast.BoolOp(), operands=sides):
                yield from (one for side in sides for one in options(side))
            case _:
                yield option


@remembered
def tail(value: Value | None, whole: bool = False) -> str | None:
    """Returns the end of a path, with its suffix; None if the end is not known.

    The end of `folder + "/model.h5"`, of `f"{name}.h5"` and of `os.path.join(folder, "model.h5")`
    is known, the rest is not.
    """
    if isinstance(value, Constant):
        return value.value if isinstance(value.value, str) and value.value else None
    if isinstance(value, Operation) and isinstance(value.node, (ast.BinOp, ast.JoinedStr)):
        operator = getattr(value.node, "op", None)
        if isinstance(operator, ast.Mod):  # "model-%d.h5" % epoch
            return _certain(value.operands[0], whole)
        last = value.operands[-1] if value.operands else None
        filled = value.node.values[-1:] if isinstance(value.node, ast.JoinedStr) else []
        if filled and isinstance(filled[0], ast.FormattedValue) and filled[0].format_spec:
            spec = ast.unparse(filled[0].format_spec)[2:-1]  # f"model-{epoch:02d}"
            return _certain(Constant(f"{{:{spec}}}"))
        if filled and isinstance(filled[0], ast.FormattedValue) and _counts(filled[0].value, last):
            return COUNTED  # f"model-{epoch}"
        folder = isinstance(operator, ast.Div)  # Path("models") / "net"
        ends = [*takewhile(_is_text, value.operands[::-1])][::-1] if not folder else []
        text = Constant("".join(str(getattr(one, "value", "")) for one in ends))
        own = _certain(last, whole=folder) if last is not None else None
        return own or _certain(text, whole or len(ends) == len(value.operands) > 0)
    if isinstance(value, Result):
        call = value.call
        if call.name == "tensorflow.train.latest_checkpoint":
            return LATEST
        if call.method == "format" and call.receiver is not None:
            counted = bool(call.node.args) and _counts(call.node.args[-1], call.args[-1])
            return _certain(call.receiver, whole, counted)
        if call.method == "zfill":
            return tail(call.receiver)
        texts = [one.value for one in call.args if isinstance(one, Constant)]
        if call.method == "replace" and len(texts) == 2:
            end = tail(call.receiver, whole)
            return end and end.replace(str(texts[0]), str(texts[1]))
        if call.name == "builtins.str" and call.args and _counts(call.node.args[0], call.args[0]):
            return COUNTED  # "model-" + str(epoch)
        parts = call.value(1 if call.last == "reduce" else 0)
        if call.last == "reduce" and isinstance(parts, Display) and parts.items:
            return _certain(parts.items[-1], whole=True)  # with `os.path.join`
        if call.method == "join" and isinstance(parts, Display):
            return tail(Operation(ast.JoinedStr([]), parts.items))
        if call.last in _ALIKE and call.args:
            joined = call.last == "join" or len(call.args) > 1
            return _certain(call.args[-1], whole=True) if joined else tail(call.args[-1])
    return None


def _is_text(value: Value) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, str)


def _counts(node: ast.expr, value: Value | None) -> bool:
    """Tells whether an expression is a whole number, or that of something by its name."""
    if is_count(value) or is_counter(value):
        return True
    node = node.left if isinstance(node, ast.BinOp) else node
    return _COUNTS.fullmatch(name_of(node)) is not None


def _certain(value: Value, whole: bool = False, counted: bool = False) -> str | None:
    """Returns an end that has a suffix, or is a name by itself: `whole`, or behind a slash."""
    end = tail(value, whole) or ""
    number = counted or _NUMBER.search(end) is not None
    named = whole or "." in end or "/" in end or number or _WORD.search(end)
    filled = not named or (_FILLED.search(end) is not None and not number)
    return end if end and not filled else None
