"""What can be read of a path."""

import ast

from ..semantics import Constant, Operation, Result, Value


def tail(value: Value | None) -> str | None:
    """Returns the end of a path, with its suffix; None if the end is not known.

    The end of `folder + "/model.h5"`, of `f"{name}.h5"` and of `os.path.join(folder, "model.h5")`
    is known, the rest is not.
    """
    if isinstance(value, Constant):
        return value.value if isinstance(value.value, str) and value.value else None
    if isinstance(value, Operation) and isinstance(value.node, (ast.BinOp, ast.JoinedStr)):
        return _certain(value.operands[-1]) if value.operands else None
    if isinstance(value, Result):
        call = value.call
        if call.method == "format" and call.receiver is not None:
            return _certain(call.receiver)
        if call.last in ("join", "Path", "str", "fspath") and call.args:
            return _certain(call.args[-1]) if call.last == "join" else tail(call.args[-1])
    return None


def _certain(value: Value) -> str | None:
    """Returns an end that has a suffix, or is a name by itself."""
    end = tail(value) or ""
    return end if "." in end and not end.endswith("}") else None
