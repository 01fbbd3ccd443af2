"""Repairs that put one expression in the place of another, as a pattern in `repairs.toml` tells."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from kerastut.lint import api
from kerastut.migration.places import Edit, Mend, Repair, before, calls, nodes, statement

_HERE = Path(__file__)
_DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.ImportFrom)
TABLES: dict[str, Any] = tomllib.loads(_HERE.with_name("repairs.toml").read_text(encoding="utf-8"))


def piece(name: str) -> str:
    """Returns what a program gets in the place of what is gone."""
    return (_HERE.parent / "pieces" / f"{name}.py").read_text(encoding="utf-8")


def rewritten(old: str, new: str, top: str = "", *, everywhere: bool = False) -> Mend:
    r"""Returns what puts one expression in the place of another.

    Args:
        old: What there was once. A single capital stands for any expression, `\1` for what the
            message tells, and a call may have further arguments.
        new: What there is now: `{A}` for what `A` stands for, `{rest}` and `{more}`, with and
            without a comma before them, for further arguments.
        top: What the program needs at its beginning then.
        everywhere: Whether it is so in the whole file, and not only where it stopped.
    """

    def mend(trees: list[ast.Module], line: int, match: re.Match[str]) -> Iterator[Edit]:
        pattern = ast.parse(match.expand(old), mode="eval").body
        found = False
        for node in nodes(trees) if everywhere else statement(trees, line):
            parts = dict[str, str]()
            if _fits(pattern, node, parts):
                text = match.expand(new).format(**parts)
                with suppress(SyntaxError):  # an argument that is given already
                    compile(text, "", "exec")
                    found = True
                    yield node, text
        yield from before(trees, top) if found and top else ()

    return mend


def _fits(pattern: object, node: object, parts: dict[str, str]) -> bool:
    """Tells whether a node is as a pattern, and takes what stands in the places of capitals."""
    if isinstance(pattern, ast.Name) and len(pattern.id) == 1 and isinstance(node, ast.expr):
        parts[pattern.id] = ast.unparse(node)
        return True
    if isinstance(pattern, list) and isinstance(node, list) and len(pattern) == len(node):
        return all(_fits(*pair, parts) for pair in zip(pattern, node, strict=True))
    if not isinstance(pattern, ast.AST) or type(pattern) is not type(node):
        return pattern == node
    if isinstance(pattern, ast.Call) and isinstance(node, ast.Call):
        count, named = len(pattern.args), {one.arg: one.value for one in node.keywords}
        asked = {one.arg: one.value for one in pattern.keywords}
        rest = [*node.args[count:], *(one for one in node.keywords if one.arg not in asked)]
        parts["more"] = ", ".join(map(ast.unparse, rest))
        parts["rest"] = parts["more"] and f", {parts['more']}"
        pairs: list[tuple[object, object]] = [(pattern.func, node.func)]
        pairs += zip(pattern.args, node.args, strict=False)
        pairs += [(value, named.get(name)) for name, value in asked.items()]
        return len(node.args) >= count and all(_fits(*pair, parts) for pair in pairs)
    names = (name for name in pattern._fields if name != "ctx")
    return all(_fits(getattr(pattern, name), getattr(node, name), parts) for name in names)


def dropped(told: str) -> Mend:
    """Returns what takes away the statements whose text a pattern finds."""

    def mend(trees: list[ast.Module], _: int, __: re.Match[str]) -> Iterator[Edit]:
        for node in nodes(trees):
            if isinstance(node, _DROPPED) and re.search(told, ast.unparse(node)):
                yield node, "pass"

    return mend


def imported(trees: list[ast.Module], _: int, match: re.Match[str]) -> Iterator[Edit]:
    """Imports what a name stands for, which a star had brought or nobody: of Keras, or usual."""
    name = match[1]
    home = name if name in sys.stdlib_module_names else api.home(name)
    usual = f"import {name}" if home == name else f"from {home} import {name}"
    line = TABLES["imports"].get(name) or (home and usual)
    yield from before(trees, line) if line else ()


def squeezed(trees: list[ast.Module], line: int, _: re.Match[str]) -> Iterator[Edit]:
    """Takes what has one number for that, as NumPy did in an array beside numbers."""
    made = (one.args[:1] for one in calls(statement(trees, line), "array", "asarray"))
    drawn = (one.args[1:2] for one in calls(statement(trees, line), "plot"))
    kinds = (made, (ast.List, ast.Subscript)), (drawn, (ast.List, ast.Subscript, ast.Name))
    for several, kind in kinds:
        for value in (one for values in several for one in values if isinstance(one, kind)):
            yield value, f"[numpy.squeeze(one) for one in {ast.unparse(value)}]"
            yield from before(trees, "import numpy")


REPAIRS: list[Repair] = [
    (r"requested array has an inhomogeneous shape", squeezed),
    (r"NameError: name '(\w+)' is not defined", imported),
    *((error, dropped(text)) for error, text in TABLES["dropped"].items()),
    *((error, rewritten(*one)) for error, one in TABLES["here"].items()),
    *((error, rewritten(*one, everywhere=True)) for error, one in TABLES["everywhere"].items()),
    *(
        (
            one["error"],
            rewritten(
                old,
                new,
                piece(one["piece"]) if "piece" in one else one.get("top", ""),
                everywhere=one.get("everywhere", False),
            ),
        )
        for one in TABLES["rewritten"]
        for old, new in one.get("each") or [(one["old"], one["new"])]
    ),
    *(
        (f"name '{old}' is not defined", rewritten(old, new, everywhere=True))
        for old, new in TABLES["names"].items()
    ),
    *(
        (
            f"has no attribute '{old}'|The {old} attribute was removed",
            rewritten(f"A.{old}", f"{{A}}.{new}", everywhere=True),
        )
        for old, new in TABLES["attributes"].items()
    ),
]
