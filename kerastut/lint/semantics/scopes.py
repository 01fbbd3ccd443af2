"""Names and what they stand for, scope by scope; functions and classes of the document."""

import ast
from dataclasses import dataclass, field
from typing import Literal

from .facts import Definition, Result
from .values import Join, Ref, Unknown, Value, options


@dataclass(eq=False, repr=False)
class Scope:
    """A module, function, class or comprehension."""

    kind: Literal["module", "function", "class", "comprehension"]
    parent: "Scope | None" = None
    path: str = ""  # the name of the function, "" at the top
    names: dict[str, Definition] = field(default_factory=dict)  # what is defined at this moment
    ever: dict[str, Definition] = field(default_factory=dict)  # a function in it may run later
    stars: list[Ref] = field(default_factory=list)  # the modules imported with a star
    globals: dict[str, "Scope"] = field(default_factory=dict)  # of `global` and `nonlocal`

    def lookup(self, name: str) -> Definition | None:
        """Returns what the name stands for here."""
        scope: Scope | None = self
        found: Definition | None = None
        while scope is not None:
            scope = scope.globals.get(name, scope)
            if scope is self or scope.kind != "class":
                if name in scope.names:
                    return scope.names[name]
                if scope is not self:
                    found = found or scope.ever.get(name)
            scope = scope.parent
        return found

    def define(self, definition: Definition) -> None:
        """Gives a name its meaning."""
        scope = self.globals.get(definition.name, self)
        scope.names[definition.name] = scope.ever[definition.name] = definition

    def top(self) -> "Scope":
        """Returns the module's scope."""
        return self if self.parent is None else self.parent.top()


@dataclass(eq=False, repr=False)
class UserFunction(Value):
    """A function that the document defines."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    owner: "UserClass | None" = None
    returned: Value | None = None
    state: str = "new"  # new, running or done
    yields: bool = False


@dataclass(eq=False, repr=False)
class UserClass(Value):
    """A class that the document defines."""

    node: ast.ClassDef
    bases: tuple[Value, ...]
    members: dict[str, Value] = field(default_factory=dict)

    def inherits(self, *heads: str) -> bool:
        """Tells whether a base, near or far, is a class of Keras whose name begins so."""
        return any(
            (isinstance(base, Ref) and base.canonical.startswith(heads))
            or (isinstance(base, UserClass) and base is not self and base.inherits(*heads))
            for base in self.bases
        )


@dataclass(eq=False, repr=False)
class Instance(Value):
    """`self` in the methods of a class that the document defines."""

    kind: UserClass


def kind_of(value: Value) -> UserClass | None:
    """Returns the class of the document that a value is an object of."""
    if isinstance(value, Instance):
        return value.kind
    if isinstance(value, Result) and isinstance(value.call.callee, UserClass):
        return value.call.callee
    return None


def is_instance_of(value: Value | None, *heads: str) -> bool:
    """Tells whether a value is `self` in a class that inherits from such a class of Keras."""
    return isinstance(value, Instance) and value.kind.inherits(*heads)


def merge(one: dict[str, Definition], other: dict[str, Definition]) -> dict[str, Definition]:
    """Returns the names after two branches: defined in either, with either's value."""
    merged = dict(one)
    for name, definition in other.items():
        mine = merged.setdefault(name, definition)
        if mine is not definition:
            merged[name] = _either(mine, definition)
    return merged


def _either(one: Definition, other: Definition) -> Definition:
    values = {id(option): option for value in (one.value, other.value) for option in options(value)}
    value = Join(tuple(values.values())) if len(values) <= 4 else Unknown()
    place = other.statement, other.guards, other.order, other.scope, other.node
    # A use of either is a use of the first.
    return Definition(*place, other.name, value, one.uses)
