"""What a module beside a file gives it with `from module import *`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..documents.neighbours import Beside
from ..documents.recovering import parsed

_DEEPEST = 4  # neighbours of neighbours


@dataclass
class Given:
    """The names that a module gives, and the modules that it gives everything of."""

    imported: dict[str, str] = field(default_factory=dict)  # what they are names for
    own: set[str] = field(default_factory=set)  # that it defines itself
    stars: list[str] = field(default_factory=list)  # of which no neighbour is known

    def take(self, other: "Given") -> None:
        """Adds what another module gives."""
        self.imported |= other.imported
        self.own |= other.own
        self.stars += other.stars


def given_by(
    beside: Beside, filename: str, module: str, above: frozenset[str] = frozenset()
) -> Given | None:
    """Returns what a module beside a file gives; None where no such module can be read.

    Args:
        beside: All modules that were read.
        filename: Of the file.
        module: As it is written there.
        above: The modules that import this one, and are not read again.
    """
    found = beside.get((filename, module)) if len(above) < _DEEPEST else None
    tree = parsed(found[1].splitlines()) if found and found[0] not in above else None
    if found is None or tree is None:
        return None
    given, above = Given(), above | {found[0]}
    for node in _statements(tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    given.imported[alias.asname or whole] = whole
            case ast.ImportFrom():
                _from(given, node, beside, found[0], above)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                given.own.add(node.name)
            case ast.Assign() | ast.AnnAssign() | ast.For():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                parts = (part for target in targets for part in ast.walk(target))
                given.own |= {part.id for part in parts if isinstance(part, ast.Name)}
    if "__all__" in given.own:
        return Given()  # what it gives is listed there
    for name in [name for name in (*given.imported, *given.own) if name[0] == "_"]:
        given.imported.pop(name, None)
        given.own.discard(name)
    return given


def _from(
    given: Given, node: ast.ImportFrom, beside: Beside, filename: str, above: frozenset[str]
) -> None:
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        if alias.name != "*":
            given.imported[alias.asname or alias.name] = f"{module}.{alias.name}"
            continue
        further = given_by(beside, filename, module, above)
        if further is None:
            given.stars.append(module)
        else:
            given.take(further)


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yields the statements of a module that define names of its own, in branches as well."""
    waiting: list[ast.stmt] = tree.body[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            inner = [*node.body, *getattr(node, "orelse", [])]
            waiting += reversed([*inner, *getattr(node, "finalbody", [])])
