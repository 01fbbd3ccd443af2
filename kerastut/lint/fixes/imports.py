"""Rewrites `from ... import ...` statements where names have moved."""

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node


@dataclass(frozen=True)
class Move:
    """A name of an import that goes elsewhere.

    Attributes:
        name: The name in the old module.
        targets: The module and name of what replaces it; several where a module was imported and
            its members are imported in its place.
        keeps: The local name that has to stay, or None where the new name is used.
    """

    name: str
    targets: tuple[tuple[str, str], ...]
    keeps: str | None = None


def rewrite(source: str, moves: Sequence[Move], separator: str) -> str:
    """Returns an import statement after the moves.

    Args:
        source: The statement as it is written.
        moves: At least one.
        separator: Goes between statements if it has to become several.
    """
    node = _parse(source)
    old = _aliases(node)
    module = get_full_name_for_node(node.module) if node.module else None
    here = {move.name: _texts(move, module) for move in moves}
    groups = _groups(moves, module)
    moved = {move.name for move in moves}
    kept: list[cst.ImportAlias] = []
    for alias in old:
        if alias.evaluated_name not in moved:
            kept.append(alias)
            continue
        kept += [
            alias.with_changes(name=new.name, asname=new.asname)
            for new in map(_alias, here[alias.evaluated_name])
            if not any(_text(new) == _text(other) for other in old)
        ]
    if not kept and len(groups) == 1:
        return _all_to_one(node, *next(iter(groups.items())))
    parts = [_code(node.with_changes(names=_with_commas(kept, old)))] if kept else []
    parts += [f"from {target} import {', '.join(items)}" for target, items in groups.items()]
    return separator.join(parts)


def _texts(move: Move, module: str | None) -> list[str]:
    """Returns what a move imports from a module."""
    names = [name for target, name in move.targets if target == module]
    return [name if move.keeps in (None, name) else f"{name} as {move.keeps}" for name in names]


def _groups(moves: Sequence[Move], module: str | None) -> dict[str, list[str]]:
    """Returns what to import from each of the other modules."""
    groups: dict[str, list[str]] = {}
    for move in moves:
        for target in {target: None for target, _ in move.targets if target != module}:
            items = groups.setdefault(target, [])
            items += [text for text in _texts(move, target) if text not in items]
    return groups


def _all_to_one(node: cst.ImportFrom, module: str, items: list[str]) -> str:
    old = _aliases(node)
    if len(items) == len(old):
        names = [
            alias.with_changes(name=new.name, asname=new.asname)
            for alias, new in zip(old, map(_alias, items), strict=True)
        ]
    else:
        names = _with_commas([_alias(text) for text in items], old)
    return _code(node.with_changes(module=cst.parse_expression(module), names=names))


def _with_commas(
    aliases: Sequence[cst.ImportAlias], old: Sequence[cst.ImportAlias]
) -> list[cst.ImportAlias]:
    """Returns the names with the commas of the old statement: its last one stays the last."""
    plain = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    between = old[0].comma if len(old) > 1 else plain
    result = []
    for index, alias in enumerate(aliases):
        last = index == len(aliases) - 1
        own = (
            alias.comma if isinstance(alias.comma, cst.Comma) and alias is not old[-1] else between
        )
        result.append(alias.with_changes(comma=old[-1].comma if last else own))
    return result


def _parse(source: str) -> cst.ImportFrom:
    line = cst.ensure_type(cst.parse_statement(source), cst.SimpleStatementLine)
    return cst.ensure_type(line.body[0], cst.ImportFrom)


def _aliases(node: cst.ImportFrom) -> Sequence[cst.ImportAlias]:
    return () if isinstance(node.names, cst.ImportStar) else node.names


def _alias(text: str) -> cst.ImportAlias:
    return _aliases(_parse(f"from a import {text}"))[0]


def _text(alias: cst.ImportAlias) -> str:
    return _code(alias.with_changes(comma=cst.MaybeSentinel.DEFAULT))


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
