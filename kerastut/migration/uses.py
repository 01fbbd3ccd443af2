"""Reads in a program how it uses what it loads: the parts, the keys, the elements of it."""

import ast
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kerastut.migration.places import name_of

_DEEPEST = 8  # keys in keys, and items of items
_TEXTS = ("lower", "upper", "strip", "split", "splitlines", "startswith", "encode", "replace")
_TABLES = ("values", "iloc", "loc", "columns", "drop", "apply", "head", "dropna", "to_numpy")
_ASKS = ("get", "values")  # what a dictionary has
_SAME = ("array", "asarray", "copy", "astype", "float32")  # give an array of the same shape
_NUMPY = ("np", "numpy")
_CAUGHT = ("Exception", "OSError", "IOError", "FileNotFoundError", "EnvironmentError")


@dataclass
class _Made(ast.AST):
    """What is made of an array, by a call with other arguments."""

    call: ast.Call
    arguments: list[ast.expr]


@dataclass
class Use:
    """How a value is used.

    Args:
        name: That it has.
        parts: That it is taken apart into.
        keys: That it is asked for.
        element: How what it consists of is used, if it is gone through.
        kind: `text`, `table`, `item` for a dictionary in an array, or nothing.
        shape: That it is brought into, with 0 for what is not known of it.
    """

    name: str
    parts: list["Use"] = field(default_factory=list)
    keys: dict[str, "Use"] = field(default_factory=dict)
    element: "Use | None" = None
    kind: str = ""
    shape: tuple[int, ...] = ()

    @property
    def shaped(self) -> bool:
        """Tells whether anything is known but the name."""
        return bool(self.parts or self.keys or self.element or self.kind)


class Uses:
    """The places at which a program takes something out of something.

    Args:
        nodes: Of the program and its modules.
        numbers: That names have been given.
    """

    def __init__(self, nodes: Iterable[ast.AST], numbers: Mapping[str, str] | None = None) -> None:
        self._places = defaultdict[str, list[ast.AST]](list)
        self._numbers = numbers or {}
        self.shapes = list[tuple[int, ...]]()  # of the items of what is brought into a shape
        called = set[ast.expr]()
        for node in nodes:
            if node in called:
                continue
            if isinstance(node, (ast.Subscript, ast.Attribute, ast.Assign)):
                self._places[ast.unparse(node.value)].append(node)
                for target, value in _pairs(node):
                    self._places[ast.unparse(value)].append(ast.Assign([target], value))
            elif isinstance(node, ast.withitem) and node.optional_vars:
                given = ast.Assign([node.optional_vars], node.context_expr)
                self._places[ast.unparse(node.context_expr)].append(given)
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _ASKS:
                assert isinstance(node.func, ast.Attribute)
                self._places[ast.unparse(node.func.value)].append(node)
                called.add(node.func)
            elif isinstance(node, ast.Call) and name_of(node.func) in (*_SAME, "reshape"):
                owner = getattr(node.func, "value", node.func)
                outer = isinstance(owner, ast.Name) and owner.id in _NUMPY
                arguments = node.args if outer else [owner, *node.args]
                if arguments:
                    self._places[ast.unparse(arguments[0])].append(_Made(node, arguments[1:]))
                    shape = self._shape(arguments[1:])[1:]
                    self.shapes += [shape] * (math.prod(shape) > 1)
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
        for node in (one for name in texts for one in self._places.get(name, ())):
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                if isinstance(target, ast.Tuple):
                    found.parts = found.parts or self._parts(target, depth)
                    continue
                found.name = ast.unparse(target)
                if found.name not in texts and not text.startswith(f"{found.name}["):
                    texts.append(found.name)  # but for `x = x["x"]`, after which it is another
            elif isinstance(node, _Made):
                if name_of(node.call.func) != "reshape":
                    texts += {ast.unparse(node.call)} - {*texts}
                elif shape := self._shape(node.arguments):
                    found.shape = found.shape or shape
            elif isinstance(node, ast.Subscript) and ast.unparse(node.slice) in (":", "..."):
                texts += {ast.unparse(node)} - {*texts}
            elif depth < _DEEPEST:
                self._take(found, node, depth + 1)
        return found

    def _shape(self, arguments: Sequence[ast.expr]) -> tuple[int, ...]:
        """Returns the shape that is asked for, if all of it but the first part is known."""
        whole = arguments[0] if len(arguments) == 1 else None
        sides = whole.elts if isinstance(whole, (ast.Tuple, ast.List)) else arguments
        shape = [self._number(ast.unparse(side)) for side in sides]
        return tuple(shape) if all(shape[1:]) else ()

    def _number(self, text: str) -> int:
        told = re.sub(r"[A-Za-z_]\w*", lambda name: self._numbers.get(name[0], name[0]), text)
        factors = re.fullmatch(r"\d+(?: \* \d+)*", told)
        return math.prod(map(int, told.split(" * "))) if factors else 0

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


def _pairs(node: ast.AST) -> Iterable[tuple[ast.expr, ast.expr]]:
    """Returns what is assigned in pairs, as in `x, y = data[0], data[1]`."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and len(target.elts) == len(node.value.elts):
            return zip(target.elts, node.value.elts, strict=True)
    return ()


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
