"""The edits that bring a name to its new place: its import, and every use of it."""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..finding import Edit, span_of
from ..rules.renames import find_gone
from ..rules.rule import read_table
from ..semantics.facts import Definition, Fact, Import, Reference
from ..semantics.program import Program
from ..semantics.values import refer
from .edits import insert, replace, separator
from .imports import Move, remove, rewrite
from .missing import Missing


def move_import(program: Program, group: Sequence[tuple[Import, str]]) -> list[Edit]:
    """Returns the edits for a statement's names and their new names; none if it cannot be done.

    A name whose new one is "" is taken away.
    """
    first, new = group[0]
    gone = {item.alias.name for item, name in group if not name}
    if len(gone) == len(group):
        return remove(program, first.node, gone)
    if isinstance(first.node, ast.Import):  # `import keras.utils.np_utils as u`
        return [_renamed(item, name) for item, name in group]
    if first.local == "*":
        module = _written(first, new.removesuffix(".*"))
        stars = [one for one in program.imports if one.local == "*" and not one.guards]
        before = [one.ref for one in stars if one.order < first.order]
        gone_before = [find_gone(ref.name, ref.via) for ref in before]
        if new in [one.new for one in gone_before if one] or new in [ref.name for ref in before]:
            return remove(program, first.node, {"*"})
        return [replace(first.node, f"from {module} import *")]
    moves, edits = [], []
    for item, name in group:
        move, uses = _move(program, item, name) if name else (Move(item.alias.name, ()), [])
        moves.append(move)
        edits += uses
    text = rewrite(program, first.node, moves, separator(program, first.node))
    return [replace(first.node, text), *edits]


def references(program: Program, item: Import) -> list[Reference]:
    """Returns the uses of an imported name, if all are known: they begin with what is imported."""
    definition = next(iter(program.definitions_at[id(item.alias)]), None)
    if definition is None or is_used_elsewhere(program, definition):
        return []
    found = program.references_from[id(definition)]
    nodes = {id(chain_of(one.node)[0]) for one in found}
    return found if all(id(use.node) in nodes for use in definition.uses) else []


def is_unused(program: Program, item: Import) -> bool:
    """Tells whether nothing in the document uses an imported name.

    Of an import that is all that a block of a page shows, its text speaks.
    """
    definition = next(iter(program.definitions_at[id(item.alias)]), None)
    alone = len(program.bodies[id(item.node)][0]) == 1
    return (
        definition is not None
        and not definition.uses
        and not is_used_elsewhere(program, definition)
        and (id(item.node), item.alias.name) not in program.repeating
        and not (program.document.kind == "markdown" and alone)
    )


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
    if is_used_elsewhere(program, definition):
        return Move(old, (here,), item.local), []
    if name.islower() and item.local.islower():
        members = _members(program, item, definition)
        if members is not None:
            return Move(old, members[0]), members[1]
    if _is_taken(program, name, new):
        return Move(old, (here,), item.local), []
    return Move(old, (here,)), [replace(use.node, name) for use in definition.uses]


def is_used_elsewhere(program: Program, definition: Definition) -> bool:
    """Tells whether a name means something else at times, or is used where nobody looks."""
    name = definition.name
    return len(program.names_of[name]) > 1 or name in program.hidden


def _members(
    program: Program, item: Import, definition: Definition
) -> tuple[tuple[tuple[str, str], ...], list[Edit]] | None:
    """Returns imports of a module's members in place of the module, and the edits of the uses."""
    targets: dict[tuple[str, str], None] = {}
    edits = []
    references = program.references_from[id(definition)]
    for reference in references:
        chain = chain_of(reference.node)
        gone = find_gone(reference.ref.name, reference.ref.via)
        if len(chain) < 2 or gone is None or not gone.new:
            return None
        depth = reference.ref.name.count(".") - item.ref.name.count(".") - 1
        parts = gone.new.split(".")
        new = ".".join(parts[: len(parts) - depth])
        module, _, name = new.rpartition(".")
        if _is_taken(program, name, new) or name == "get":  # which says nothing by itself
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
        if new.rpartition(".")[0] in program.stars and isinstance(node, ast.Name):
            return [replace(node, name)]
        if program.document.kind == "markdown" or not isinstance(node, ast.Attribute):
            return _brought(program, node, new)
        reached = reach(program, reference, new)
        return [*reached[1], replace(node, reached[0])] if reached is not None else []
    chain = chain_of(node)
    names = [getattr(root.value, "name", "")]
    item = program.imports_at.get(id(root.node))
    moved = find_gone(names[0], None) if item is not None and item.local == names[0] else None
    if item is not None and isinstance(item.node, ast.Import) and moved and moved.new:
        return [replace(node, new)]  # its import is moved as well
    for link in chain[1:]:
        names.append(refer(f"{names[-1]}.{getattr(link, 'attr', '')}").name)
    for link, known in reversed(list(zip(chain[:-1], names[:-1], strict=True))):
        if new.startswith(f"{known}."):
            return [replace(node, program.source(link) + new[len(known) :])]
    reached = reach(program, reference, new)
    return [*reached[1], replace(node, reached[0])] if reached is not None else []


def reach(program: Program, place: Fact, name: str) -> tuple[str, list[Edit]] | None:
    """Returns how a place may call something, and the edits that import it; None if it may not.

    Args:
        program: The program.
        place: Where the name is wanted.
        name: A qualified name: `keras.ops.sum`, `numpy.argmax`.
    """
    module = name.partition(".")[0]
    # A block with imports of its own is read without the ones before it.
    block = program.document.chunk_at(span_of(place.node).line)
    own = [one for one in program.importing_blocks.get(block, ()) if one.order < place.order]
    # A function that imports all of Keras itself may be run by itself, as Hyperas does.
    inside = next(iter(program.inner_imports[place.scope, ""]), None)
    page = program.document.kind == "markdown"
    if inside and (inside.order > place.order or own or not (page or not program.first_keras)):
        inside = None
    for known, after in () if inside and module == "keras" else _ways(program, name):
        if known is None or known.order > place.order:
            continue
        if not own or known.name in {one.local for one in own}:
            return known.name + after, []
    for inner in program.inner_imports[place.scope, module][:1]:
        if inner.order < place.order:
            return inner.local + name[len(module) :], []
    # It is imported where the chain begins, or where Keras is first imported.
    start = getattr(getattr(place, "root", None), "node", None)
    begins = program.imports_at.get(id(start))
    roots = {_written(one, "keras") for one in (begins, program.first_keras) if one is not None}
    item = begins if len(roots) > 1 else program.first_keras or begins
    # On a page of several programs, where the last one before it begins.
    last = max((at for at in program.importing_blocks if at <= block), default=block)
    tops = program.importing_blocks.get(last, ())
    item = inside or next((one for one in tops if one.ref.via and one.order < place.order), item)
    local = {"numpy": "np", "tensorflow": "tf"}.get(module, module)
    if item is None and ((page and module == "keras") or module in ("glob", "os")):
        brought = Missing(module, "", module).edit(program, place.node)
        return (name, brought) if brought and not _is_taken(program, module, module) else None
    if item is None or item.order > place.order or _is_taken(program, local, module):
        return None
    ways = {"keras": "import keras", "tensorflow.keras": "from tensorflow import keras"}
    root = _written(item, "keras")
    line = ways.get(root, f"import {root} as keras")
    if module != "keras":
        whole = {"PIL": "PIL.Image", "matplotlib": "matplotlib.pyplot"}.get(module, module)
        line = f"import {whole}" + (f" as {local}" if local != module else "")
    edits = [insert(span_of(item.node), line + separator(program, item.node))]
    return local + name[len(module) :], edits


def reach_each(program: Program, place: Fact, *names: str) -> tuple[list[str], list[Edit]]:
    """Returns how a place may call several things, and the edits; nothing if it may not one."""
    ways = [way for name in names if (way := reach(program, place, name)) is not None]
    if len(ways) < len(names):
        return [], []
    return [name for name, _ in ways], [*dict.fromkeys(one for _, edits in ways for one in edits)]


def _brought(program: Program, node: ast.expr, new: str) -> list[Edit]:
    """Returns the edits of a name of Keras on a page that does not import it."""
    first, (module, _, name) = chain_of(node)[0], new.rpartition(".")
    if getattr(first, "id", "") == "keras" and new.startswith("keras."):
        return [replace(node, new)]  # as the page takes it for imported
    kept = new.startswith("tensorflow.keras.")  # what a star brought, and does no more
    if not (kept or program.document.kind == "markdown") or _is_taken(program, name, new):
        return []
    brought = Missing(module, name, name).edit(program, node)
    return [*brought, replace(node, name)] if brought else []


def _ways(program: Program, name: str) -> Iterator[tuple[Definition | None, str]]:
    """Yields names of the program, and what to write after them to reach another name."""
    module, _, rest = name.partition(".")
    for one in _alike(name):
        yield program.named(one), ""
    yield program.named(module), f".{rest}"
    if module == "keras" and "keras" not in program.ways:
        yield program.named("tensorflow"), f".{name}"


@lru_cache(1000)
def _alike(name: str) -> list[str]:
    """Returns the names of today under which something can be imported."""
    same = read_table("aliases.toml")["same"].items()
    names = [name, *(old for old, new in same if new == name)]
    return [one for one in names if find_gone(one, "keras") is None]


def chain_of(node: ast.AST) -> list[ast.AST]:
    """Returns a chain's nodes, the first name first."""
    nodes = [node]
    while isinstance(nodes[-1], ast.Attribute):
        nodes.append(nodes[-1].value)
    return nodes[::-1]


def head_of(node: ast.AST) -> str:
    """Returns the name that a chain of attributes begins with; "" if it begins with none."""
    return getattr(chain_of(node)[0], "id", "")


def _is_taken(program: Program, name: str, new: str) -> bool:
    """Tells whether a name stands for something else anywhere in the document."""
    return any(value != new for value in program.names_of[name])


def _written(item: Import, name: str) -> str:
    """Returns a normal name as the import's statement reaches Keras."""
    if item.ref.via is None or not (name == "keras" or name.startswith("keras.")):
        return name
    module = getattr(item.node, "module", item.alias.name) or ""
    for root, written in (("tf_keras", "tf_keras"), ("tensorflow", "tensorflow.keras")):
        if module.startswith(root):
            return written + name[len("keras") :]
    return name
