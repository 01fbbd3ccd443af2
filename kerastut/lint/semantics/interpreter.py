"""Walks through statements in the order in which they run."""

import ast
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any

from ..documents.document import Document
from ..rules import api
from ..rules.renames import canonical, find_gone
from .evaluator import item_of
from .facts import Definition, Guard, Import
from .functions import FunctionRunner
from .neighbours import given_by
from .program import Program, bound_names
from .record import name_of
from .values import Operation, Part, Ref, Undefined, Unknown, Value, nested

# What may define any name: IPython's, also where a cell is still to be loaded.
_OPENS = re.compile(
    r"^[^\S\n]*%(run|load|pylab|store)\b|magic\(.(run|load|pylab|store)\b"
    r"|\A\s*#\s*%load .*\s*\Z|\bexec(file)?\(",
    re.MULTILINE,
)
_OPENING = ("%run", "%load", "%pylab", "%store", "magic(", "exec")  # one of which stands in each
# Modules with other contents, of which programs import everything.
_KNOWN = {*sys.stdlib_module_names, "numpy", "scipy", "pylab", "matplotlib", "sympy", "sklearn"}
_KNOWN |= {"pandas", "cv2", "PIL", "pygame", "nltk", "fastai", "pyspark", "mxnet", "gym"}
_LONG = 10  # lines of a `try`
_DEEP = 20  # attributes of attributes
# What tells of an exception, and what any is; what imports something else in its place.
_TELLING = {"print", "format", "str", "repr", "append", "print_exc", "exit", "error", "exception"}
_ANY = {"Exception", "BaseException"}
_NO_MODULES = re.compile(r"tensorflow\.compat\.v[12]\.keras\b")
_IMPORTS = (ast.Import, ast.ImportFrom)
_STARS = 20  # the last modules imported with a star: each name may be of each of them


def interpret(document: Document) -> Program:
    """Walks through the chunks of a document that are valid Python, in one scope."""
    interpreter = Interpreter(document)
    if document.kind != "python":
        interpreter.later = _imported(document)
    for chunk in document.chunks:
        interpreter.block(chunk.tree.body if chunk.tree is not None else [])
    called = {getattr(node.func, "id", "") for node in interpreter.program.nodes_of(ast.Call)}
    for others in (False, True):  # first those that nobody calls: they give the others arguments
        for function in interpreter.program.functions:  # which grows
            last = function.owner is None and getattr(function.node, "name", "") in called
            if function.state == "new" and (others or not last):
                interpreter.call_function(function, None)
    return interpreter.program


def _imported(document: Document) -> dict[str, str]:
    """Returns what blocks import, by the names that they give it."""
    found: dict[str, str] = {}
    for chunk in reversed(document.chunks):
        for node in chunk.tree.body if chunk.tree is not None else []:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                module = getattr(node, "module", None)
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    found[alias.asname or whole] = f"{module}.{alias.name}" if module else whole
    return found


class Interpreter(FunctionRunner):
    """Walks through a document's chunks, in one scope."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._left: ast.If | None = None  # the last condition under which a block is left
        # How many layers of names each loop is in, and the names where its body is left early.
        self._loops: list[tuple[int, list[dict[str, Definition | None]]]] = []
        cells = ("\n".join(one.code or one.lines) for one in document.chunks)
        self.open = document.kind != "markdown" and any(map(_opens, cells))

    def block(self, statements: Sequence[ast.stmt]) -> bool:
        """Walks through statements and tells whether their end is reached."""
        guards, reached = self._guards, True
        for statement in statements:
            outer, self._statement = self._statement, statement
            name = f"_{type(statement).__name__}"
            method: Callable[[Any], object] = getattr(self, name, self._values)
            reached = method(statement) is not False
            self._statement = outer
            if not reached:
                break
            if (
                isinstance(statement, ast.If)
                and statement is self._left
                and not _insists(statement)
            ):
                self._guards = (*guards, Guard(statement.test, holds=False))
        self._guards = guards
        return reached

    def _guarded(self, guard: Guard, statements: Sequence[ast.stmt]) -> bool:
        with self._guard(guard):
            return self.block(statements)

    def _Expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    # Assignments

    def _Assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self.bind(target, value)

    def _AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:  # else it may be prose
            if self._scope.kind != "function":  # where Python reads none
                self._annotations(node.annotation)
            self.bind(node.target, self.value(node.value))

    def _AugAssign(self, node: ast.AugAssign) -> None:
        before = self.value(_loaded(node.target))
        binary = ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)
        operands = before, self.value(node.value)
        if isinstance(node.target, ast.Name):
            self.bind(node.target, nested(Operation(binary, operands), *operands))

    def _Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.value(_loaded(target))
            if isinstance(target, ast.Name):
                self._scope.names[-1][target.id] = None

    def _Global(self, node: ast.Global) -> None:
        for name in node.names:
            self._scope.globals[name] = self._scope.top()

    def _Nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            scope = self._scope.parent
            while scope is not None and scope.get(name) is None:
                scope = scope.parent
            if scope is not None:
                self._scope.globals[name] = scope

    # Imports

    def _Import(self, node: ast.Import) -> None:
        for alias in node.names:
            ref = self._imported(alias.name, alias.name)
            local = alias.asname or alias.name.partition(".")[0]
            self.program.imports.append(Import(*self._fact(), node, alias, local, ref))
            package = "tensorflow" if local == "tf" else local  # what `import tf.keras` means
            self.define(alias, local, ref if alias.asname else self._refer(package))

    def _ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            star, local = alias.name == "*", alias.asname or alias.name
            ref = self._imported(module if star else f"{module}.{alias.name}", module)
            if alias.name == "keras" and ref.via is None and not module.startswith("tensorflow"):
                ref = self._refer("tensorflow.keras")  # of a package that chooses between the two
            if alias.name == "K" and "keras" in module and ref.via is None:
                ref = self._refer("tensorflow.keras.backend")  # which everybody calls so
            self.program.imports.append(Import(*self._fact(), node, alias, local, ref))
            if star:
                self._take_star(ref)
                keras = ref.via in ("keras", "tf", "tf_keras")
                home = canonical(f"{ref.name}._").removesuffix("._")  # where it is today
                self.open = self.open or not keras or home not in api.modules()
                if ref.via is None:
                    self._take_all(alias, module)
            else:
                self.define(alias, local, ref)

    def _imported(self, name: str, module: str) -> Ref:
        """Returns what an import brings; some attributes of TensorFlow are no modules."""
        ref = self._refer(name)
        ref.via = "gone" if _NO_MODULES.match(module) else ref.via
        return ref

    def _take_star(self, ref: Ref) -> None:
        """Has a module give its names, from where they are today: its import tells of a move."""
        home = self._refer(canonical(f"{ref.name}._").removesuffix("._"))
        home.via = ref.via
        stars = self._scope.top().stars
        stars[:] = [*stars[1 - _STARS :], home]

    def _take_all(self, alias: ast.alias, module: str) -> None:
        """Defines what a module beside this file gives it."""
        document = self.program.document
        given = given_by(document.beside, document.filename, module)
        if given is None:
            root = module.partition(".")[0]
            if root not in _KNOWN and not api.modules(root):
                self.starred = True
                self.program.brought_keras |= self.program.may_use_keras
            return
        for name in given.own:
            self.define(alias, name, Undefined(name))
        for name, whole in given.imported.items():
            self.define(alias, name, self._given(name, self._refer(whole)))
        stars = [self._refer(star) for star in given.stars]
        for star in stars:
            self._take_star(star)
        self.starred = self.starred or any(star.via is None for star in stars)
        brought = [*map(self._refer, given.imported.values()), *stars]
        self.program.brought_keras |= any(ref.via is not None for ref in brought)

    def _given(self, name: str, ref: Ref) -> Value:
        """Returns what a name of another module is; what is gone fails there, and is told there."""
        if ref.via is None or find_gone(ref.name, ref.via) is None:
            return ref
        home, _, last = ref.canonical.rpartition(".")
        return self._refer(ref.canonical) if api.has(home, last) else Undefined(name)

    # Branches and loops

    def _If(self, node: ast.If) -> bool:
        self.value(node.test)
        if getattr(getattr(node.test, "left", None), "id", "") == "__name__":
            return self.block(node.body)

        def body() -> bool:
            reached = self._guarded(Guard(node.test), node.body)
            left.append(not reached)
            return reached

        left: list[bool] = []
        other = Guard(node.test, holds=False)
        reached = self.branch(body, partial(self._guarded, other, node.orelse))
        self._left = node if any(left) else None  # what comes after it is what else there is
        return reached

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        source = self.value(node.test if isinstance(node, ast.While) else node.iter)

        def body() -> bool:
            if not isinstance(node, ast.While):
                self.bind(node.target, item_of(source))
            self.block(node.body)
            return True

        def left(names: dict[str, Definition | None]) -> bool:
            self._scope.names[-1] |= names
            return True

        self._loops.append((len(self._scope.names), []))
        self.branch(body, lambda: True)
        _, ends = self._loops.pop()
        self.branch(lambda: True, *(partial(left, names) for names in ends))
        self.block(node.orelse)

    _For = _AsyncFor = _While = _loop

    def _try(self, node: ast.Try) -> None:
        names = tuple(name for handler in node.handlers for name in _exceptions(handler))
        tells = all(map(_tells, node.handlers)) and not _ANY.isdisjoint(names)
        if tells and node.handlers[0].lineno - node.lineno > _LONG:
            names = ()  # that is what the program does, and not a name or two that may be missing

        alike = _alike(node) if len(node.handlers) == 1 else frozenset()

        def body() -> bool:
            with self._guard(Guard(handles=names, tells=tells, alike=alike)):
                return self.block(node.body) and self.block(node.orelse)

        self.branch(body, *(partial(self._handler, handler, alike) for handler in node.handlers))
        self.block(node.finalbody)

    _Try = _TryStar = _try

    def _handler(self, handler: ast.ExceptHandler, alike: frozenset[int]) -> bool:
        if handler.type is not None:
            self.value(handler.type)
        if handler.name is not None:
            self.define(handler, handler.name, Unknown())
        return self._guarded(Guard(handles=_exceptions(handler), alike=alike), handler.body)

    def _with(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        return self.block(node.body)

    _With = _AsyncWith = _with

    def _Match(self, node: ast.Match) -> None:
        subject = self.value(node.subject)

        def walk(case: ast.match_case) -> bool:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if name is not None:
                    self.define(pattern, name, nested(Part(subject), subject))
            if case.guard is not None:
                self.value(case.guard)
            return self.block(case.body)

        self.branch(*(partial(walk, case) for case in node.cases), lambda: True)

    def _Return(self, node: ast.Return) -> bool:
        value = self.value(node.value)
        if self._frames:
            self._frames[-1].append(value)
        return not self._frames  # the head of its function may be no Python

    def _Raise(self, node: ast.Raise) -> bool:
        self._values(node)
        return False

    def _leave(self, _node: ast.Continue | ast.Break) -> bool:
        if self._loops:
            depth, ends = self._loops[-1]
            ends.append(reduce(dict.__or__, self._scope.names[depth:], {}))
        return False

    _Continue = _Break = _leave


def _opens(text: str) -> bool:
    """Tells whether a text may define any name."""
    return any(word in text for word in _OPENING) and _OPENS.search(text) is not None


def _tells(handler: ast.ExceptHandler) -> bool:
    """Tells whether what is raised is only told of, and nothing is done in its place."""
    nodes = [node for one in handler.body for node in ast.walk(one)]
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    names = set(map(name_of, called))
    return names <= _TELLING and not any(isinstance(one, _IMPORTS) for one in nodes)


def _alike(node: ast.Try) -> frozenset[int]:
    """Returns the ids of what a block and its `except` clause both ask a module for."""
    sides: list[dict[str, list[int]]] = []
    bound: set[str] = set()  # which may be another thing in one than in the other
    for statements in (node.body, node.handlers[0].body):
        sides.append({})
        for part in (part for statement in statements for part in ast.walk(statement)):
            bound.update(bound_names(part))
            if isinstance(part, ast.Attribute) and (name := _dotted(part)):
                if isinstance(part.ctx, ast.Load):
                    sides[-1].setdefault(name, []).append(id(part))
                else:
                    bound.add(name.split(".")[0])
    both = [name for name in sides[0] if name in sides[1] and name.split(".")[0] not in bound]
    return frozenset(one for side in sides for name in both for one in side[name])


def _dotted(node: ast.expr) -> str:
    """Returns a name with its attributes, `tf.metrics.auc`; "" of anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute) and len(names) < _DEEP:
        names.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(names))) if isinstance(node, ast.Name) else ""


def _insists(statement: ast.If) -> bool:
    """Tells whether a condition only raises where something has no attribute."""
    denies = isinstance(statement.test, ast.UnaryOp) and isinstance(statement.test.op, ast.Not)
    asked = statement.test.operand if isinstance(statement.test, ast.UnaryOp) and denies else None
    named = isinstance(asked, ast.Call) and getattr(asked.func, "id", "") == "hasattr"
    return named and isinstance(statement.body[-1], ast.Raise)


def _loaded(target: ast.expr) -> ast.expr:
    """Returns an expression that reads the name of a target."""
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target


def _exceptions(handler: ast.ExceptHandler) -> tuple[str, ...]:
    if handler.type is None:
        return ("BaseException",)
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return tuple(map(name_of, kinds))
