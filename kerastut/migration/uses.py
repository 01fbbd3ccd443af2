"""Reads in a program how it uses what it loads: the parts, the keys, the elements of it."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_DEEPEST = 4  # keys in keys
_TEXTS = ("lower", "upper", "strip", "split", "splitlines", "startswith", "encode", "replace")
_TABLES = ("values", "iloc", "loc", "columns", "drop", "apply", "head", "dropna", "to_numpy")
_ASKS = ("get", "values")  # what a dictionary has
_CAUGHT = ("Exception", "OSError", "IOError", "FileNotFoundError", "EnvironmentError")


@dataclass
class Use:
    """How a value is used.

    Args:
        name: That it has.
        parts: That it is taken apart into.
        keys: That it is asked for.
        element: How what it consists of is used, if it is gone through.
        kind: `text`, `table`, `item` for a dictionary in an array, or nothing.
    """

    name: str
    parts: list["Use"] = field(default_factory=list)
    keys: dict[str, "Use"] = field(default_factory=dict)
    element: "Use | None" = None
    kind: str = ""

    @property
    def shaped(self) -> bool:
        """Tells whether anything is known but the name."""
        return bool(self.parts or self.keys or self.element or self.kind)


class Uses:
    """The places at which a program takes something out of something.

    Args:
        nodes: Of the program and its modules.
    """

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._places = defaultdict[str, list[ast.AST]](list)
        called = set[ast.expr]()
        for node in nodes:
            if node in called:
                continue
            if isinstance(node, (ast.Subscript, ast.Attribute, ast.Assign)):
                self._places[ast.unparse(node.value)].append(node)
            elif isinstance(node, ast.withitem) and node.optional_vars:
                given = ast.Assign([node.optional_vars], node.context_expr)
                self._places[ast.unparse(node.context_expr)].append(given)
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _ASKS:
                assert isinstance(node.func, ast.Attribute)
                self._places[ast.unparse(node.func.value)].append(node)
                called.add(node.func)
            elif isinstance(node, (ast.For, ast.comprehension)):
                self._places[ast.unparse(node.iter)].append(node)

    def of(self, text: str, depth: int = 0) -> Use:
        """Returns how what an expression yields is used.

        Args:
            text: The expression.
            depth: Of the keys that led to it.
        """
        found = Use(text)
        texts = [text]
        for node in (one for text in texts for one in self._places.get(text, ())):
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                if isinstance(target, ast.Tuple):
                    found.parts = found.parts or self._parts(target, depth)
                elif (name := ast.unparse(target)) not in texts:
                    texts.append(name)
            elif depth < _DEEPEST:
                self._take(found, node, depth + 1)
        found.name = texts[-1] if len(texts) > 1 else text
        return found

    def _parts(self, target: ast.Tuple, depth: int) -> list[Use]:
        found = []
        for one in target.elts:
            if isinstance(one, ast.Tuple):
                found.append(Use("", parts=self._parts(one, depth)))
            else:
                found.append(self.of(ast.unparse(one), depth))
        return found

    def _take(self, found: Use, node: ast.AST, depth: int) -> None:
        text = ast.unparse(node) if isinstance(node, ast.expr) else ""
        asked = getattr(node, "slice", None) or next(iter(getattr(node, "args", ())), None)
        if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
            found.keys[asked.value] = self.of(text, depth)
        elif isinstance(node, ast.Call):  # of all values, which may be taken apart
            found.keys |= {part.name: part for part in self.of(text, depth).parts}
        elif isinstance(node, ast.Attribute):
            if node.attr in _TEXTS:
                found.kind = "text"
            elif node.attr in _TABLES:
                found.kind = "table"
            elif node.attr == "item":
                used = self.of(f"{text}()", depth)
                found.keys, found.kind = found.keys | used.keys, "item"
        elif isinstance(node, (ast.For, ast.comprehension)):
            found.element = self.of(ast.unparse(node.target), depth)


def is_tried(tree: ast.AST, line: int) -> bool:
    """Tells whether a program is prepared for a file that is not there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and _holds(node.body, line):
            kinds = [ast.unparse(one.type) if one.type else "OSError" for one in node.handlers]
            if any(name in kind for kind in kinds for name in _CAUGHT):
                return True
    return False


def _holds(body: Sequence[ast.stmt], line: int) -> bool:
    return body[0].lineno <= line <= (body[-1].end_lineno or 0)
