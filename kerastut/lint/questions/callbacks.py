"""What callbacks are given, and which of them is a board."""

import ast
import re

from ..semantics.facts import Result
from ..semantics.program import Program
from ..semantics.scopes import is_instance_of
from ..semantics.values import Attribute, Join, Operation, Parameter, Part, Value

_BOARD, _TENSORBOARD = re.compile(r"callback|board|^tb"), "keras.callbacks.TensorBoard"
_SCORES = ("evaluate", "train_on_batch", "test_on_batch")


def is_board(value: Value, name: str) -> bool:
    """Tells whether a value is a callback of TensorBoard; a function may be given one."""
    made = value.call.name if isinstance(value, Result) else ""
    given = isinstance(value, Parameter) and name == "writer" and _BOARD.search(value.name)
    return bool(given) or made == _TENSORBOARD or is_instance_of(value, _TENSORBOARD)


def is_logged(program: Program, value: Value | None, name: str) -> bool:
    """Tells whether a value is one of the `logs` of a callback, or what training gives back.

    What is called so elsewhere may be a table, which has a mean.
    """
    part = False
    while not isinstance(value, Parameter):
        match value:
            case Part(of=whole):
                value, part = whole, True
            case Result(call=call) if call.method in ("get", "items", "values"):
                value = call.receiver
            case Result(call=call) if call.method in _SCORES and call.receiver is not None:
                return program.is_model(call.receiver)
            case Attribute(of=Result(call=call), name="history") if part and call.receiver:
                return call.method == "fit" and program.is_model(call.receiver)
            case Operation(node=ast.BoolOp(), operands=items) | Join(options=items):
                value = items[0]
            case _:
                return False
    return value.name == "logs" and name in ("item", "numpy")
