"""Evaluates expressions to values, and records what it meets."""

# ruff: noqa: N802  (methods are named after the nodes that they take, as in ast.NodeVisitor)

import ast
import builtins
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from typing import Any

from kerastut.lint import api
from kerastut.lint.semantics.facts import (
    Access,
    Call,
    Definition,
    Fact,
    Guard,
    Import,
    Reference,
    Subscript,
    Use,
)
from kerastut.lint.semantics.imports import refer
from kerastut.lint.semantics.scopes import Scope, merge
from kerastut.lint.semantics.values import (
    Attribute,
    Constant,
    Display,
    Instance,
    Join,
    Mapping,
    Operation,
    Part,
    Ref,
    Result,
    Undefined,
    Unknown,
    UserClass,
    UserFunction,
    Value,
    options,
)

# What Python and IPython define without an import.
_GIVEN = {
    *dir(builtins),
    *("__file__", "__builtins__", "__annotations__", "__path__", "__class__"),
    *("display", "get_ipython", "In", "Out", "_", "__", "___", "_ih", "_oh", "_dh", "exit", "quit"),
}


class Evaluator:
    """Walks through expressions. Attributes are lists of facts, in order."""

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

    def value(self, node: ast.expr | None) -> Value:
        """Returns the value of an expression."""
        if node is None:
            return Constant(None)
        method: Callable[[Any], Value] = getattr(self, f"_{type(node).__name__}", self._other)
        return method(node)

    def call_function(self, function: UserFunction, call: Call | None) -> Value:
        """Returns what a function of the document returns."""
        raise NotImplementedError

    def construct(self, kind: UserClass, call: Call) -> None:
        """Runs the constructor of a class of the document."""
        raise NotImplementedError

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

    def _other(self, node: ast.expr) -> Value:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return Unknown()

    # Names and attributes

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

    # Calls

    def _Call(self, node: ast.Call) -> Value:
        callee = self.value(node.func)
        args = tuple(self._argument(arg) for arg in node.args)
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Mapping):
                keywords |= {key: item for key, item in value.items.items() if type(key) is str}
        call = Call(*self._fact(), node, callee, args, keywords)
        call.result = Result(call)
        if isinstance(callee, Attribute):
            call.receiver, call.method = callee.of, callee.name
        elif isinstance(node.func, ast.Attribute) and isinstance(callee, UserFunction):
            call.method = node.func.attr
        self.calls.append(call)
        if isinstance(callee, UserFunction):
            call.result = self.call_function(callee, call)
        elif isinstance(callee, UserClass):
            self.construct(callee, call)
        elif isinstance(callee, Ref) and callee.name in ("builtins.exec", "builtins.eval"):
            self.open = True
        return call.result

    def _argument(self, node: ast.expr) -> Value:
        value = self.value(node)
        return Unknown() if isinstance(node, ast.Starred) else value

    # Literals and operators

    def _Constant(self, node: ast.Constant) -> Value:
        return Constant(node.value)

    def _UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = self.value(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(value, Constant):
            number = value.value
            if isinstance(number, (int, float, complex)):
                return Constant(-number)
        return Operation(node, (value,))

    def _BinOp(self, node: ast.BinOp) -> Value:
        return Operation(node, (self.value(node.left), self.value(node.right)))

    def _BoolOp(self, node: ast.BoolOp) -> Value:
        first = self.value(node.values[0])
        with self._guard(Guard(node.values[0])):
            rest = tuple(self.value(item) for item in node.values[1:])
        return Operation(node, (first, *rest))

    def _Compare(self, node: ast.Compare) -> Value:
        return Operation(
            node, (self.value(node.left), *(self.value(item) for item in node.comparators))
        )

    def _JoinedStr(self, node: ast.JoinedStr) -> Value:
        return Operation(node, tuple(self.value(item) for item in node.values))

    def _FormattedValue(self, node: ast.FormattedValue) -> Value:
        value = self.value(node.value)
        if node.format_spec is not None:
            self.value(node.format_spec)
        return value

    def _Tuple(self, node: ast.Tuple) -> Value:
        return Display(node, tuple(self._argument(item) for item in node.elts))

    def _List(self, node: ast.List) -> Value:
        return Display(node, tuple(self._argument(item) for item in node.elts))

    def _Set(self, node: ast.Set) -> Value:
        return Display(node, tuple(self._argument(item) for item in node.elts))

    def _Dict(self, node: ast.Dict) -> Value:
        items: dict[object, Value] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            name = self.value(key) if key is not None else Unknown()
            value = self.value(item)
            if isinstance(name, Constant) and name.value.__hash__ is not None:
                items[name.value] = value
        return Mapping(node, items)

    def _Subscript(self, node: ast.Subscript) -> Value:
        of, key = self.value(node.value), self.value(node.slice)
        stores = isinstance(node.ctx, ast.Store)
        self.subscripts.append(Subscript(*self._fact(), node, of, key, stores))
        if isinstance(of, (Display, Mapping)) and isinstance(key, Constant) and not stores:
            return _item(of, key.value, node)
        return Part(of, key.value if isinstance(key, Constant) else None, node)

    def _IfExp(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        with self._guard(Guard(node.test)):
            return Join((self.value(node.body), self.value(node.orelse)))

    def _NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        scope = self._scope
        while self._scope.kind == "comprehension" and self._scope.parent is not None:
            self._scope = self._scope.parent
        self.define(node.target, node.target.id, value)
        self._scope = scope
        return value

    def _Yield(self, node: ast.Yield | ast.YieldFrom) -> Value:
        self.value(node.value)
        if self._running:
            self._running[-1].yields = True
        return Unknown()

    _YieldFrom = _Yield

    def _Lambda(self, node: ast.Lambda) -> Value:
        function = UserFunction(node, self._scope)
        self.functions.append(function)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            self.value(default)
        return function

    # Comprehensions

    def _ListComp(self, node: ast.ListComp) -> Value:
        return self._comprehension(node, node.generators, (node.elt,))

    _SetComp = _GeneratorExp = _ListComp

    def _DictComp(self, node: ast.DictComp) -> Value:
        return self._comprehension(node, node.generators, (node.key, node.value))

    def _comprehension(
        self, node: ast.expr, generators: Iterable[ast.comprehension], heads: tuple[ast.expr, ...]
    ) -> Value:
        outer, sources = self._scope, []
        for generator in generators:
            sources.append(self.value(generator.iter))
            if self._scope is outer:
                self._scope = Scope("comprehension", outer, outer.path)
            self.bind(generator.target, Part(sources[-1]))
            for condition in generator.ifs:
                self.value(condition)
        values = tuple(self.value(head) for head in heads)
        self._scope = outer
        return Operation(node, (*values, *sources))

    # Targets

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


def kind_of(value: Value) -> UserClass | None:
    """Returns the class of the document that a value is an object of."""
    if isinstance(value, Instance):
        return value.kind
    if isinstance(value, Result) and isinstance(value.call.callee, UserClass):
        return value.call.callee
    return None


def _single(value: Value) -> Value:
    """Returns one reference where branches import the same thing in several ways."""
    if isinstance(value, Join):
        found = list(options(value))
        if all(isinstance(option, Ref) for option in found):
            names = {option.canonical for option in found if isinstance(option, Ref)}
            if len(names) == 1:
                return found[0]
    return value


def _item(of: Display | Mapping, key: object, node: ast.Subscript) -> Value:
    if isinstance(of, Mapping):
        return of.items.get(key) or Part(of, key, node)
    if isinstance(key, int) and -len(of.items) <= key < len(of.items):
        return of.items[key]
    return Part(of, key, node)


def _unpacked(value: Value, targets: list[ast.expr], index: int) -> Value:
    starred = any(isinstance(target, ast.Starred) for target in targets)
    if isinstance(value, Display) and len(value.items) == len(targets) and not starred:
        return value.items[index]
    return Part(value, None if starred else index)


__all__ = ["Evaluator", "Fact", "kind_of"]
