"""Evaluates expressions to values, and records what it meets."""

import ast
from collections.abc import Callable
from typing import Any

from .facts import Call, Guard, Reference, Result, Subscript
from .names import NameReader
from .scopes import Instance, Scope, UserClass, UserFunction
from .values import (
    Attribute,
    Constant,
    Display,
    Mapping,
    Operation,
    Part,
    Ref,
    Unknown,
    Value,
    join,
    nested,
    options,
)

_LARGEST = 1 << 64  # what greater numbers count as
_MOST = 100  # arguments that a call takes out of a dictionary
_HIDING = ("builtins.exec", "builtins.eval", "builtins.globals")  # what may define any name
_COMPILES = {"loss", "optimizer"}  # what only Keras's `compile` is given by these names
_PAIRS = (ast.ListComp, ast.GeneratorExp)
_RUNS = {f"builtins.{name}" for name in ("enumerate", "iter", "list", "reversed", "zip")}
_INDIRECT = ("builtins.dict", "builtins.getattr", "builtins.super", "functools.partial")


class Evaluator(NameReader):
    """Walks through expressions."""

    def value(self, node: ast.expr | None) -> Value:
        """Returns the value of an expression."""
        if node is None:
            return Constant(None)
        return _METHODS[type(node)](self, node)

    def call_function(self, function: UserFunction, call: Call | None) -> Value:
        """Returns what a function of the document returns."""
        raise NotImplementedError

    def _values(self, node: ast.AST) -> tuple[Value, ...]:
        """Returns the values of a node's own expressions."""
        children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return tuple(map(self.value, children))

    def _other(self, node: ast.expr) -> Value:
        self._values(node)
        return Unknown()

    # Calls

    def _Call(self, node: ast.Call) -> Value:
        callee = self.value(node.func)
        args = tuple(map(self.value, node.args))  # a starred one is unknown
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            for given in options(value) if keyword.arg is None else ():
                if isinstance(given, Mapping) and len(given.items) <= _MOST:
                    keywords |= {key: item for key, item in given.items.items() if type(key) is str}
        call = Call(*self._fact(), node, callee, args, keywords)
        call.result = Result(call)
        if isinstance(callee, Attribute):
            call.receiver, call.method = callee.of, callee.name
        elif isinstance(node.func, ast.Attribute) and isinstance(callee, UserFunction):
            call.method = node.func.attr
        self.program.all_calls.append(call)
        if call.method == "add_argument":
            self.program.add_option(call)
        if call.method == "compile" and keywords.keys() >= _COMPILES and self._is_keras:
            for option in options(call.receiver):
                option.compiled = True
        if isinstance(callee, Ref) and callee.name in _INDIRECT:
            return self._indirect(call, callee.name)
        if isinstance(callee, UserFunction):
            call.result = self.call_function(callee, call)
        elif isinstance(callee, UserClass):
            start = callee.members.get("__init__")
            if isinstance(start, UserFunction):
                self.call_function(start, call)
        elif isinstance(callee, Ref) and callee.name in _HIDING:
            self.open = True
        return call.result

    def _indirect(self, call: Call, name: str) -> Value:
        """Returns what `dict(a=1)`, `getattr(module, name)` and `partial(f, a=1)` are."""
        node, first = call.node, call.value(0)
        owner = self._running[-1].owner if self._running else None
        if name == "builtins.super" and not call.args and owner is not None:
            call.args = owner, Instance(owner)
        if name == "builtins.dict" and not call.args:
            items: dict[object, Value] = dict(call.keywords.items())
            return nested(Mapping(node, items), *items.values())
        if name == "builtins.dict" and isinstance(first, Operation):
            pair = first.operands[0] if isinstance(first.node, _PAIRS) else None
            if isinstance(pair, Display) and len(pair.items) == 2:  # `dict([(a, b) for ...])`
                return nested(Operation(ast.DictComp(node, node, []), pair.items), *pair.items)
        if name == "builtins.getattr" and isinstance(first, Ref) and len(call.args) > 1:
            member = call.literal(1)
            if isinstance(member, str):
                found = self._attribute(first, member)
                self.program.references.append(Reference(*self._fact(), node, found, None))
                return found
            return Ref(f"{first.name}.*", f"{first.canonical}.*", first.via)
        if name == "functools.partial" and isinstance(first, Ref) and call.certain(0):
            inner = ast.copy_location(ast.Call(node.args[0], node.args[1:], node.keywords), node)
            made = Call(*self._fact(), inner, first, call.args[1:], call.keywords)
            made.result = call.result
            self.program.all_calls.append(made)
        return call.result

    # Literals and operators

    def _Constant(self, node: ast.Constant) -> Value:
        if isinstance(node.value, int):  # Python does not write very long ones
            node.value = min(node.value, _LARGEST)
        return Constant(node.value)

    def _UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = self.value(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(value, Constant):
            number = value.value
            if isinstance(number, (int, float, complex)):
                return Constant(-number)
        return nested(Operation(node, (value,)), value)

    def _BinOp(self, node: ast.BinOp) -> Value:  # by itself: long sums are nested deeply
        operands = self.value(node.left), self.value(node.right)
        return nested(Operation(node, operands), *operands)

    def _operation(self, node: ast.expr) -> Value:
        values = self._values(node)
        return nested(Operation(node, values), *values)

    _Compare = _JoinedStr = _operation

    def _BoolOp(self, node: ast.BoolOp) -> Value:
        first = self.value(node.values[0])
        with self._guard(Guard(node.values[0])):
            values = first, *map(self.value, node.values[1:])
        return nested(Operation(node, values), *values)

    def _FormattedValue(self, node: ast.FormattedValue) -> Value:
        return self._values(node)[0]

    def _display(self, node: ast.Tuple | ast.List | ast.Set) -> Value:
        items = tuple(map(self.value, node.elts))
        return nested(Display(node, items), *items)

    _Tuple = _List = _Set = _display

    def _Dict(self, node: ast.Dict) -> Value:
        items: dict[object, Value] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            name = self.value(key) if key is not None else Unknown()
            value = self.value(item)
            if isinstance(name, Constant) and name.value.__hash__ is not None:
                items[name.value] = value
        return nested(Mapping(node, items), *items.values())

    def _Subscript(self, node: ast.Subscript) -> Value:
        of, key = self.value(node.value), self.value(node.slice)
        stores = isinstance(node.ctx, ast.Store)
        self.program.subscripts.append(Subscript(*self._fact(), node, of, key, stores))
        if stores and isinstance(of, Mapping) and isinstance(key, Constant):
            of.items.setdefault(key.value, Unknown())  # whatever it is: arguments have a name
        index = key.value if isinstance(key, Constant) else None
        if isinstance(of, Operation) and isinstance(of.node, ast.DictComp) and not stores:
            return of.operands[1]
        if isinstance(key, Constant) and not stores:
            if isinstance(of, Mapping) and index in of.items:
                return of.items[index]
            if isinstance(of, Display) and isinstance(index, int):
                inside = -len(of.items) <= index < len(of.items)
                if inside:
                    return of.items[index]
        option = None if stores else self.program.option_of(of, index)
        return option or nested(Part(of, index, node), of)

    def _IfExp(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        with self._guard(Guard(node.test)):
            return join((self.value(node.body), self.value(node.orelse)))

    def _NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        scope = self._scope
        while self._scope.kind == "comprehension" and self._scope.parent is not None:
            self._scope = self._scope.parent
        self.define(node.target, node.target.id, value)
        self._scope = scope
        return value

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Value:
        self.value(node.value)
        if self._running:
            self._running[-1].yields = True
        return Unknown()

    _Yield = _YieldFrom = _yield

    def _Lambda(self, node: ast.Lambda) -> Value:
        function = UserFunction(node, self._scope)
        self.program.functions.append(function)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            self.value(default)
        return function

    # Comprehensions

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Value:
        outer, sources = self._scope, []
        for generator in node.generators:
            sources.append(self.value(generator.iter))
            if self._scope is outer:
                self._scope = Scope("comprehension", outer, outer.path)
            self.bind(generator.target, item_of(sources[-1]))
            for condition in generator.ifs:
                self.value(condition)
        values = self._values(node)
        self._scope = outer
        return nested(Operation(node, (*values, *sources)), *values, *sources)

    _ListComp = _SetComp = _GeneratorExp = _DictComp = _comprehension


_METHODS: dict[type[ast.expr], Callable[[Evaluator, Any], Value]] = {
    kind: getattr(Evaluator, f"_{kind.__name__}", Evaluator._other)
    for kind in ast.expr.__subclasses__()
}


def item_of(source: Value, most: int = 5) -> Value:
    """Returns each item of what is run through in turn, such as `enumerate(model.layers)`."""
    call = source.call if isinstance(source, Result) else None
    if call is None or not call.args or call.name not in _RUNS or not most:
        return nested(Part(source), source)
    each = tuple(item_of(one, most - 1) for one in call.args[:_MOST])
    if call.last == "zip":
        return nested(Display(call.node, each), *each)
    if call.last == "enumerate":
        return nested(Display(call.node, (Unknown(), each[0])), each[0])
    return each[0]
