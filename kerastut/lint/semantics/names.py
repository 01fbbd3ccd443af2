"""Evaluates names and attributes, and records what they stand for."""

# ruff: noqa: N802  (methods are named after the nodes that they take, as in ast.NodeVisitor)

import ast
import builtins

from kerastut.lint.rules import api
from kerastut.lint.semantics.facts import Access, Definition, Reference, Use
from kerastut.lint.semantics.imports import refer
from kerastut.lint.semantics.recorder import Recorder
from kerastut.lint.semantics.values import (
    Attribute,
    Display,
    Join,
    Part,
    Ref,
    Undefined,
    Value,
    kind_of,
    options,
)

# What Python and IPython define without an import.
_GIVEN = {
    *dir(builtins),
    *("__file__", "__builtins__", "__annotations__", "__path__", "__class__"),
    *("display", "get_ipython", "In", "Out", "_", "__", "___", "_ih", "_oh", "_dh", "exit", "quit"),
}


class NameReader(Recorder):
    """Reads names and attributes, and gives names values."""

    def value(self, node: ast.expr | None) -> Value:
        """Returns the value of an expression."""
        raise NotImplementedError

    def _Name(self, node: ast.Name) -> Value:
        value, definition = self._read(node)
        if isinstance(value, Ref):
            self.references.append(Reference(*self._fact(), node, value, definition))
        return value

    def _Attribute(self, node: ast.Attribute) -> Value:
        chain: list[ast.Attribute] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            chain.append(base)
            base = base.value
        definition = None
        if isinstance(base, ast.Name):
            value, definition = self._read(base)
        else:
            value = self.value(base)
        for link in reversed(chain):
            value = self._member(value, link)
        if isinstance(value, Ref):
            self.references.append(Reference(*self._fact(), node, value, definition))
        return value

    def _read(self, node: ast.Name) -> tuple[Value, Definition | None]:
        definition = self._scope.lookup(node.id)
        if definition is None:
            return self._read_elsewhere(node), None
        use = Use(*self._fact(), node, node.id, definition)
        definition.uses.append(use)
        self.uses.append(use)
        return _single(definition.value), definition

    def _read_elsewhere(self, node: ast.Name) -> Value:
        """Returns the value of a name of a star import, a built-in or nothing at all."""
        stars = self._scope.top().stars[::-1]
        for provides in (api.provides, api.provided):  # what a module has today comes first
            for module in stars:
                if provides(module.name, node.id):
                    return self._attribute(module, node.id)
        if node.id in _GIVEN:
            return Ref(f"builtins.{node.id}", f"builtins.{node.id}")
        if not self.open:
            self.uses.append(Use(*self._fact(), node, node.id, None))
        return Undefined(node.id)

    def _member(self, value: Value, node: ast.Attribute) -> Value:
        if isinstance(value, Ref):
            return self._attribute(value, node.attr)
        self.accesses.append(
            Access(*self._fact(), node, value, node.attr, isinstance(node.ctx, ast.Store))
        )
        kind = kind_of(value)
        if kind is not None and node.attr in kind.members:
            return kind.members[node.attr]
        return Attribute(value, node.attr)

    def _attribute(self, ref: Ref, name: str) -> Ref:
        member = refer(f"{ref.name}.{name}", self.legacy)
        if ref.via not in (None, "keras"):
            member.via = ref.via
        return member

    def bind(self, target: ast.expr, value: Value) -> None:
        """Gives the names of an assignment's left side their values."""
        match target:
            case ast.Name():
                self.define(target, target.id, value)
            case ast.Tuple() | ast.List():
                for index, item in enumerate(target.elts):
                    self.bind(item, _unpacked(value, target.elts, index))
            case ast.Starred():
                self.bind(target.value, value)
            case ast.Attribute():
                kind = kind_of(self.value(target.value))
                self.value(target)
                if kind is not None:
                    kind.members[target.attr] = value
            case _:
                self.value(target)


def _single(value: Value) -> Value:
    """Returns one reference where branches import the same thing in several ways."""
    if isinstance(value, Join):
        found = list(options(value))
        if all(isinstance(option, Ref) for option in found):
            names = {option.canonical for option in found if isinstance(option, Ref)}
            if len(names) == 1:
                return found[0]
    return value


def _unpacked(value: Value, targets: list[ast.expr], index: int) -> Value:
    starred = any(isinstance(target, ast.Starred) for target in targets)
    if isinstance(value, Display) and len(value.items) == len(targets) and not starred:
        return value.items[index]
    return Part(value, None if starred else index)
