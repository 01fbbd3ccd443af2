"""KT299: an argument that a callable of Keras 3 does not take and that no other rule knows."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.rules import api
from kerastut.lint.rules.renames import find_gone
from kerastut.lint.rules.rule import load_rules
from kerastut.lint.semantics import Call, Program
from kerastut.lint.semantics.program import matches


@detects("KT299")
def unknown_arguments(program: Program) -> Iterator[Finding]:
    """Finds keywords that are not in the signature of what is called."""
    for call in program.all_calls:
        if not call.node.keywords:
            continue
        name = _called(program, call)
        known = api.arguments(name) if name else None
        if known is None or not name:
            continue
        for keyword in call.node.keywords:
            if keyword.arg is None or keyword.arg in known or _is_told(name, keyword.arg):
                continue
            close = get_close_matches(keyword.arg, known, n=1, cutoff=0.75)
            yield from program.report(
                "KT299",
                call,
                at=keyword,
                callee=name.rpartition(".")[2],
                keyword=keyword.arg,
                hint=f"; it takes `{close[0]}`" if close else "",
            )


def _called(program: Program, call: Call) -> str | None:
    ref = call.ref
    if ref is not None:
        usable = ref.via in ("keras", "tf") and (
            find_gone(ref) is None or ref.name != ref.canonical
        )
        return ref.canonical if usable else None
    if call.receiver is not None and call.method is not None:
        model = program.model_of(call.receiver)
        if model is not None and model.kind in ("sequential", "functional"):
            return f"Model.{call.method}"
    return None


@cache
def _is_told(name: str, keyword: str) -> bool:
    """Tells whether a rule of its own speaks of the keyword."""
    for rule in load_rules().values():
        told = {**rule.match.get("keywords", {}), **rule.match.get("values", {})}
        if keyword in told and matches(name, rule.match.get("calls", ())):
            return True
    return False
