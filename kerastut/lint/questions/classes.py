"""Classes of a program: what they are derived from."""

import ast

from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.scopes import UserClass
from ..semantics.values import Ref


def base_of(program: Program, call: Call) -> str:
    """Returns the class of Keras whose `__init__` a class derived from it alone calls, or ""."""
    upwards = call.receiver.call.name if isinstance(call.receiver, Result) else ""
    starts = upwards == "builtins.super" and call.method == "__init__"
    node: ast.AST | None = call.node if starts else None
    while node is not None and not isinstance(node, ast.ClassDef):
        node = program.parents.get(id(node))
    kinds = [one.value for one in program.definitions_at[id(node)]]
    bases = [base for kind in kinds if isinstance(kind, UserClass) for base in kind.bases]
    base = bases[0] if len(bases) == 1 else None
    name = base.canonical if isinstance(base, Ref) and base.via in ("keras", "tf") else ""
    # What derived classes tell the arguments of is not known here.
    return name if name.count(".") == 2 and not name.endswith(".Optimizer") else ""
