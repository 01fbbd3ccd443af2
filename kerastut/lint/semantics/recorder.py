"""The state of a walk through a program: scopes, guards, and the facts that were met."""

import ast
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from kerastut.lint.semantics.facts import (
    Access,
    Call,
    Definition,
    Guard,
    Import,
    Reference,
    Subscript,
    Use,
)
from kerastut.lint.semantics.scopes import Scope, merge
from kerastut.lint.semantics.values import UserFunction, Value


class Recorder:
    """Records facts. Attributes are lists of facts, in order."""

    def __init__(self, legacy: bool) -> None:
        self.legacy = legacy
        self.calls: list[Call] = []
        self.imports: list[Import] = []
        self.references: list[Reference] = []
        self.subscripts: list[Subscript] = []
        self.accesses: list[Access] = []
        self.definitions: list[Definition] = []
        self.uses: list[Use] = []
        self.functions: list[UserFunction] = []
        self.open = False  # whether names may come from somewhere that cannot be read
        self._scope = Scope("module")
        self._guards: list[Guard] = []
        self._statement: ast.stmt = ast.Pass(lineno=1, col_offset=0)
        self._count = 0
        self._running: list[UserFunction] = []

    def _fact(self) -> tuple[ast.stmt, tuple[Guard, ...], int, str]:
        self._count += 1
        return self._statement, tuple(self._guards), self._count, self._scope.path

    def define(self, node: ast.AST, name: str, value: Value) -> Definition:
        """Gives a name a value in the current scope."""
        definition = Definition(*self._fact(), node, name, value)
        self._scope.define(definition)
        self.definitions.append(definition)
        return definition

    @contextmanager
    def _guard(self, guard: Guard) -> Any:
        self._guards.append(guard)
        try:
            yield
        finally:
            self._guards.pop()

    def branch(self, *paths: Callable[[], bool]) -> None:
        """Walks through branches, each from here; after them, names have what any gave them.

        Args:
            *paths: Walk one branch and tell whether its end is reached.
        """
        before = self._scope.names
        after: dict[str, Definition] | None = None
        for path in paths:
            self._scope.names = dict(before)
            if path():
                ends = self._scope.names
                after = ends if after is None else merge(after, ends)
        self._scope.names = before if after is None else after
