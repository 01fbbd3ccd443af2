"""The edits that bring a name to its new place: its import, and every use of it."""

import ast
from collections.abc import Sequence

from kerastut.lint.finding import Edit, Span, span_of
from kerastut.lint.semantics import Definition, Import, Program, Reference
from kerastut.lint.semantics.imports import refer


def move_import(program: Program, group: Sequence[tuple[Import, str]]) -> list[Edit]:
    """Returns the edits for names of one statement that have moved; none if it cannot be done.

    Args:
        program: Has the names' uses.
        group: The names, each with its new qualified name.
    """
    first, new = group[0]
    if isinstance(first.node, ast.Import):
        return _plain(program, first, new)
    if first.local == "*":
        module = _written(program, first, new.removesuffix(".*"))
        return _rewritten(program, first, f"from {module} import *")
    from kerastut.lint.fixes.imports import Move, rewrite

    moves, edits = [], []
    for item, name in group:
        targets, keeps, uses = _targets(program, item, name)
        if not targets:
            return []
        moves.append(Move(item.alias.name, targets, keeps))
        edits += uses
    text = rewrite(program.source(first.node), moves, _separator(program, first.node))
    return [*_rewritten(program, first, text), *edits]


def _rewritten(program: Program, item: Import, text: str) -> list[Edit]:
    return [Edit(span_of(item.node), text)]


def _plain(program: Program, item: Import, new: str) -> list[Edit]:
    """`import keras.utils.np_utils as u`: only the name of the module changes."""
    alias = item.alias
    start = span_of(alias)
    end = start.column + len(alias.name.encode())
    span = Span(start.line, start.column, start.line, end)
    return [Edit(span, _written(program, item, new))]


def _targets(
    program: Program, item: Import, new: str
) -> tuple[tuple[tuple[str, str], ...], str | None, list[Edit]]:
    """Returns where to import from, the local name that stays, and the edits of the uses."""
    module, _, name = new.rpartition(".")
    here = (_written(program, item, module), name)
    if item.alias.asname is not None:
        return (here,), item.alias.asname, []
    definition = _definition(program, item)
    if name == item.local or definition is None:
        return (here,), item.local, []
    if name.islower() and item.local.islower():
        members = _members(program, item, definition)
        if members is not None:
            return members[0], None, members[1]
    if _is_taken(program, name, new):
        return (here,), item.local, []
    return (here,), None, [Edit(span_of(use.node), name) for use in definition.uses]


def _members(
    program: Program, item: Import, definition: Definition
) -> tuple[tuple[tuple[str, str], ...], list[Edit]] | None:
    """Returns imports of a module's members in place of the module, and the edits of the uses."""
    from kerastut.lint.rules.renames import find_gone

    targets: dict[tuple[str, str], None] = {}
    edits = []
    references = [ref for ref in program.references if ref.root is definition]
    for reference in references:
        member = _outer(reference.node, 1)
        gone = find_gone(reference.ref)
        if member is None or gone is None or not gone.new:
            return None
        depth = reference.ref.name.count(".") - item.ref.name.count(".") - 1
        new = ".".join(gone.new.split(".")[: len(gone.new.split(".")) - depth])
        module, _, name = new.rpartition(".")
        if _is_taken(program, name, new):
            return None
        targets[_written(program, item, module), name] = None
        edits.append(Edit(span_of(member), name))
    if not references or len(references) != len(definition.uses):
        return None
    return tuple(targets), edits


def move_reference(program: Program, reference: Reference, new: str) -> list[Edit]:
    """Returns the edit of a chain of attributes such as `keras.utils.np_utils.to_categorical`."""
    chain = _chain(reference.node)
    root = reference.root
    if new.startswith("builtins."):
        name = new.rpartition(".")[2]
        return [] if _is_taken(program, name, new) else [Edit(span_of(reference.node), name)]
    if root is None:
        return _starred(program, reference, new)
    value = root.value
    names = [getattr(value, "name", "")]
    for node in chain[1:]:
        assert isinstance(node, ast.Attribute)
        names.append(refer(f"{names[-1]}.{node.attr}").name)
    for node, name in reversed(list(zip(chain[:-1], names[:-1], strict=True))):
        if new.startswith(f"{name}."):
            return [Edit(span_of(reference.node), program.source(node) + new[len(name) :])]
    for definition in program.definitions:
        if getattr(definition.value, "name", "") == "keras" and definition.order < reference.order:
            return [Edit(span_of(reference.node), definition.name + new[len("keras") :])]
    return _with_import(program, reference, new)


def _with_import(program: Program, reference: Reference, new: str) -> list[Edit]:
    """Imports Keras where the import stands that the chain begins with."""
    item = next(
        (one for one in program.imports if one.alias is getattr(reference.root, "node", 0)), None
    )
    if item is None or _is_taken(program, "keras", "keras"):
        return []
    root = _written(program, item, "keras")
    line = (
        "from tensorflow import keras" if root == "tensorflow.keras" else f"import {root} as keras"
    )
    start = span_of(item.node)
    place = Span(start.line, start.column, start.line, start.column)
    line = line.replace("import keras as keras", "import keras")
    return [
        Edit(place, line + _separator(program, item.node)),
        Edit(span_of(reference.node), new),
    ]


def _starred(program: Program, reference: Reference, new: str) -> list[Edit]:
    """A name of a star import: it may be renamed if the same star brings the new name."""
    module, _, name = new.rpartition(".")
    stars = {item.ref.name.removesuffix(".*") for item in program.imports if item.local == "*"}
    if module in stars and isinstance(reference.node, ast.Name):
        return [Edit(span_of(reference.node), name)]
    return []


def _chain(node: ast.expr) -> list[ast.expr]:
    """Returns a chain's nodes, the first name first."""
    nodes = [node]
    while isinstance(nodes[-1], ast.Attribute):
        nodes.append(nodes[-1].value)
    return nodes[::-1]


def _outer(node: ast.expr, depth: int) -> ast.expr | None:
    chain = _chain(node)
    return chain[depth] if depth < len(chain) else None


def _definition(program: Program, item: Import) -> Definition | None:
    return next((one for one in program.definitions if one.node is item.alias), None)


def _is_taken(program: Program, name: str, new: str) -> bool:
    """Tells whether a name stands for something else anywhere in the document."""
    return any(
        definition.name == name and getattr(definition.value, "name", None) != new
        for definition in program.definitions
    )


def _written(program: Program, item: Import, name: str) -> str:
    """Returns a normal name as the import's statement reaches Keras."""
    if item.ref.via is None or not (name == "keras" or name.startswith("keras.")):
        return name
    module = getattr(item.node, "module", item.alias.name) or ""
    root = "keras"
    if module.startswith("tf_keras"):
        root = "tf_keras"
    elif module.startswith("tensorflow.compat.v1.keras"):
        root = "tensorflow.compat.v1.keras"
    elif module.startswith("tensorflow"):
        root = "tensorflow.keras"
    return root + name[len("keras") :]


def _separator(program: Program, node: ast.stmt) -> str:
    """Returns a new line where the statement stands alone on its lines, else a semicolon."""
    document, span = program.document, span_of(node)
    head = document.line(span.line)[: document.column(span.line, span.column)]
    tail = document.line(span.end_line)[document.column(span.end_line, span.end_column) :]
    if head.strip() or (tail.strip() and not tail.lstrip().startswith("#")):
        return "; "
    return "\n" + head
