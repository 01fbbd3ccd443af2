"""KT5xx: names that nothing defines, block by block."""

import ast
import re

from ..fixes.missing import Missing, missing_import
from ..registering import Findings, detects
from ..semantics.facts import Definition, Use
from ..semantics.program import Program
from ..semantics.values import Ref


@detects("KT501", "KT502")
def undefined_names(program: Program) -> Findings:
    """Finds names that no block defines, or only a later one; each once a block."""
    later = {item.name: item for item in reversed(program.definitions) if item.scope == ""}
    seen: set[tuple[int, str]] = set()
    for use in program.uses:
        key = program.document.chunk_at(use.node.lineno), use.name
        if use.definition is not None or key in seen or _is_prepared(program, use):
            continue
        seen.add(key)
        if use.name in later and later[use.name].order > use.order:
            line = _line(program, later[use.name])
            yield from program.report("KT502", use, name=use.name, line=line)
        elif not _is_hidden(program, use.name):
            wanted = missing_import(program, use.name)
            edits = wanted.edit(program, use.node) if wanted else []
            hint = f" (`{wanted}`)" if wanted else ""
            yield from program.report("KT501", use, edits, name=use.name, hint=hint)


def _is_prepared(program: Program, use: Use) -> bool:
    """Tells whether the program asks first whether the name is there."""
    asks = re.compile(r"globals\(|locals\(|vars\(|dir\(|TYPE_CHECKING|version")
    return use.is_caught("NameError") or any(asks.search(program.source(t)) for t in use.tests)


def _is_hidden(program: Program, name: str) -> bool:
    """Tells whether a part that is not valid Python may define the name."""
    word = re.escape(name)
    defines = re.compile(
        rf"\b{word}\b[\w\s,.()\[\]]*=[^=]|import[^\n]*\b{word}\b|\b(def|class|for|as)\s+{word}\b"
    )
    return any(
        chunk.problem is not None and defines.search("\n".join(chunk.lines))
        for chunk in program.document.chunks
    )


def _line(program: Program, definition: Definition) -> int:
    return program.document.locate(getattr(definition.node, "lineno", 1), 0).row


@detects("KT503")
def imports_in_another_block(program: Program) -> Findings:
    """Finds names of Keras in a block that imports some of Keras, but not these."""
    chunk_at = program.document.chunk_at
    importing = {chunk_at(item.node.lineno) for item in program.imports if item.ref.via is not None}
    known = {(chunk_at(item.node.lineno), item.local) for item in program.imports}
    for use in program.uses:
        definition, here = use.definition, chunk_at(use.node.lineno)
        if definition is None or not isinstance(definition.node, ast.alias):
            continue
        earlier = here <= chunk_at(definition.node.lineno)
        if earlier or (here, use.name) in known or here not in importing:
            continue
        if isinstance(definition.value, Ref) and definition.value.via is not None:
            known.add((here, use.name))
            again = _again(definition.value, use.name)
            edits = again.edit(program, use.node) if again else []
            line = _line(program, definition)
            yield from program.report("KT503", use, edits, name=use.name, line=line)


def _again(ref: Ref, name: str) -> Missing | None:
    """Returns the import that brings a name a second time."""
    root = {"keras": "keras", "tf": "tensorflow.keras"}.get(ref.via or "")
    if root is None:
        return None
    module, _, last = (root + ref.name.removeprefix("keras")).rpartition(".")
    return Missing(module, last, name) if module else Missing(last, "", name)
