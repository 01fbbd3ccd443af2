"""Repairs what Python 2, and packages of its time, had under another name or of another type."""

import ast
import re
import sys
from collections.abc import Iterator

from kerastut.migration.places import (
    Edit,
    Repair,
    before,
    calls,
    given_values,
    innermost,
    nodes,
    statement,
)
from kerastut.migration.rewriting import TABLES

_COUNT = re.compile(r"(?i)^n_?|num|count|size|samples|dim|rows|cols|width|height|steps|length")
_DEEPEST = 5  # names that are looked up, one after the other


def imports(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Takes modules, and single names of others, from where they are now."""
    asked, modules = match["module"], TABLES["modules"]
    gone = match[0].startswith("Module")
    # What packages of old imported for themselves was there for others as well; a module of the
    # program, whose path is short, has what it has.
    theirs = "keras" in asked.split(".") or match.string.startswith(" (/", match.end())
    usual = {name for name, line in TABLES["imports"].items() if line == f"import {name}"}
    lent = {match["name"]} & (sys.stdlib_module_names | usual) if theirs else ()
    moved = {name: f"import {name} as {{}}" for name in lent} | TABLES["moved"].get(asked, {})

    def now(name: str) -> str:
        """Returns the name of a module now, if it is the one that was asked for, or of it."""
        old = max((one for one in modules if f"{name}.".startswith(f"{one}.")), key=len, default="")
        own = f"{asked}.".startswith(f"{old}.") or (gone and f"{old}.".startswith(f"{asked}."))
        return modules[old] + name.removeprefix(old) if old and own else name

    for node in nodes(trees):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if (name := now(alias.name)) != alias.name:
                    top = alias.name.partition(".")[0]
                    both = f"{name}, {now(top)}" if "." in alias.name and not alias.asname else name
                    yield alias, f"{both} as {alias.asname or top}"
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known = moved if node.module == asked else {}
            lines = [
                known[one.name].format(one.asname or one.name)
                for one in node.names
                if one.name in known
            ]
            kept = ", ".join(ast.unparse(one) for one in node.names if one.name not in known)
            if lines or now(node.module) != node.module:
                lines += [f"from {now(node.module)} import {kept}"] * bool(kept)
                yield node, "; ".join(lines)


def needless(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Takes away a module that is not there where nothing, or only its own start, needs it."""
    module = match["module"]
    found: list[ast.AST] = []
    bound, inside = set(), set()
    for node in nodes(trees):
        if isinstance(node, ast.Import) and len(node.names) == 1:
            name, alias = node.names[0].name, node.names[0].asname
            if f"{name}.".startswith(f"{module}."):
                found.append(node)
                bound.add(alias or name.partition(".")[0])
        elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{module}."):
            found.append(node)
            bound |= {one.asname or one.name for one in node.names}
        elif isinstance(node, ast.Expr) and "install_backend(" in ast.unparse(node):
            found.append(node)
            inside |= set(ast.walk(node))
    uses = (node for node in nodes(trees) if isinstance(node, ast.Name) and node not in inside)
    if "*" not in bound and not any(node.id in bound for node in uses):
        yield from ((node, "pass") for node in found)


def division(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Divides whole numbers as Python 2 did: on the line, or where its names get their value."""
    values = given_values(trees)
    here = list(statement(trees, line))
    taken = [node.value for node in here if isinstance(node, (ast.Subscript, ast.Attribute))]
    names = [node.id for node in here if isinstance(node, ast.Name) and node not in taken]
    given = [inner for name in names for value in values.get(name, ()) for inner in ast.walk(value)]
    for some in (here, given):
        found = {
            node: None
            for node in some
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            if _is_whole(node, values)
        }
        inner = {child for node in found for child in ast.walk(node) if child is not node}
        for node in found:
            if node not in inner:
                yield node, ast.unparse(_Floored().visit(node))
        if found:
            return


def _is_whole(node: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> bool:
    """Tells whether an expression is most likely a whole number, and no array of pixels."""
    if depth > _DEEPEST:
        return False
    if isinstance(node, ast.BinOp):
        return all(_is_whole(one, values, depth + 1) for one in (node.left, node.right))
    if isinstance(node, ast.Name):
        return all(_is_whole(one, values, depth + 1) for one in values.get(node.id, ()))
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("len", "int", "round")
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    return isinstance(node, ast.Attribute) and _COUNT.search(node.attr) is not None


class _Floored(ast.NodeTransformer):
    def visit_Div(self, node: ast.Div) -> ast.AST:
        return ast.FloorDiv()


def scalars(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Takes the one number of an array for a number, as NumPy did."""
    here = list(statement(trees, line))
    found = [one.args[0] for one in calls(here, "int", "float") if one.args]
    found += [part for one in calls(here, "format") for part in one.args]
    for one in (node for node in here if isinstance(node, ast.BinOp)):
        if isinstance(one.op, ast.Mod) and isinstance(getattr(one.left, "value", 0), str):
            found += getattr(one.right, "elts", [one.right])
    whole = innermost(trees, line)
    if not found and isinstance(whole, ast.Assign) and isinstance(whole.targets[0], ast.Subscript):
        found = [whole.value]
    for value in found:
        yield value, f"numpy.squeeze({ast.unparse(value)})"
    yield from before(trees, "import numpy") if found else ()


def writable(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
    """Copies what tables of pandas hold, which is not to be written to."""
    methods = {call.func for call in calls(nodes(trees))}
    for node in nodes(trees):
        if isinstance(node, ast.Attribute) and node.attr == "values" and node not in methods:
            yield node, f"{ast.unparse(node.value)}.to_numpy(copy=True)"


REPAIRS: list[Repair] = [
    (
        r"(?:ModuleNotFound.* module named '|import name '(?P<name>\w+)' from '|Parent name: \w+\.)"
        r"(?P<module>\w+(?:\.\w+)*)'?",
        imports,
    ),
    (r"ModuleNotFoundError: No module named '(?P<module>[\w.]+)'", needless),
    (
        r"only (?:0-dimensional|length-1) arrays can be converted to Python scalars"
        r"|format string passed to numpy\.ndarray",
        scalars,
    ),
    (r"ValueError: (?:assignment destination|(?:\w+ )?array) is read-only", writable),
    (r"(?:Type|Value|Index)Error: .*(?:float|integer|indices)|Can't parse '\w+'", division),
]
