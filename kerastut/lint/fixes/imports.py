"""Rewrites `from ... import ...` statements where names have moved."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..finding import Edit, span_of
from ..semantics.program import Program
from .edits import remove_statement, replace, separator

_MODULE = re.compile(r"(?<=from)([\s\\]+).+?(?=[\s\\]+import\b)", re.DOTALL)


@dataclass(frozen=True)
class Move:
    """A name of an import that goes elsewhere.

    Where a module was imported, its members may be imported in its place: several targets.
    """

    name: str  # in the old module
    targets: tuple[tuple[str, str], ...]  # module and name of what replaces it
    keeps: str | None = None  # the local name that has to stay, if it has

    def texts(self, module: str | None) -> tuple[str, ...]:
        """Returns what it imports from a module."""
        names = [name for target, name in self.targets if target == module]
        return tuple(
            name if self.keeps in (None, name) else f"{name} as {self.keeps}" for name in names
        )


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
    if not kept and len(groups) == 1 and "" not in groups:
        ((module, texts),) = groups.items()
        aligned = [*commas, comma] if len(texts) == len(old) else [comma] * len(texts)
        return statement(list(zip(texts, aligned, strict=True)), module)
    parts = [statement(kept)] if kept else []
    if kept and any("#" in after for after in (*commas, tail)) and set(here.values()) == {()}:
        parts = [head + _without(old, [*commas, tail], [one.name in here for one in node.names])]
    starts = {target: f"from {target} import" if target else "import" for target in groups}
    parts += [f"{starts[target]} {', '.join(items)}" for target, items in groups.items()]
    text = separator.join(parts)
    lost = [one for one in program.document.comments_in(whole) if one not in text]
    return text + "".join(f"  {one}" for one in lost if separator != "; ")


def remove(program: Program, node: ast.Import | ast.ImportFrom, gone: set[str]) -> list[Edit]:
    """Returns the edits that take names out of an import, and the whole of it if none is left."""
    if any(alias.name not in gone for alias in node.names):
        if isinstance(node, ast.Import):
            return []
        moves = [Move(name, ()) for name in gone]
        return [replace(node, rewrite(program, node, moves, separator(program, node)))]
    return [remove_statement(program, node)]


def _without(names: Sequence[str], afters: Sequence[str], removed: Sequence[bool]) -> str:
    """Returns a list of names, one a line, without some of them and the comments behind them."""
    text = ""
    for name, after, gone in zip(names, afters, removed, strict=True):
        if not gone:
            text += name + after
        elif "\n" in after or after is afters[-1]:
            rest = (after.partition("\n")[2] or after.lstrip(" \t,")).lstrip()
            text = (text.rstrip(" \t") if rest.startswith(")") else text) + rest
    return text


def _groups(moves: Sequence[Move], module: str | None) -> dict[str, list[str]]:
    """Returns what to import from each of the other modules."""
    groups: dict[str, list[str]] = {}
    for move in moves:
        for target in {target: None for target, _ in move.targets if target != module}:
            items = groups.setdefault(target, [])
            items += [text for text in move.texts(target) if text not in items]
    return groups
