"""Evaluates expressions to values, and records what it meets."""

# ruff: noqa: N802  (methods are named after the nodes that they take, as in ast.NodeVisitor)

import ast
from collections.abc import Callable, Iterable
from typing import Any

from kerastut.lint.semantics.facts import Call, Guard, Subscript
from kerastut.lint.semantics.names import NameReader
from kerastut.lint.semantics.scopes import Scope
from kerastut.lint.semantics.values import (
    Attribute,
    Constant,
    Display,
    Join,
    Mapping,
    Operation,
    Part,
    Ref,
    Result,
    Unknown,
    UserClass,
    UserFunction,
    Value,
)


class Evaluator(NameReader):
    """Walks through expressions."""

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

    def _other(self, node: ast.expr) -> Value:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return Unknown()

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


def _item(of: Display | Mapping, key: object, node: ast.Subscript) -> Value:
    if isinstance(of, Mapping):
        return of.items.get(key) or Part(of, key, node)
    if isinstance(key, int) and -len(of.items) <= key < len(of.items):
        return of.items[key]
    return Part(of, key, node)
