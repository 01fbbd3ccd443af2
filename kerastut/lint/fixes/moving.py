"""The edits that bring a name to its new place: its import, and every use of it."""

import ast
from collections.abc import Sequence

from ..finding import Edit, span_of
from ..rules.renames import find_gone
from ..semantics.facts import Definition, Import, Reference
from ..semantics.program import Program
from ..semantics.values import refer
from .edits import insert, replace
from .imports import Move, rewrite


def move_import(program: Program, group: Sequence[tuple[Import, str]]) -> list[Edit]:
    """Returns the edits for a statement's names and their new names; none if it cannot be done."""
    first, new = group[0]
    if isinstance(first.node, ast.Import):  # `import keras.utils.np_utils as u`
        return [_renamed(item, name) for item, name in group]
    if first.local == "*":
        module = _written(first, new.removesuffix(".*"))
        return [replace(first.node, f"from {module} import *")]
    moves, edits = [], []
    for item, name in group:
        move, uses = _move(program, item, name)
        if not move.targets:
            return []
        moves.append(move)
        edits += uses
    text = rewrite(program, first.node, moves, _separator(program, first.node))
    return [replace(first.node, text), *edits]


def _renamed(item: Import, new: str) -> Edit:
    """Returns the edit that writes another module in an import."""
    start = span_of(item.alias).start
    end = start.column + len(item.alias.name.encode())
    return Edit(start._replace(end_column=end), _written(item, new))


def _move(program: Program, item: Import, new: str) -> tuple[Move, list[Edit]]:
    """Returns where to import a name from, and the edits of its uses."""
    module, _, name = new.rpartition(".")
    here, old = (_written(item, module), name), item.alias.name
    definition = next(iter(program.definitions_at[id(item.alias)]), None)
    if item.alias.asname is not None or name == item.local or definition is None:
        return Move(old, (here,), item.local), []
    if name.islower() and item.local.islower():
        members = _members(program, item, definition)
        if members is not None:
            return Move(old, members[0]), members[1]
    if _is_taken(program, name, new):
        return Move(old, (here,), item.local), []
    return Move(old, (here,)), [replace(use.node, name) for use in definition.uses]


def _members(
    program: Program, item: Import, definition: Definition
) -> tuple[tuple[tuple[str, str], ...], list[Edit]] | None:
    """Returns imports of a module's members in place of the module, and the edits of the uses."""
    targets: dict[tuple[str, str], None] = {}
    edits = []
    references = program.references_from[id(definition)]
    for reference in references:
        chain = _chain(reference.node)
        gone = find_gone(reference.ref.name, reference.ref.via)
        if len(chain) < 2 or gone is None or not gone.new:
            return None
        depth = reference.ref.name.count(".") - item.ref.name.count(".") - 1
        parts = gone.new.split(".")
        new = ".".join(parts[: len(parts) - depth])
        module, _, name = new.rpartition(".")
        if _is_taken(program, name, new):
            return None
        targets[_written(item, module), name] = None
        edits.append(replace(chain[1], name))
    if not references or len(references) != len(definition.uses):
        return None
    return tuple(targets), edits


def move_reference(program: Program, reference: Reference, new: str) -> list[Edit]:
    """Returns the edit of a chain of attributes such as `keras.utils.np_utils.to_categorical`."""
    node, root, name = reference.node, reference.root, new.rpartition(".")[2]
    if new.startswith("builtins."):
        return [] if _is_taken(program, name, new) else [replace(node, name)]
    if root is None:  # a name of a star import, if the same star brings the new name
        starred = new.rpartition(".")[0] in program.stars and isinstance(node, ast.Name)
        return [replace(node, name)] if starred else []
    chain = _chain(node)
    names = [getattr(root.value, "name", "")]
    for link in chain[1:]:
        names.append(refer(f"{names[-1]}.{getattr(link, 'attr', '')}").name)
    for link, known in reversed(list(zip(chain[:-1], names[:-1], strict=True))):
        if new.startswith(f"{known}."):
            return [replace(node, program.source(link) + new[len(known) :])]
    if program.keras is not None and program.keras.order < reference.order:
        return [replace(node, program.keras.name + new[len("keras") :])]
    return _with_import(program, reference, new)


def _with_import(program: Program, reference: Reference, new: str) -> list[Edit]:
    """Imports Keras where the import stands that the chain begins with."""
    start = getattr(reference.root, "node", None)
    item = program.imports_at.get(id(start))
    if item is None or _is_taken(program, "keras", "keras"):
        return []
    root = _written(item, "keras")
    ways = {"keras": "import keras", "tensorflow.keras": "from tensorflow import keras"}
    line = ways.get(root, f"import {root} as keras") + _separator(program, item.node)
    return [insert(span_of(item.node), line), replace(reference.node, new)]


def _chain(node: ast.expr) -> list[ast.expr]:
    """Returns a chain's nodes, the first name first."""
    nodes = [node]
    while isinstance(nodes[-1], ast.Attribute):
        nodes.append(nodes[-1].value)
    return nodes[::-1]


def _is_taken(program: Program, name: str, new: str) -> bool:
    """Tells whether a name stands for something else anywhere in the document."""
    return any(value != new for value in program.names_of[name])


def _written(item: Import, name: str) -> str:
    """Returns a normal name as the import's statement reaches Keras."""
    if item.ref.via is None or not (name == "keras" or name.startswith("keras.")):
        return name
    module = getattr(item.node, "module", item.alias.name) or ""
    for root in ("tf_keras", "tensorflow.compat.v1.keras", "tensorflow"):
        if module.startswith(root):
            root = "tensorflow.keras" if root == "tensorflow" else root
            return root + name[len("keras") :]
    return name


def _separator(program: Program, node: ast.stmt) -> str:
    """Returns a new line where the statement stands alone on its lines, else a semicolon."""
    document, span = program.document, span_of(node)
    head = document.line(span.line)[: document.column(span.line, span.column)]
    tail = document.line(span.end_line)[document.column(span.end_line, span.end_column) :]
    if head.strip() or (tail.strip() and not tail.lstrip().startswith("#")):
        return "; "
    return "\n" + head
