"""Names and what they stand for, scope by scope."""

from dataclasses import dataclass, field
from typing import Literal

from kerastut.lint.semantics.facts import Definition
from kerastut.lint.semantics.values import Join, Ref, Unknown, Value, options


@dataclass(eq=False, repr=False)
class Scope:
    """A module, function, class or comprehension.

    Attributes:
        kind: A class's names are not seen by the functions in it.
        parent: The scope around it.
        path: The name of the function, "" at the top.
        names: What is defined here at this moment.
        ever: What was defined here at any moment; a function in it may run later.
        stars: The modules that were imported with a star.
        deleted: Names that `del` has removed.
        globals: Names that a `global` or `nonlocal` sends to another scope.
    """

    kind: Literal["module", "function", "class", "comprehension"]
    parent: "Scope | None" = None
    path: str = ""
    names: dict[str, Definition] = field(default_factory=dict)
    ever: dict[str, Definition] = field(default_factory=dict)
    stars: list[Ref] = field(default_factory=list)
    globals: dict[str, "Scope"] = field(default_factory=dict)

    def lookup(self, name: str) -> Definition | None:
        """Returns what the name stands for here."""
        scope: Scope | None = self
        found: Definition | None = None
        while scope is not None:
            if name in scope.globals:
                scope = scope.globals[name]
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


def merge(one: dict[str, Definition], other: dict[str, Definition]) -> dict[str, Definition]:
    """Returns the names after two branches: defined in either, with either's value."""
    merged = dict(one)
    for name, definition in other.items():
        mine = merged.get(name)
        if mine is None:
            merged[name] = definition
        elif mine is not definition:
            merged[name] = _either(mine, definition)
    return merged


def _either(one: Definition, other: Definition) -> Definition:
    values: list[Value] = []
    for option in (*options(one.value), *options(other.value)):
        if not any(option is value for value in values):
            values.append(option)
    value: Value = Join(tuple(values)) if len(values) <= 4 else Unknown()
    joined = Definition(
        other.statement, other.guards, other.order, other.scope, other.node, other.name, value
    )
    joined.uses = one.uses  # a use of either is a use of the first
    return joined
