"""Names that nothing defines, block by block, and those that no public module has."""

import ast
import re
from collections.abc import Sequence

from ..finding import Edit, span_of
from ..fixes.calls import of_first_version, without_store
from ..fixes.edits import rename_attribute, replace
from ..fixes.missing import BUILT_IN, MODULES, import_again, missing_import, todays_name
from ..fixes.moving import head_of, is_unused, move_import, move_reference
from ..questions.undefined import fragments, is_aside, is_signature, slips
from ..registering import Findings, detects
from ..rules import api
from ..rules.renames import find_gone
from ..rules.rule import Applicability
from ..semantics.facts import Definition, Fact, Reference, Use
from ..semantics.names import PYTHON2
from ..semantics.program import Program, bound_names
from ..semantics.values import Ref
from .names import is_tried

# Parts of TensorFlow and Keras that are there, and are not public.
_PRIVATE = ("src", "core", "include", "dtensor")
_LOOPS = (ast.For, ast.While)
_NAMES = re.compile(r"globals\(|locals\(|vars\(|dir\(|TYPE_CHECKING|version")


@detects("KT501", "KT502", "KT504")
def undefined_names(program: Program) -> Findings:
    """Finds names that no block defines, or only a later one; each once a block or page."""
    later = {item.name: item for item in reversed(program.definitions) if item.scope == ""}
    seen: set[tuple[int, str]] = set()
    bound: dict[int, set[str]] = {}  # what a loop defines
    asked = {id(one.node.value) for one in program.accesses if one.name in api.names()}
    chains = [one.node for one in program.references if one.root is None]
    asked |= {id(one.value) for one in chains if isinstance(one, ast.Attribute)}
    undefined = [use for use in program.uses if use.definition is None]
    unknown = [use for use in undefined if use.name in PYTHON2]
    on_page, chunk_at = program.document.kind == "markdown", program.document.chunk_at
    slipped, parts = (slips(program), fragments(program)) if on_page else (set(), set())
    first = min(program.importing_blocks, default=len(program.document.chunks))
    for use in sorted(undefined, key=lambda one: one.node.lineno):  # the first is told of
        if use.name in program.hidden_names:
            continue
        if is_aside(program, use) or _is_looped(program, use, bound):
            continue
        # What a page never brings, its first block is to bring for all.
        key = -1 if on_page and use.name not in later else chunk_at(use.node.lineno), use.name
        prepared = any(program.asks(test, _NAMES) for test in use.tests)
        if key in seen or prepared or use.is_caught("NameError"):
            continue
        seen.add(key)
        new, old = PYTHON2.get(use.name), use.name in (*PYTHON2, *BUILT_IN)
        member = isinstance(program.parents.get(id(use.node)), ast.Attribute)
        # By itself, `config` or `layers` is no module that was meant.
        module = use.name in MODULES or f"keras.{use.name}" in api.modules()
        wanted = None if new or (module and not member) else missing_import(program, use.name)
        comes = use.name in later and later[use.name].order > use.order
        within = wanted is not None and key[0] not in parts  # of what may be run as it stands
        comes = comes and not (within and key[0] in program.importing_blocks)
        # A page shows fragments, one without imports alone: what no import brings is the reader's
        # to make, and so is a common name, `image`, that is not asked for what a module has.
        own = wanted is None or not (wanted.customary or id(use.node) in asked)
        own = own and not (wanted and (use.name[:1].isupper() or "_" in use.name))
        own = (own or is_signature(program, use) or not program.imports) and id(use) not in slipped
        whole = within and isinstance(later.get(use.name, use).node, ast.alias) and key[0] > first
        fragment = on_page and not old and (own or (comes and not whole))
        if comes and not fragment:
            line = _line(program, later[use.name])
            yield from program.report("KT502", use, name=use.name, line=line)
            continue
        edits = wanted.edit(program, use.node) if wanted and not comes else []
        if new and new not in program.names_of:
            edits = [todays_name(program, one, new) for one in unknown if one.name == use.name]
        hint = f" (`{new or wanted}`)" if new or wanted else ""
        code = "KT504" if fragment else "KT501"
        yield from program.report(code, use, edits, name=use.name, hint=hint)


def _is_looped(program: Program, use: Use, bound: dict[int, set[str]]) -> bool:
    """Tells whether another turn of a loop may define what a condition of it reads."""
    loop, asks = (program.around(use.statement, *kinds) for kinds in (_LOOPS, (ast.If,)))
    asked = asks is not None and program.around(asks, *_LOOPS) is loop
    if loop is not None and asked and id(loop) not in bound:
        bound[id(loop)] = {name for part in ast.walk(loop) for name in bound_names(part)}
    return asked and use.name in bound.get(id(loop), ())


def _line(program: Program, definition: Definition) -> str:
    place = program.document.locate(getattr(definition.node, "lineno", 1), 0)
    return f"{place.row} (cell {place.cell})" if place.cell is not None else str(place.row)


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
            again, line = import_again(definition.value, use.name), _line(program, definition)
            edits = again.edit(program, use.node) if again else []
            yield from program.report("KT503", use, edits, name=use.name, line=line)


@detects("KT501")
def keras_without_import(program: Program) -> Findings:
    """Finds `keras.utils...` in a block that imports some of Keras, on a page without `keras`."""
    told: set[int] = set()
    for one in program.references if "keras" not in program.names_of else ():
        at = program.document.chunk_at(span_of(one.node).line)
        known = one.root is not None or at in told or at not in program.importing_blocks
        wanted = missing_import(program, "keras")
        if not known and head_of(one.node) == "keras" and wanted is not None:
            told.add(at)
            edits = wanted.edit(program, one.node)
            yield from program.report("KT501", one, edits, name="keras", hint=f" (`{wanted}`)")


@detects("KT198", "KT199")
def unknown_names(program: Program) -> Findings:
    """Finds imports and attributes of Keras and TensorFlow that are not in their public API."""
    reported: set[int] = set()
    for item in program.imports:
        missing = _missing(item.ref)
        if missing is not None:
            reported.add(id(item.alias))
            unused, home = is_unused(program, item), api.home(missing[1])
            whole = item.ref.name == ".".join(missing) and isinstance(item.node, ast.ImportFrom)
            new = "" if unused or home is None else f"{home}.{missing[1]}"
            alike = api.alike(".".join(missing))
            if alike and not unused and isinstance(item.node, ast.ImportFrom):
                new, whole = alike + item.ref.name.removeprefix(".".join(missing)), True
            edits = move_import(program, [(item, new)]) if unused or (new and whole) else []
            short = api.short(*missing) if item.ref.via == "tf" else ""
            if short:
                local = f" as {item.local}" if item.local != short else ""
                edits, new = [replace(item.alias, short + local)], ""
            safe: Applicability = "unsafe" if new else "safe"
            yield from _unknown(program, item, item.alias, *missing, edits, safe, short)
    for reference in program.references:
        given, root = reference.ref.name in program.given, reference.root
        missing = None if given else _missing(reference.ref) or _below_python(reference)
        missing = missing or _not_loaded(program, reference)
        # Another name for what is not there is told of where it gets that.
        other = root.value if root is not None and isinstance(root.node, ast.Name) else None
        known = root is not None and id(root.node) in reported
        known = known or (isinstance(other, Ref) and _missing(other) is not None)
        if missing is not None and not known:
            edits = without_store(program, reference) or of_first_version(
                program, reference, *missing
            )
            short = api.short(*missing) if reference.ref.via == "tf" else ""
            if short and isinstance(reference.node, ast.Attribute):
                edits = [rename_attribute(reference.node, short)]
            if missing[1] == "saving":
                last = reference.ref.name.rpartition(".")[2]
                short = f"{'models' if api.has('keras.models', last) else 'utils'}.{last}"
                edits = move_reference(program, reference, f"keras.{short}")
            safe = "safe" if short else "unsafe"
            yield from _unknown(program, reference, reference.node, *missing, edits, safe, short)


def _missing(ref: Ref) -> tuple[str, str] | None:
    """Returns the module and the name in it that is not there."""
    root, *parts = ref.name.split(".")
    module = root
    ours = ref.via in ("keras", "tf") or (ref.via is None and module == "tensorflow")
    if not ours or find_gone(ref.name, ref.via) is not None:
        return None
    for part in parts:
        special = part.startswith("_") and (module != "keras.backend" or part.startswith("__"))
        if special or part in _PRIVATE or part == "*":
            return None
        if not api.has(module, part, ref.via):
            return module, part
        module = f"{module}.{part}"
        if module == "tensorflow.data.Dataset":
            after = next(iter(parts[2:]), "_")
            known = after.startswith("_") or after in api.members("Dataset")
            return None if known else (module, after)
        if module not in api.modules(root):
            return None
    return None


def _below_python(reference: Reference) -> tuple[str, str] | None:
    """Returns what `tf.python` lacks: TensorFlow lets it be imported, and has no such attribute."""
    ref, begins = reference.ref, reference.root.value if reference.root is not None else None
    inner = ref.via == "private" or ref.name.startswith("tensorflow.python")
    whole = isinstance(begins, Ref) and begins.name == "tensorflow"
    return ("tensorflow", "python") if inner and whole else None


def _not_loaded(program: Program, reference: Reference) -> tuple[str, str] | None:
    """Returns `saving` of `tf.keras`, which is there once something imports it as a module."""
    ref, root = reference.ref, reference.root
    begins = getattr(getattr(root, "value", None), "name", "") if ref.via == "tf" else ""
    item = program.imports_at.get(id(getattr(root, "node", None)))
    other = item is not None and "tensorflow" not in program.source(item.node)  # which may choose
    whole = ref.name.startswith("keras.saving.") and begins in ("tensorflow", "keras") and not other
    loaded = whole and any(one.ref.name.startswith("keras.saving") for one in program.imports)
    return ("keras", "saving") if whole and not loaded else None


def _unknown(
    program: Program,
    fact: Fact,
    at: ast.AST,
    module: str,
    name: str,
    edits: Sequence[Edit] = (),
    applicability: Applicability | None = None,
    short: str = "",  # as `tf.keras` alone calls it
) -> Findings:
    """Reports a name, with where it is today or a name like it."""
    known = api.modules(module.partition(".")[0])
    homes = [home for home, names in known.items() if name in names and ".python" not in home]
    hint = api.likely(name, known.get(module, ()), "it has", 0.8)
    if short:
        module, hint = f"tf.{module}", f"; it has `{short}`"
    elif homes:
        hint = f"; `{homes[0]}` has it"
    elif module == "tensorflow" and name in api.first_version():
        hint = "; `tensorflow.compat.v1` still has it"
    if not is_tried(fact):
        code = "KT198" if module.startswith("tensorflow") else "KT199"
        yield from program.report(
            code, fact, edits, at, applicability, module=module, name=name, hint=hint
        )
