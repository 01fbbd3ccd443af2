"""KT1xx: names and modules that are gone, by the tables of the records."""

import ast
import re

from ..finding import Edit, span_of
from ..fixes import graphs
from ..fixes.calls import without_alias
from ..fixes.edits import replace_string, without_statement
from ..fixes.missing import Missing
from ..fixes.models import BY_HAND
from ..fixes.moving import head_of, is_unused, move_import, move_reference, references
from ..fixes.rewriting import rewrite_call, templates
from ..fixes.searches import routed
from ..questions.arrays import is_of_values, is_tokenizer
from ..questions.beside import deprecated
from ..questions.tensors import stores_in_variable
from ..registering import Findings, detects
from ..rules import api
from ..rules.renames import Gone, find_gone, is_part
from ..rules.rule import Applicability, load_rules
from ..semantics.facts import Definition, Fact, Import, Reference
from ..semantics.program import Program
from ..semantics.values import Ref, Undefined
from .arguments import is_told

# What draws numbers anew each time that a graph runs.
_DRAWS = tuple(
    f"keras.backend.{name}" for name in ("random_normal", "random_uniform", "truncated_normal")
)
# What no template writes, and whether that keeps its meaning.
_BY_HAND = (*BY_HAND, *graphs.BY_HAND)
_CODES = [rule.code for rule in load_rules().values() if {"names", "modules"} & set(rule.match)]


@detects(*_CODES)
def names(program: Program) -> Findings:
    """Finds imports of what is gone, and uses of it that no such import explains."""
    reported: dict[int, Gone] = {}
    statements: dict[ast.stmt, list[Import]] = {}
    for item in program.imports:
        statements.setdefault(item.node, []).append(item)
    for items in statements.values():
        yield from _imports(program, items, reported)
    # A page may use a name above the block that imports it, and one of two branches may import
    # what is gone: both are told of where the import stands.
    gone = {(one.local, one.ref.name) for one in program.imports if id(one.alias) in reported}
    local = {name for name, _ in gone}
    for reference in program.references:
        if reference.ref.name in program.given:
            continue
        ref, root = reference.ref, reference.root
        head = head_of(reference.node) if gone else ""
        known = reported.get(id(root.node)) if root is not None else None
        told = head in local if root is None else (head, ref.name) in gone
        # What is only deprecated where it is imported, or only has moved, may lack a part.
        warns = known is not None and known.rule.severity == "warning"
        lesser = warns or (known is not None and is_part(ref.name, ref.via, known))
        if not (told or (known and not lesser)) and not is_renamed(root):
            yield from _reference(program, reference, known)


def is_renamed(root: Definition | None) -> bool:
    """Tells whether a name is another one for what is gone, which is told where it gets that."""
    value = root.value if root is not None and isinstance(root.node, ast.Name) else None
    return isinstance(value, Ref) and find_gone(value.name, value.via) is not None


def is_tried(fact: Fact) -> bool:
    """Tells whether the program is prepared for a name that is not there."""
    return fact.is_caught("ImportError", "ModuleNotFoundError", "AttributeError")


def _imports(program: Program, items: list[Import], reported: dict[int, Gone]) -> Findings:
    """Reports a statement's names; those of one module that is gone as one finding."""
    groups: dict[tuple[str, str], list[tuple[Import, Gone]]] = {}
    for item in items:
        gone = find_gone(item.ref.name, item.ref.via)
        if gone is not None:
            groups.setdefault((gone.rule.code, gone.old), []).append((item, gone))
            # Without a name of its own, an import binds the package around what is gone.
            if not isinstance(item.node, ast.Import) or item.alias.asname is not None:
                reported[id(item.alias)] = gone
    for (code, old), group in groups.items():
        item, gone = group[0]
        if is_tried(item):
            continue
        edits, applicability = _mended_import(program, group)
        new = gone.new[: -len(item.alias.name) - 1] if gone.whole_module else gone.new
        at = item.node if len(group) > 1 or item.local == "*" else item.alias
        values = {"old": old, "new": new if gone.new else "", "name": item.local}
        yield from program.report(code, item, edits, at, applicability, **values)


def _mended_import(
    program: Program, group: list[tuple[Import, Gone]]
) -> tuple[list[Edit], Applicability | None]:
    """Returns the edits of names that a statement imports, and whether they are safe."""
    moves: list[tuple[Import, str]] = []
    edits: list[Edit] = []
    unsafe = False
    for item, gone in group:
        uses = references(program, item)
        movable = gone.rule.fix != "none" and _exists(gone.new)
        # What a layer does not take is told of it wherever it is imported from.
        layer = gone.whole_module and gone.new.startswith("keras.layers.")
        fits = layer or all(_fits(program, use, gone.new) for use in uses)
        found = [find_gone(use.ref.name, use.ref.via) for use in uses]
        emptied = any(one and not one.new for one in found)  # what did not move with its module
        if is_unused(program, item):
            kept = movable and (gone.new not in api.modules() or item.local in gone.new)
            moves.append((item, gone.new if kept else ""))
        elif movable and fits and not emptied and not (uses and _templates(gone)):
            moves.append((item, gone.new))
            if gone.new.startswith("scikeras."):  # whose scores differ
                unsafe, edits = True, [*edits, *routed(program)]
        elif bridge := _bridge(gone, item.ref):
            moves.append((item, bridge))
            unsafe = True
        elif not all(is_part(use.ref.name, use.ref.via, gone) for use in uses):  # mended themselves
            each = [mended(program, use, gone) for use in uses]
            made = [edit for found, _ in each for edit in found]
            kept = any(edit.text.startswith(f"{item.local}.") for edit in made)
            if all(found for found, _ in each) and not kept:
                moves.append((item, ""))
                edits += made
                unsafe = unsafe or any(applicability == "unsafe" for _, applicability in each)
    moved = move_import(program, moves) if moves else []
    whole = span_of(group[0][0].node)
    here = [one for one in edits if whole.start <= one.span.start <= whole.end]
    if moved and here and not moved[0].text:  # what another import takes the place of
        text = "".join(dict.fromkeys(one.text for one in here)).rstrip("; \n\t")
        moved, edits = [Edit(whole, text)], [one for one in edits if one not in here]
    return [*moved, *edits] if moved else [], "unsafe" if unsafe else "safe"


def _exists(name: str) -> bool:
    """Tells whether a fix may write a name: Keras 3 has it, or it is not Keras's."""
    module, _, last = name.removesuffix(".*").rpartition(".")
    if not name.startswith("keras."):
        return bool(name)
    return api.has(module, last) if module in api.modules() else _exists(module)


def _reference(program: Program, reference: Reference, told: Gone | None) -> Findings:
    """Reports a use of what is gone, unless its import has been for the same."""
    via = "keras" if stores_in_variable(program, reference) else reference.ref.via
    gone = find_gone(reference.ref.name, via) or graphs.as_optimizer(program, reference)
    if gone is None or (told and gone.old == told.old):
        return
    if is_tried(reference) and not is_of_values(program, reference.node, gone.new):
        return
    edits, applicability = mended(program, reference, gone)
    first = graphs.as_first_version(program, reference, gone.rule.code)
    if first := first or ([] if edits else without_alias(program, reference)):
        edits, applicability = first, "unsafe"
    values = {"old": gone.old, "new": gone.new, "name": gone.old.rpartition(".")[2]}
    yield from program.report(gone.rule.code, reference, edits, None, applicability, **values)


def mended(
    program: Program, reference: Reference, gone: Gone
) -> tuple[list[Edit], Applicability | None]:
    """Returns the edits of a use of what is gone, and whether they are safe."""
    gone = find_gone(reference.ref.name, reference.ref.via) or gone  # more than its module
    if gone.rule.code == "KT141" and "gradient_override_map(" in program.document.text:
        return [], None  # Keras runs in other graphs, and would give the plain gradient
    if isinstance(reference.node, ast.Call):  # `getattr(layers, "CuDNNGRU")`
        word, (module, _, new) = reference.node.args[1], gone.new.rpartition(".")
        here = module == gone.old.rpartition(".")[0] and not _templates(gone)
        if isinstance(word, ast.Constant) and here and gone.rule.fix != "none":
            return [replace_string(program, word, new)], None
        return [], None
    call = program.calls_at.get(id(reference.node))
    if call is not None and gone.old in _DRAWS and graphs.is_drawn_once(program, call):
        return [], None
    edits, applicability = _rewritten(program, reference, gone)
    if not edits and (bridge := _bridge(gone, reference.ref)):
        return move_reference(program, reference, bridge), "unsafe"
    fits = _fits(program, reference, gone.new) and not _templates(gone)
    if edits or gone.rule.fix == "none" or not _exists(gone.new) or not (fits or call is None):
        return edits, applicability
    return move_reference(program, reference, gone.new), None


def _bridge(gone: Gone, ref: Ref) -> str:
    """Returns the name of the copy that TensorFlow keeps of something, or ""."""
    if not gone.rule.match.get("bridge") or ref.via not in (None, "keras"):
        return ""
    return "tensorflow.keras." + re.sub(r"^keras(?:\.|_(?=preprocessing))", "", ref.name)


def _templates(gone: Gone) -> bool:
    """Tells whether the record has templates for calls of a name."""
    keys = ("rewrites", "unsafe_rewrites")
    return any(templates(gone.rule.code, key).get(gone.old) for key in keys)


def _rewritten(
    program: Program, reference: Reference, gone: Gone
) -> tuple[list[Edit], Applicability | None]:
    call = program.calls_at.get(id(reference.node))
    last = reference.ref.name.rpartition(".")[2]
    for name, by_hand, safe in _BY_HAND if call is not None else ():
        meant = call is not None and name in (gone.old, gone.new)
        if call and meant and (edits := by_hand(program, call, reference)):
            return edits, "safe" if safe else "unsafe"
    if call is not None and last in gone.rule.match.get("statements", ()):
        return without_statement(program, call), "unsafe"
    if call is not None and last in gone.rule.match.get("run", ()):
        return graphs.without_run(program, call), "unsafe"
    text = program.document.origin or program.document.text
    if {"KT143": ".minimize(" in text, "KT136": "to_yaml(" not in text}.get(gone.rule.code):
        return [], None  # which optimizers do not have, or what others wrote and is no JSON
    for key in ("rewrites", "unsafe_rewrites"):
        edits = rewrite_call(program, call, reference, gone.rule, gone.old, key) if call else []
        if edits:
            return edits, "safe" if key == "rewrites" else "unsafe"
    return [], None


def _fits(program: Program, reference: Reference, new: str) -> bool:
    """Tells whether what takes a name's place takes the arguments of its call."""
    known, call = api.arguments(new), program.calls_at.get(id(reference.node))
    if call is not None and re.match(r"keras\.initializations\.(?!get$)", reference.ref.name):
        return False  # a function of a shape, where classes have taken its place
    if known is None or call is None:
        return True
    taken = all(word in known or is_told(new, word) for word in call.keywords)
    return taken and len(call.node.args) <= len(known)


@detects("KT102")
def tokenizer_without_import(program: Program) -> Findings:
    """Finds `Tokenizer()` of Keras 2 in a document that never imports it: that would fail."""
    fitted = {id(call.receiver) for call in program.method_calls("fit_on_texts")}
    for call in program.all_calls if fitted else ():
        unknown = isinstance(call.callee, Undefined) and is_tokenizer(call.result)
        if unknown and id(call.result) in fitted:
            bridge = Missing("tensorflow.keras.preprocessing.text", "Tokenizer", "Tokenizer")
            edits = bridge.edit(program, call.node)
            yield from program.report("KT102", call, edits, None, "unsafe", old="Tokenizer", new="")


@detects("KT157")
def arguments_deprecated(program: Program) -> Findings:
    """Finds `tf.test.is_gpu_available()`, `SVC(probability=True)`, and defaults that change."""
    for place, at, old, new in deprecated(program):
        yield from program.report("KT157", place, at=at, old=old, new=new)
