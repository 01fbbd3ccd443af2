"""KT399: an attribute that an object of Keras 3 does not have and that no other rule knows."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from kerastut.lint.detectors import detects
from kerastut.lint.detectors.kt1_names import is_tried
from kerastut.lint.finding import Finding
from kerastut.lint.questions.kinds import is_layer, is_metric, is_optimizer
from kerastut.lint.rules import api
from kerastut.lint.rules.rule import load_rules
from kerastut.lint.semantics import Program, Ref, Value

_TOLD = {"lr", "reset_states", "layers", "validation_data", "add_loss", "add_metric"}
_TOLD |= {"output_shape", "input_shape", "get_output_at", "get_input_at"}
_TOLD |= {"get_output_shape_at", "get_input_shape_at"}
_TORCH = re.compile(r"\btorch\b")
_KINDS = {"Model": "model", "Layer": "layer", "Optimizer": "optimizer", "Metric": "metric"}


@detects("KT399")
def unknown_attributes(program: Program) -> Iterator[Finding]:
    """Finds `optimizer.minimize` and the like."""
    torch = _TORCH.search(program.document.text) is not None
    own = {access.name for access in program.accesses if access.stores}
    for access in program.accesses:
        name = access.name
        if name in own or name in _told() or name.startswith("__") or is_tried(access):
            continue
        kind = _kind(program, access.of)
        if torch and kind in ("Model", "Layer"):
            continue  # they are modules of torch as well there
        if kind is not None and name not in api.members(kind):
            yield from program.report(
                "KT399", access, kind=_KINDS[kind], name=name, hint=_hint(kind, name)
            )


def _kind(program: Program, value: Value) -> str | None:
    model = program.model_of(value)
    if model is not None:
        known = model.kind in ("sequential", "functional", "application")
        return "Model" if known and _is_current(model.call.ref if model.call else None) else None
    if is_metric(value):
        return "Metric"
    if is_optimizer(program, value):
        return "Optimizer"
    return "Layer" if is_layer(program, value) else None


def _is_current(ref: Ref | None) -> bool:
    return ref is not None and ref.via in ("keras", "tf")


@cache
def _told() -> frozenset[str]:
    """Returns the names that rules of their own speak of."""
    methods = {name for rule in load_rules().values() for name in rule.match.get("methods", {})}
    return frozenset(_TOLD | methods)


def _hint(kind: str, name: str) -> str:
    public = [member for member in api.members(kind) if member[0] != "_"]
    close = get_close_matches(name, public, n=1, cutoff=0.75)
    return f"; it has `{close[0]}`" if close else ""
