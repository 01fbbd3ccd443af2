"""What callbacks are given, and which of them is a board."""

import ast
import re

from ..semantics.facts import Result
from ..semantics.scopes import is_instance_of
from ..semantics.values import Join, Operation, Parameter, Part, Value

_BOARD, _TENSORBOARD = re.compile(r"callback|board|^tb"), "keras.callbacks.TensorBoard"


def is_board(value: Value, name: str) -> bool:
    """Tells whether a value is a callback of TensorBoard; a function may be given one."""
    made = value.call.name if isinstance(value, Result) else ""
    given = isinstance(value, Parameter) and name == "writer" and _BOARD.search(value.name)
    return bool(given) or made == _TENSORBOARD or is_instance_of(value, _TENSORBOARD)


def is_logged(value: Value | None) -> bool:
    """Tells whether a value is one of the `logs` that a callback is given."""
    while not isinstance(value, Parameter):
        match value:
            case Part(of=whole):
                value = whole
            case Result(call=call) if call.method in ("get", "items", "values"):
                value = call.receiver
            case Operation(node=ast.BoolOp(), operands=items) | Join(options=items):
                value = items[0]
            case _:
                return False
    return value.name == "logs"
