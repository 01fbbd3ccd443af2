"""KT5xx: names that nothing defines, block by block."""

import ast
import re

from ..fixes.edits import replace
from ..fixes.missing import Missing, missing_import
from ..registering import Findings, detects
from ..rules import api
from ..semantics.facts import Definition, Use
from ..semantics.program import Program
from ..semantics.values import Ref

# What may stand in front of an assignment's sign, and that; and what else may define a name.
_TARGETS = re.compile(r"[\w\s,.()\[\]]+")
_ASSIGNS = re.compile(r"=[^=]")
_PYTHON2 = {"xrange": "range", "raw_input": "input", "unicode": "str", "unichr": "chr"}
_PYTHON2 |= {"long": "int", "basestring": "str"}
_NAMES = re.compile(r"globals\(|locals\(|vars\(|dir\(|TYPE_CHECKING|version")
_HEADS = re.compile(r"\b(?:def|class|for|as)\s+(\w+)")


@detects("KT501", "KT502", "KT504")
def undefined_names(program: Program) -> Findings:
    """Finds names that no block defines, or only a later one; each once a block."""
    later = {item.name: item for item in reversed(program.definitions) if item.scope == ""}
    seen: set[tuple[int, str]] = set()
    hidden = _hidden(program)
    public = frozenset().union(*api.modules().values())
    asked = {id(one.node.value) for one in program.accesses if one.name in public}
    unknown = [use for use in program.uses if use.definition is None and use.name in _PYTHON2]
    for use in program.uses:
        if use.definition is not None:
            continue
        key = program.document.chunk_at(use.node.lineno), use.name
        if key in seen or _is_prepared(program, use):
            continue
        seen.add(key)
        new = _PYTHON2.get(use.name)
        wanted = None if new else missing_import(program, use.name)
        comes = use.name in later and later[use.name].order > use.order
        # A page shows fragments: what no import brings is the reader's to make, and so is a
        # thing of a common name, such as `image`, that is not asked for what a module has.
        own = wanted is None or not (wanted.customary or id(use.node) in asked)
        own = own and not (wanted and (use.name[:1].isupper() or "_" in use.name))
        fragment = program.document.kind == "markdown" and not new and (comes or own)
        if use.name in hidden:
            continue
        if comes and not fragment:
            line = _line(program, later[use.name])
            yield from program.report("KT502", use, name=use.name, line=line)
            continue
        edits = wanted.edit(program, use.node) if wanted and not comes else []
        if new and new not in program.names_of:
            edits = [replace(one.node, new) for one in unknown if one.name == use.name]
        hint = f" (`{new or wanted}`)" if new or wanted else ""
        code = "KT504" if fragment else "KT501"
        yield from program.report(code, use, edits, name=use.name, hint=hint)


def _is_prepared(program: Program, use: Use) -> bool:
    """Tells whether the program asks first whether the name is there."""
    return use.is_caught("NameError") or any(program.asks(test, _NAMES) for test in use.tests)


def _hidden(program: Program) -> set[str]:
    """Returns the names that parts which are not valid Python may define."""
    words: list[str] = []
    for chunk in program.document.chunks:
        pairs = zip(chunk.lines, chunk.parsed if chunk.tree else [], strict=False)
        masked = [line for line, kept in pairs if line != kept] if chunk.tree else chunk.lines
        text = "\n".join(masked) if chunk.problem is not None else ""
        defining = [m[0] for m in _TARGETS.finditer(text) if _ASSIGNS.match(text, m.end())]
        lines = [line.partition("import")[2] for line in text.split("\n")]
        words += re.findall(r"\w+", " ".join((*defining, *lines, *_HEADS.findall(text))))
    return set(words)


def _line(program: Program, definition: Definition) -> int:
    return program.document.locate(getattr(definition.node, "lineno", 1), 0).row


@detects("KT503")
def imports_in_another_block(program: Program) -> Findings:
    """Finds names of Keras in a block that imports some of Keras, but not these."""
    chunk_at = program.document.chunk_at
    importing = {chunk_at(item.node.lineno) for item in program.imports if item.ref.via is not None}
    known = {(chunk_at(item.node.lineno), item.local) for item in program.imports}
    for use in program.uses:
        definition = use.definition
        if definition is None or not isinstance(definition.node, ast.alias):
            continue
        here = chunk_at(use.node.lineno)
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
