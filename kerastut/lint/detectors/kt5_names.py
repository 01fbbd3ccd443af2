"""KT501, KT502, KT503: names, block by block."""

import ast
import re
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.fixes.missing import Missing, missing_import
from kerastut.lint.semantics import Definition, Program, Ref, Use


@detects("KT501", "KT502")
def undefined_names(program: Program) -> Iterator[Finding]:
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
    for guard in use.guards:
        if {"NameError", "Exception", "BaseException"} & set(guard.handles):
            return True
        if guard.test is not None:
            source = program.source(guard.test)
            if re.search(r"globals\(|locals\(|vars\(|dir\(|TYPE_CHECKING|version", source):
                return True
    return False


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
def imports_in_another_block(program: Program) -> Iterator[Finding]:
    """Finds names of Keras in a block that imports some of Keras, but not these."""
    chunk_at = program.document.chunk_at
    importing = {chunk_at(item.node.lineno) for item in program.imports if item.ref.via is not None}
    own = {(chunk_at(item.node.lineno), item.local) for item in program.imports}
    seen: set[tuple[int, str]] = set()
    for use in program.uses:
        definition = use.definition
        if definition is None or not isinstance(definition.node, ast.alias):
            continue
        here, there = chunk_at(use.node.lineno), chunk_at(definition.node.lineno)
        known = here <= there or (here, use.name) in seen or (here, use.name) in own
        if known or here not in importing:
            continue
        if isinstance(definition.value, Ref) and definition.value.via is not None:
            seen.add((here, use.name))
            line = _line(program, definition)
            again = _again(definition.value, use.name)
            edits = again.edit(program, use.node) if again else []
            yield from program.report("KT503", use, edits, name=use.name, line=line)


def _again(ref: Ref, name: str) -> Missing | None:
    """Returns the import that brings a name a second time."""
    root = {"keras": "keras", "tf": "tensorflow.keras"}.get(ref.via or "")
    if root is None:
        return None
    module, _, last = (root + ref.name.removeprefix("keras")).rpartition(".")
    return Missing(module, last, name) if module else Missing(last, "", name)
