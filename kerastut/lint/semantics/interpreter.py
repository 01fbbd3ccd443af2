"""Walks through statements in the order in which they run."""

# ruff: noqa: N802  (methods are named after the nodes that they take, as in ast.NodeVisitor)

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

from kerastut.lint.documents.document import Document
from kerastut.lint.rules import api
from kerastut.lint.semantics.facts import Guard, Import
from kerastut.lint.semantics.functions import FunctionRunner
from kerastut.lint.semantics.imports import canonical, refer
from kerastut.lint.semantics.values import (
    Operation,
    Part,
    Ref,
    Unknown,
)

_LEGACY = re.compile(r"TF_USE_LEGACY_KERAS['\"]?\]?\s*[=,:]\s*['\"]?(1|[Tt]rue)")
_OPENS = re.compile(r"^\s*%(run|load|pylab|store)\b|magic\(.(run|load|pylab|store)\b", re.MULTILINE)


class Interpreter(FunctionRunner):
    """Walks through a document's chunks, in one scope."""

    def __init__(self, document: Document) -> None:
        super().__init__(legacy=_LEGACY.search(document.text) is not None)
        self.open = document.kind != "markdown" and _OPENS.search(document.text) is not None

    def run(self, trees: Sequence[ast.Module]) -> None:
        """Walks through the trees, then through the functions that nobody has called."""
        for tree in trees:
            self.block(tree.body)
        while waiting := [item for item in self.functions if item.state == "new"]:
            for function in waiting:
                self.call_function(function, None)

    def block(self, statements: Sequence[ast.stmt]) -> bool:
        """Walks through statements and tells whether their end is reached."""
        for statement in statements:
            outer, self._statement = self._statement, statement
            method: Callable[[Any], bool | None] | None = getattr(
                self, f"_{type(statement).__name__}", None
            )
            ends: bool | None = None
            if method is not None:
                ends = method(statement)
            else:
                self._plain(statement)
            self._statement = outer
            if ends is False:
                return False
        return True

    def _plain(self, statement: ast.stmt) -> None:
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr):
                self.value(child)

    # Assignments

    def _Assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self.bind(target, value)

    def _AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.value(node.value))

    def _AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            load = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
            before = self.value(load)
        else:
            before = self.value(node.target)
        binary = ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)
        value = Operation(binary, (before, self.value(node.value)))
        if isinstance(node.target, ast.Name):
            self.bind(node.target, value)

    def _Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.value(ast.copy_location(ast.Name(target.id, ast.Load()), target))
                self._scope.names.pop(target.id, None)
            else:
                self.value(target)

    def _Global(self, node: ast.Global) -> None:
        for name in node.names:
            self._scope.globals[name] = self._scope.top()

    def _Nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            scope = self._scope.parent
            while scope is not None and name not in scope.names:
                scope = scope.parent
            if scope is not None:
                self._scope.globals[name] = scope

    # Imports

    def _Import(self, node: ast.Import) -> None:
        for alias in node.names:
            ref = refer(alias.name, self.legacy)
            local = alias.asname or alias.name.partition(".")[0]
            bound = ref if alias.asname else refer(local, self.legacy)
            self.imports.append(Import(*self._fact(), node, alias, local, ref))
            self.define(alias, local, bound)

    def _ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                ref = refer(module, self.legacy)
                self._scope.top().stars.append(ref)
                self.open = self.open or not _is_known(ref)
            else:
                ref = refer(f"{module}.{alias.name}", self.legacy)
            local = alias.asname or alias.name
            self.imports.append(Import(*self._fact(), node, alias, local, ref))
            if alias.name != "*":
                self.define(alias, local, ref)

    # Branches and loops

    def _If(self, node: ast.If) -> bool | None:
        self.value(node.test)
        ends: list[bool] = []

        def walk(statements: list[ast.stmt]) -> Callable[[], bool]:
            def path() -> bool:
                with self._guard(Guard(node.test)):
                    ends.append(self.block(statements))
                return ends[-1]

            return path

        if _is_main(node.test):
            return self.block(node.body)
        self.branch(walk(node.body), walk(node.orelse))
        return None if any(ends) else False

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        def body() -> bool:
            if not isinstance(node, ast.While):
                self.bind(node.target, Part(self._iterated))
            self.block(node.body)
            return True

        if isinstance(node, ast.While):
            self.value(node.test)
        else:
            self._iterated = self.value(node.iter)
        self.branch(body, lambda: True)
        self.block(node.orelse)

    _For = _AsyncFor = _While = _loop

    def _Try(self, node: ast.Try) -> None:
        names = tuple(name for handler in node.handlers for name in _exceptions(handler))
        before = dict(self._scope.names)

        def body() -> bool:
            with self._guard(Guard(handles=names)):
                return self.block(node.body) and self.block(node.orelse)

        def handle(handler: ast.ExceptHandler) -> Callable[[], bool]:
            def path() -> bool:
                if handler.type is not None:
                    self.value(handler.type)
                if handler.name is not None:
                    self.define(handler, handler.name, Unknown())
                with self._guard(Guard(handles=_exceptions(handler), handler=True)):
                    return self.block(handler.body)

            return path

        self._scope.names = before
        self.branch(body, *(handle(handler) for handler in node.handlers))
        self.block(node.finalbody)

    _TryStar = _Try

    def _With(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        return self.block(node.body)

    _AsyncWith = _With

    def _Match(self, node: ast.Match) -> None:
        subject = self.value(node.subject)

        def walk(case: ast.match_case) -> Callable[[], bool]:
            def path() -> bool:
                for pattern in ast.walk(case.pattern):
                    name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                    if name is not None:
                        self.define(pattern, name, Part(subject))
                if case.guard is not None:
                    self.value(case.guard)
                return self.block(case.body)

            return path

        self.branch(*(walk(case) for case in node.cases), lambda: True)

    def _Return(self, node: ast.Return) -> bool:
        value = self.value(node.value)
        if self._frames:
            self._frames[-1].append(value)
        return False

    def _Raise(self, node: ast.Raise) -> bool:
        self._plain(node)
        return False

    def _Continue(self, node: ast.Continue) -> bool:
        return False

    _Break = _Continue


def _is_known(module: Ref) -> bool:
    """Tells whether it is known what a star import brings."""
    return module.via in ("keras", "tf", "tf_keras") and canonical(module.name) in api.modules()


def _is_main(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
    )


def _exceptions(handler: ast.ExceptHandler) -> tuple[str, ...]:
    if handler.type is None:
        return ("BaseException",)
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return tuple(
        kind.id if isinstance(kind, ast.Name) else getattr(kind, "attr", "") for kind in kinds
    )
