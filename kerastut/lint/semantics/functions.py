"""Walks through functions and classes: a function's body when it is first called."""

import ast
from collections.abc import Sequence

from ..documents.document import Document
from .evaluator import Evaluator
from .facts import Call, Guard
from .scopes import Instance, Scope, UserClass, UserFunction
from .values import Constant, Parameter, Unknown, Value, join, options


class FunctionRunner(Evaluator):
    """Walks through the functions and classes of a document."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._frames: list[list[Value]] = []
        self._defaults: dict[ast.AST, dict[str, Value]] = {}
        self._classes: list[UserClass] = []
        self._annotated = "import annotations" not in document.text  # which leaves them unread

    def block(self, statements: Sequence[ast.stmt]) -> bool:
        """Walks through statements and tells whether their end is reached."""
        raise NotImplementedError

    def _annotations(self, *nodes: ast.expr | None) -> None:
        for node in nodes if self._annotated else ():
            self.value(node)

    def _FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.value(decorator)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs: list[tuple[ast.arg, ast.expr | None]] = []
        pairs += zip(reversed(positional), reversed(arguments.defaults), strict=False)
        pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        given = [(item.arg, default) for item, default in pairs if default is not None]
        self._defaults[node] = {name: self.value(default) for name, default in given}
        hints = (one.annotation for one in ast.walk(arguments) if isinstance(one, ast.arg))
        self._annotations(*hints, node.returns)
        owner = self._classes[-1] if self._scope.kind == "class" else None
        function = UserFunction(node, self._scope, owner, guards=self._guards)
        self.program.functions.append(function)
        self.define(node, node.name, function)

    _AsyncFunctionDef = _FunctionDef

    def _ClassDef(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *(keyword.value for keyword in node.keywords)):
            self.value(expression)
        kind = UserClass(node, tuple(map(self.value, node.bases)))
        outer = self._scope
        self._scope = Scope("class", outer, outer.path)
        self._classes.append(kind)
        self.block(node.body)
        self._classes.pop()
        ends = self._scope.names[-1].items()
        kind.members |= {name: item.value for name, item in ends if item is not None}
        self._scope = outer
        self.define(node, node.name, kind)

    def call_function(self, function: UserFunction, call: Call | None) -> Value:
        """Returns what a function of the document returns; its body is walked through once."""
        if function.state == "running":
            return Unknown()
        if function.state == "done" and call is not None and function.returned is not None:
            for one in options(function.returned):
                self.program.shared |= {id(one), *map(id, getattr(one, "items", ()))}
        if function.state == "new":
            function.state = "running"
            outer = self._scope, self._guards, self._statement
            name = getattr(function.node, "name", "<lambda>")
            self._scope = Scope("function", function.scope, f"{outer[0].path}.{name}".strip("."))
            defined = (one for one in function.guards if one.test is not None)
            # What is asked of an object where it is called need not concern all of it, nor is who
            # tells of any exception prepared for each.
            around = [one for one in self._guards if not (_asks_object(one) or one.tells)]
            self._guards = (*defined, *(around if call is not None else ()))
            self._parameters(function, call)
            function.returned = self._body(function)
            self._scope, self._guards, self._statement = outer
            function.state = "done"
        return function.returned or Unknown()

    def _body(self, function: UserFunction) -> Value:
        if isinstance(function.node, ast.Lambda):
            return self.value(function.node.body)
        self._frames.append([])
        self._running.append(function)
        self.block(function.node.body)
        self._running.pop()
        returned = self._frames.pop()
        if function.yields:
            return Unknown()
        return join(returned) if returned else Constant(None)

    def _parameters(self, function: UserFunction, call: Call | None) -> None:
        arguments = function.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if function.owner is not None and positional and "staticmethod" not in function.marks:
            first = positional.pop(0)
            self.define(first, first.arg, Instance(function.owner))
        given: dict[str, Value] = {}
        defaults = self._defaults.get(function.node, {})
        if call is not None:
            names = [item.arg for item in positional]
            given = defaults | dict(zip(names, call.args, strict=False)) | call.keywords
        for item in (*positional, *arguments.kwonlyargs):
            unknown = Parameter(item.arg, defaults.get(item.arg))
            self.define(item, item.arg, given.get(item.arg) or unknown)
        for rest in (arguments.vararg, arguments.kwarg):
            if rest is not None:
                self.define(rest, rest.arg, Unknown())


def _asks_object(guard: Guard) -> bool:
    """Tells whether a condition asks whether an object has an attribute."""
    test = guard.test.operand if isinstance(guard.test, ast.UnaryOp) else guard.test
    return isinstance(test, ast.Call) and getattr(test.func, "id", "") == "hasattr"
