"""The imports that bring a name which nothing defines, and the edits that add them to a block."""

import ast
import re
from dataclasses import dataclass
from itertools import takewhile

from ..finding import Edit, Span, span_of
from ..rules import api
from ..semantics.facts import Use
from ..semantics.program import Program
from ..semantics.values import Ref
from .edits import insert, replace

_OF_FILE = re.compile(r"#!|#.*coding[:=]")  # comments that stay at the top
_CUSTOMARY = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "tf": "tensorflow"}

# Modules that everybody calls so.
MODULES = {"os", "sys", "re", "math", "json", "time", "random", "pickle", "copy", "glob", "csv"}
MODULES |= {"shutil", "itertools", "collections", "datetime", "numpy", "pandas"}
# What Python 2 had built in.
BUILT_IN = {"reduce": "functools", "reload": "importlib"}


@dataclass(frozen=True)
class Missing:
    """An import that is missing."""

    module: str  # where the name is
    name: str  # what is imported from there; "" where the module itself is
    local: str  # what it is called in the program

    @property
    def customary(self) -> bool:
        """Whether the name is one that everybody gives this module: `np`, `keras`."""
        return self.local in (*_CUSTOMARY, "keras")

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
        above = program.first_imports.get((id(body), self.module)) if self.name else None
        if above is not None and above.lineno < line:
            return [insert(span_of(above.names[-1]).end, f", {self._named()}")]
        first = next((one for one in statements if not _comes_first(one)), None)
        if first is None or first.col_offset or getattr(first, "decorator_list", None):
            return []  # a line put before its first line would not stand before all of it
        return [insert(_above(program, first), f"{self}\n")]


def missing_import(program: Program, name: str) -> Missing | None:
    """Returns the import that a name wants: one of Keras, or a customary one."""
    ways = program.ways
    root = "tensorflow.keras" if "tf" in ways and "keras" not in ways else "keras"
    if name == "keras":
        return Missing("tensorflow", name, name) if root != name else Missing(name, "", name)
    if name in BUILT_IN:
        return Missing(BUILT_IN[name], name, name)
    if name in MODULES:
        return Missing(name, "", name)
    if name in _CUSTOMARY:
        return Missing(_CUSTOMARY[name], "", name)
    home = api.home(name)
    return Missing(root + home.removeprefix("keras"), name, name) if home else None


def import_again(ref: Ref, name: str) -> Missing | None:
    """Returns the import that brings a name a second time."""
    root = {"keras": "keras", "tf": "tensorflow.keras"}.get(ref.via or "")
    if root is None:
        return None
    module, _, last = (root + ref.name.removeprefix("keras")).rpartition(".")
    return Missing(module, last, name) if module else Missing(last, "", name)


def todays_name(program: Program, use: Use, new: str) -> Edit:
    """Returns the edit that writes a name as Python 3 does, without the encoding of a text."""
    call = program.parents.get(id(use.node))
    whole = call if use.name == "unicode" and isinstance(call, ast.Call) else None
    if whole and whole.func is use.node and whole.args and len([*whole.args, *whole.keywords]) > 1:
        return replace(whole, f"{new}({program.source(whole.args[0])})")
    return replace(use.node, new)


def _above(program: Program, first: ast.stmt) -> Span:
    """Returns where a line is put before a statement and the comment on it."""
    place, document = span_of(first).start, program.document
    top = document.chunks[document.chunk_at(place.line)].first_line
    lines = range(place.line - 1, top - 1, -1)
    comment = list(takewhile(lambda line: document.line(line).startswith("#"), lines))
    of_file = any(_OF_FILE.match(document.line(line)) for line in comment)
    if not comment or of_file or isinstance(first, (ast.Import, ast.ImportFrom)):
        return place
    return Span(comment[-1], 0, comment[-1], 0)


def _comes_first(statement: ast.stmt) -> bool:
    """Tells whether nothing may stand before it: a docstring, a `__future__` import, a magic."""
    if isinstance(statement, ast.Pass):
        return True  # a masked line of IPython is one
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
