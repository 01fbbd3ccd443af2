"""Rewrites `from ... import ...` statements where names have moved."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..finding import span_of
from ..semantics.program import Program

_MODULE = re.compile(r"(?<=from)([\s\\]+).+?(?=[\s\\]+import\b)", re.DOTALL)


@dataclass(frozen=True)
class Move:
    """A name of an import that goes elsewhere.

    Where a module was imported, its members may be imported in its place: several targets.
    """

    name: str  # in the old module
    targets: tuple[tuple[str, str], ...]  # module and name of what replaces it
    keeps: str | None = None  # the local name that has to stay, if it has

    def texts(self, module: str | None) -> list[str]:
        """Returns what it imports from a module."""
        names = [name for target, name in self.targets if target == module]
        return [name if self.keeps in (None, name) else f"{name} as {self.keeps}" for name in names]


def rewrite(program: Program, node: ast.ImportFrom, moves: Sequence[Move], separator: str) -> str:
    """Returns an import statement after the moves, or several with the separator between them."""
    whole, spans = span_of(node), [span_of(alias) for alias in node.names]
    head = program.source(whole.start.to(spans[0].start))
    tail = program.source(spans[-1].end.to(whole.end))
    old = [program.source(span) for span in spans]
    commas = [program.source(one.end.to(next_.start)) for one, next_ in pairwise(spans)]
    comma = commas[0] if commas else ", "

    def statement(items: list[tuple[str, str]], module: str | None = None) -> str:
        start = head if module is None else _MODULE.sub(rf"\1{module}", head, count=1)
        return start + "".join(text + after for text, after in items[:-1]) + items[-1][0] + tail

    here = {move.name: move.texts(node.module) for move in moves}
    groups = _groups(moves, node.module)
    kept = [
        (text, after)
        for alias, own, after in zip(node.names, old, [*commas, comma], strict=True)
        for text in here.get(alias.name, [own])
        if alias.name not in here or text not in old
    ]
    if not kept and len(groups) == 1:
        ((module, texts),) = groups.items()
        aligned = [*commas, comma] if len(texts) == len(old) else [comma] * len(texts)
        return statement(list(zip(texts, aligned, strict=True)), module)
    parts = [statement(kept)] if kept else []
    parts += [f"from {target} import {', '.join(items)}" for target, items in groups.items()]
    return separator.join(parts)


def _groups(moves: Sequence[Move], module: str | None) -> dict[str, list[str]]:
    """Returns what to import from each of the other modules."""
    groups: dict[str, list[str]] = {}
    for move in moves:
        for target in {target: None for target, _ in move.targets if target != module}:
            items = groups.setdefault(target, [])
            items += [text for text in move.texts(target) if text not in items]
    return groups
