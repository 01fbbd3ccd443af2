"""Names and what they stand for, scope by scope; functions and classes of the document."""

import ast
from dataclasses import dataclass, field
from functools import reduce
from typing import Literal

from .facts import Definition, Guard, Result
from .values import Ref, Value, join

_ANCESTORS = 20  # that a class remembers


@dataclass(eq=False, repr=False)
class Scope:
    """A module, function, class or comprehension."""

    kind: Literal["module", "function", "class", "comprehension"]
    parent: "Scope | None" = None
    path: str = ""  # the name of the function, "" at the top
    # What is defined at this moment, a branch over what was defined before it; None: deleted.
    names: list[dict[str, Definition | None]] = field(default_factory=lambda: [{}])
    ever: dict[str, Definition] = field(default_factory=dict)  # a function in it may run later
    stars: list[Ref] = field(default_factory=list)  # the modules imported with a star
    globals: dict[str, "Scope"] = field(default_factory=dict)  # of `global` and `nonlocal`

    def get(self, name: str) -> Definition | None:
        """Returns what the name stands for in this very scope."""
        for layer in reversed(self.names):
            if name in layer:
                return layer[name]
        return None

    def lookup(self, name: str) -> Definition | None:
        """Returns what the name stands for here."""
        scope: Scope | None = self
        found: Definition | None = None
        while scope is not None:
            scope = scope.globals.get(name, scope)
            if scope is self or scope.kind != "class":
                here = scope.get(name)
                if here is not None:
                    return here
                if scope is not self:
                    found = found or scope.ever.get(name)
            scope = scope.parent
        return found

    def define(self, definition: Definition) -> None:
        """Gives a name its meaning."""
        scope = self.globals.get(definition.name, self)
        scope.names[-1][definition.name] = scope.ever[definition.name] = definition

    def top(self) -> "Scope":
        """Returns the module's scope."""
        return self if self.parent is None else self.parent.top()


@dataclass(eq=False, repr=False, slots=True)
class UserFunction(Value):
    """A function that the document defines."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    owner: "UserClass | None" = None
    returned: Value | None = None
    state: str = "new"  # new, running or done
    yields: bool = False
    guards: tuple[Guard, ...] = ()  # the conditions under which it is defined

    @property
    def marks(self) -> set[str]:
        """The names of its decorators: `staticmethod`, `property`."""
        return {getattr(mark, "id", "") for mark in getattr(self.node, "decorator_list", ())}

    @property
    def parameters(self) -> list[str]:
        """The names of all that it takes, of `*rest` and `**others` as well."""
        return [part.arg for part in ast.walk(self.node.args) if isinstance(part, ast.arg)]

    def takes(self, name: str) -> bool:
        """Tells whether an argument may be given by a name."""
        taken = self.node.args
        named = any(one.arg == name for one in (*taken.args, *taken.kwonlyargs))
        return named or taken.kwarg is not None


@dataclass(eq=False, repr=False, slots=True)
class UserClass(Value):
    """A class that the document defines."""

    node: ast.ClassDef
    bases: tuple[Value, ...]
    members: dict[str, Value] = field(default_factory=dict)
    # Classes that are no document's, near or far, by their names.
    ancestors: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        own = [base.canonical for base in self.bases if isinstance(base, Ref)]
        far = [one for base in self.bases if isinstance(base, UserClass) for one in base.ancestors]
        self.ancestors = tuple(dict.fromkeys(own + far))[:_ANCESTORS]

    def member(self, name: str) -> Value | None:
        """Returns what a class has by a name, of its own or of those of the document above it."""
        kinds = [self]
        for kind in kinds:
            if name in kind.members:
                return kind.members[name]
            above = [base for base in kind.bases if isinstance(base, UserClass)]
            kinds += above if len(kinds) < _ANCESTORS else []
        return None

    def inherits(self, *heads: str) -> bool:
        """Tells whether a base, near or far, is a class of Keras whose name begins so."""
        return any(name.startswith(heads) for name in self.ancestors)


@dataclass(eq=False, repr=False, slots=True)
class Instance(Value):
    """`self` in the methods of a class that the document defines."""

    kind: UserClass


def itself(value: Value | None) -> Value | None:
    """Returns the object that `super()` speaks of, anything else as it is."""
    upwards = value.call if isinstance(value, Result) else None
    known = upwards is not None and upwards.name == "builtins.super" and len(upwards.args) == 2
    return upwards.args[1] if known and upwards is not None else value


def kind_of(value: Value) -> UserClass | None:
    """Returns the class of the document that a value is an object of."""
    if isinstance(value, Instance):
        return value.kind
    if isinstance(value, Result) and isinstance(value.call.callee, UserClass):
        return value.call.callee
    return None


# What classes of layers and models inherit from.
LAYERS = ("keras.Layer", "keras.layers.", "keras.Model")


def is_instance_of(value: Value | None, *heads: str) -> bool:
    """Tells whether a value is `self` or `super()` in a class derived from such ones of Keras."""
    value = itself(value)
    return isinstance(value, Instance) and value.kind.inherits(*heads)


def merge(scope: Scope, branches: list[dict[str, Definition | None]]) -> None:
    """Gives a scope the names after branches: defined in any, with any's value."""
    merged: dict[str, list[Definition | None]] = {}
    unchanged: set[str] = set()  # in one of the branches, and that is listed
    for index, branch in enumerate(branches):
        for name, definition in branch.items():
            found = merged.setdefault(name, [])
            if len(found) < index and name not in unchanged:
                unchanged.add(name)
                found.append(scope.get(name))
            found.append(definition)
    for name, found in merged.items():
        if len(found) < len(branches) and name not in unchanged:
            found.append(scope.get(name))
        definitions = [one for one in found if one is not None]
        scope.names[-1][name] = reduce(_either, definitions) if definitions else None


def _either(one: Definition, other: Definition) -> Definition:
    if one is other:
        return one
    place = other.statement, other.guards, other.order, other.scope, other.node
    # A use of either is a use of the first.
    return Definition(*place, other.name, join((one.value, other.value)), one.uses)
