"""The imports that bring a name which nothing defines, and the edits that add them to a block."""

import ast
from dataclasses import dataclass
from functools import cache

from kerastut.lint.finding import Edit, Span, span_of
from kerastut.lint.fixes.edits import insert_before
from kerastut.lint.rules import api
from kerastut.lint.semantics import Program

_CUSTOMARY = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "tf": "tensorflow",
}
# Functions of these are so many, and named so plainly, that a name says nothing.
_PLAIN = ("keras.ops", "keras.random", "keras.tree", "keras.backend", "keras.config")
_FIRST = ("keras.layers", "keras.models", "keras.optimizers", "keras.callbacks", "keras.utils")


@dataclass(frozen=True)
class Missing:
    """An import that is missing.

    Attributes:
        module: Where the name is.
        name: What is imported from there; "" where the module itself is.
        local: What it is called in the program.
    """

    module: str
    name: str
    local: str

    def __str__(self) -> str:
        """Returns the statement."""
        if self.name:
            return f"from {self.module} import {self._named()}"
        return f"import {self.module}" + ("" if self.local == self.module else f" as {self.local}")

    def _named(self) -> str:
        return self.name if self.name == self.local else f"{self.name} as {self.local}"

    def edit(self, program: Program, node: ast.AST) -> list[Edit]:
        """Returns the edit that adds the import to the block that a node is in."""
        line = span_of(node).line
        body = program.document.chunks[program.document.chunk_at(line)].tree
        statements = body.body if body is not None else []
        for statement in statements:
            if isinstance(statement, ast.ImportFrom) and self._joins(statement, line):
                span = span_of(statement.names[-1])
                end = Span(span.end_line, span.end_column, span.end_line, span.end_column)
                return [Edit(end, f", {self._named()}")]
        for statement in statements:
            if not _comes_first(statement):
                return [insert_before(statement, str(self))] if _stands_free(statement) else []
        return []

    def _joins(self, statement: ast.ImportFrom, line: int) -> bool:
        """Tells whether a statement above a line imports from the same module."""
        here = statement.module == self.module and statement.lineno < line
        return here and self.name != "" and statement.names[0].name != "*"


def missing_import(program: Program, name: str) -> Missing | None:
    """Returns the import that a name wants: one of Keras, or a customary one."""
    ways = {item.ref.via for item in program.imports}
    root = "tensorflow.keras" if "tf" in ways and "keras" not in ways else "keras"
    if name == "keras":
        return Missing("tensorflow", name, name) if root != name else Missing(name, "", name)
    if name in _CUSTOMARY:
        return Missing(_CUSTOMARY[name], "", name)
    home = _home(name)
    return Missing(root + home.removeprefix("keras"), name, name) if home else None


@cache
def _home(name: str) -> str | None:
    """Returns the module of Keras that a name is best imported from; None if it may be several."""
    homes = [module for module, names in api.modules().items() if name in names]
    if name[:1].isupper():
        for module in _FIRST:
            if module in homes:
                return module
    inner = [module for module in homes if module != "keras" and not module.startswith(_PLAIN)]
    if len(inner) > 1:
        return None
    return inner[0] if inner else "keras" if "keras" in homes else None


def _comes_first(statement: ast.stmt) -> bool:
    """Tells whether nothing may stand before it: a docstring, a `__future__` import, a magic."""
    if isinstance(statement, ast.Pass):
        return True  # a masked line of IPython is one
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _stands_free(statement: ast.stmt) -> bool:
    """Tells whether a line put before a statement's first line stands before all of it."""
    return statement.col_offset == 0 and not getattr(statement, "decorator_list", ())
