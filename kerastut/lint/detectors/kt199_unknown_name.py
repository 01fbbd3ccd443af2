"""KT199: a name that Keras 3 does not have and that no other rule knows."""

import ast
from collections.abc import Iterator
from difflib import get_close_matches

from kerastut.lint.detectors import detects
from kerastut.lint.detectors.kt1_names import is_tried
from kerastut.lint.finding import Finding
from kerastut.lint.rules import api
from kerastut.lint.rules.renames import find_gone
from kerastut.lint.semantics import Program, Ref, Reference


@detects("KT199")
def unknown_names(program: Program) -> Iterator[Finding]:
    """Finds imports and attributes of Keras that are not in its public API."""
    reported: set[int] = set()
    for item in program.imports:
        missing = _missing(item.ref)
        if missing is not None:
            reported.add(id(item.alias))
            if not is_tried(item):
                module, name = missing
                yield from program.report(
                    "KT199", item, at=item.alias, module=module, name=name, hint=_hint(module, name)
                )
    for reference in program.references:
        missing = None if _stores(reference) else _missing(reference.ref)
        known = reference.root is not None and id(reference.root.node) in reported
        if missing is not None and not known and not is_tried(reference):
            module, name = missing
            yield from program.report(
                "KT199", reference, module=module, name=name, hint=_hint(module, name)
            )


def _stores(reference: Reference) -> bool:
    """Tells whether the program gives the module the name: `keras.losses.mine = mine`."""
    return isinstance(reference.node.ctx, ast.Store)


def _missing(ref: Ref) -> tuple[str, str] | None:
    """Returns the module and the name in it that is not there."""
    if ref.via not in ("keras", "tf") or find_gone(ref) is not None:
        return None
    parts = ref.name.split(".")
    module = parts[0]
    for part in parts[1:]:
        if part.startswith("_") or part == "src":
            return None
        if not api.has(module, part, ref.via):
            return module, part
        module = f"{module}.{part}"
        if module not in api.modules():
            return None
    return None


def _hint(module: str, name: str) -> str:
    """Returns where the name is today, or a name like it."""
    for other, names in api.modules().items():
        if name in names and other != module:
            return f"; `{other}` has it"
    close = get_close_matches(name, api.modules().get(module, ()), n=1, cutoff=0.8)
    return f"; it has `{close[0]}`" if close else ""
