"""Finds in the trees of a program the places that a repair is made at."""

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from kerastut.lint import blocks_of

Edit = tuple[ast.AST, str]
# What yields the edits that put a fault right: from the trees of a file, the line where it stopped,
# and the match of what an exception says.
Mend = Callable[[list[ast.Module], int, re.Match[str]], Iterator[Edit]]
Repair = tuple[str, Mend]


def trees_of(content: bytes, name: str) -> Iterator[ast.Module]:
    """Yields the trees of a file's blocks, with the lines of the file."""
    for first, source in blocks_of(content, name):
        yield from (ast.increment_lineno(tree, first - 1) for tree in parsed([source]))


def parsed(sources: Iterable[str | bytes]) -> Iterator[ast.Module]:
    """Yields the trees of those that are Python."""
    for source in sources:
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            yield ast.parse(source)


def span(node: ast.AST) -> tuple[int, int, int, int]:
    """Returns where a node begins and ends, as `ast` counts."""
    assert isinstance(node, (ast.expr, ast.stmt, ast.keyword, ast.alias))
    return (
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or node.col_offset,
    )


def nodes(trees: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yields all nodes of some trees."""
    return (node for tree in trees for node in ast.walk(tree))


def calls(found: Iterable[ast.AST], *names: str) -> Iterator[ast.Call]:
    """Yields the calls among nodes; with names those of functions and methods that bear them."""
    for node in found:
        if isinstance(node, ast.Call) and (not names or name_of(node.func) in names):
            yield node


def name_of(node: ast.AST) -> str:
    """Returns the last part of a name, whatever it is a part of; "" of anything else."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


def loose(found: Iterable[ast.AST]) -> set[str]:
    """Returns the names that are used among nodes, and given nothing there."""
    used, given = set[str](), {*dir(builtins)}
    for node in found:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.add(node.id)
        elif isinstance(node, ast.alias):
            given.add(node.asname or node.name.partition(".")[0])
        elif not isinstance(node, ast.keyword):
            given |= {getattr(node, key, None) or "" for key in ("id", "name", "arg")}
    return used - given


def innermost(trees: list[ast.Module], line: int) -> ast.stmt | None:
    """Returns the innermost statement on a line."""
    found = [
        node
        for node in nodes(trees)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return min(found, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def statement(trees: list[ast.Module], line: int) -> Iterator[ast.AST]:
    """Yields the nodes of the innermost statement on a line, without the statements in it."""
    whole = innermost(trees, line)
    for part in ast.iter_child_nodes(whole) if whole else ():
        if not isinstance(part, (ast.stmt, ast.ExceptHandler)):
            yield from ast.walk(part)


def before(trees: list[ast.Module], text: str) -> Iterator[Edit]:
    """Yields lines before the first statement that others may stand before."""
    for node in (node for tree in trees for node in tree.body):
        if not isinstance(node, ast.Expr) and getattr(node, "module", "") != "__future__":
            place = {"lineno": node.lineno, "col_offset": node.col_offset}
            yield ast.Pass(**place, end_lineno=node.lineno, end_col_offset=0), f"{text}\n"
            return


def given_values(trees: list[ast.Module]) -> dict[str, list[ast.expr]]:
    """Returns what names are given; parts of what is taken apart are no numbers."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes(trees):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            for name in ast.walk(target):
                stored = isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
                if isinstance(name, ast.Name) and stored and isinstance(node, ast.Assign):
                    value = node.value if name is target else ast.Constant("")
                    found.setdefault(name.id, []).append(value)
    return found
