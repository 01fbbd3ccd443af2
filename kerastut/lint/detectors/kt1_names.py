"""Names and modules that are gone, by the tables of the records."""

import ast
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding
from kerastut.lint.fixes.moving import move_import, move_reference
from kerastut.lint.rules import api
from kerastut.lint.rules.renames import Gone, find_gone
from kerastut.lint.rules.rule import load_rules
from kerastut.lint.semantics import Import, Program, Reference
from kerastut.lint.semantics.facts import Fact

_CATCH = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}
_CODES = [rule.code for rule in load_rules().values() if {"names", "modules"} & set(rule.match)]


@detects(*_CODES)
def names(program: Program) -> Iterator[Finding]:
    """Finds imports of what is gone, and uses of it that no such import explains."""
    reported: set[int] = set()
    for node, items in _statements(program).items():
        yield from _imports(program, node, items, reported)
    for reference in program.references:
        root = reference.root
        if root is None or id(root.node) not in reported:
            yield from _reference(program, reference)


def is_tried(fact: Fact) -> bool:
    """Tells whether the program is prepared for a name that is not there."""
    return any(_CATCH.intersection(guard.handles) for guard in fact.guards)


def _statements(program: Program) -> dict[ast.stmt, list[Import]]:
    statements: dict[ast.stmt, list[Import]] = {}
    for item in program.imports:
        statements.setdefault(item.node, []).append(item)
    return statements


def _imports(
    program: Program, node: ast.stmt, items: list[Import], reported: set[int]
) -> Iterator[Finding]:
    """Reports a statement's names; those of one module that is gone as one finding."""
    found = [(item, gone) for item in items if (gone := _gone(item)) is not None]
    reported |= {id(item.alias) for item, _ in found if _binds(item)}
    groups: dict[tuple[str, str], list[tuple[Import, Gone]]] = {}
    for item, gone in found:
        groups.setdefault((gone.rule.code, gone.old), []).append((item, gone))
    for (code, old), group in groups.items():
        item, gone = group[0]
        if is_tried(item):
            continue
        edits: list[Edit] = []
        movable = [(item, gone.new) for item, gone in group if _exists(gone.new)]
        if movable and gone.rule.fix != "none":
            edits = move_import(program, movable)
        new = gone.new[: -len(item.alias.name) - 1] if gone.whole_module else gone.new
        at = node if len(group) > 1 or item.local == "*" else item.alias
        yield from program.report(
            code, item, edits, at=at, old=old, new=new if gone.new else "", name=item.local
        )


def _exists(name: str) -> bool:
    """Tells whether a fix may write a name: Keras 3 has it, or it is not Keras's."""
    module, _, last = name.removesuffix(".*").rpartition(".")
    if not name.startswith("keras."):
        return bool(name)
    return module not in api.modules() or api.has(module, last)


def _binds(item: Import) -> bool:
    """Tells whether the import binds the gone name itself, not the package around it."""
    return not isinstance(item.node, ast.Import) or item.alias.asname is not None


def _gone(item: Import) -> Gone | None:
    return find_gone(item.ref)


def _reference(program: Program, reference: Reference) -> Iterator[Finding]:
    gone = find_gone(reference.ref)
    if gone is None or is_tried(reference):
        return
    edits = []
    if _exists(gone.new) and gone.rule.fix != "none":
        edits = move_reference(program, reference, gone.new)
    yield from program.report(
        gone.rule.code,
        reference,
        edits,
        old=gone.old,
        new=gone.new,
        name=gone.old.rpartition(".")[2],
    )
