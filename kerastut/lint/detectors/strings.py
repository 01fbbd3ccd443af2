"""Strings that stand for things of Keras: those that are no name of any, or hide a strength."""

import ast
import re
from collections.abc import Iterator

from ..registering import Findings, detects
from ..rules import api
from ..rules.rule import Rule, load_rules
from ..semantics.facts import Call
from ..semantics.program import Program
from ..semantics.scopes import is_instance_of
from ..semantics.values import Display

_KINDS = ("activation", "constraint", "initializer", "padding")
_OWN = re.compile(r"custom_object|register_keras_serializable|CustomObject")
_NO_STRENGTH = ("l1_l2", "l1l2", "L1L2", "L1_L2")


@detects("KT207", "KT413")
def regularizers_in_short(program: Program) -> Findings:
    """Finds strings that Keras refuses, reads as strength 0 or hides a strength, and `l1_l2()`."""
    for call in program.calls("keras.layers.*"):
        for keyword in call.node.keywords:
            name = call.literal(None, keyword.arg or "")
            if not (keyword.arg or "").endswith("_regularizer"):
                continue
            if name in _NO_STRENGTH:
                yield from program.report("KT207", call, at=keyword)
            elif name in ("l1", "l2", "L1", "L2"):
                yield from program.report("KT413", call, at=keyword.value, name=name)
    for call in program.calls("keras.regularizers.l1_l2", "keras.regularizers.L1L2"):
        if not call.node.args and not call.node.keywords:
            yield from program.report("KT207", call)


@detects("KT259")
def unknown_strings(program: Program) -> Findings:
    """Finds `kernel_initializer="unifrom"`, and other strings that are no name of Keras."""
    told = frozenset().union(*map(_stale, load_rules().values()))
    for call in program.all_calls if not _OWN.search(program.document.text) else ():
        for kind, text, at in _strings(program, call):
            known = api.strings(kind)
            small = text.lower() if kind in ("optimizer", "padding") else text
            if text.isidentifier() and {small, text}.isdisjoint(known | told):
                hint = api.likely(text, known, "there is", 0.7)
                yield from program.report("KT259", call, at=at, kind=kind, name=text, hint=hint)


def _strings(program: Program, call: Call) -> Iterator[tuple[str, str, ast.expr | None]]:
    """Yields the strings that a call is given for things of Keras, with their kinds and places."""
    layer = call.name.startswith("keras.layers.")
    adds = call.method == "add_weight" and is_instance_of(call.receiver, "keras.")
    asked: list[tuple[str, int | None, str]] = []
    for keyword in call.keywords if layer or adds else ():
        kind = keyword.rpartition("_")[2]
        if kind in _KINDS and (layer or kind == "initializer"):
            asked.append((kind, None, keyword))
    if call.name in ("keras.layers.Activation", "keras.layers.Dense") and call.args:
        asked.append(("activation", 1 if call.last == "Dense" else 0, ""))
    if call.method == "compile" and call.receiver and program.is_model(call.receiver):
        asked += [("optimizer", 0, "optimizer"), ("loss", 1, "loss")]
        given = call.value(None, "metrics")
        nodes = (
            given.node.elts
            if isinstance(given, Display) and isinstance(given.node, ast.List)
            else []
        )
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield "metric", node.value, node
    for kind, position, keyword in asked:
        text = call.literal(position, keyword)
        if isinstance(text, str):
            yield kind, text, call.expression(position, keyword)


def _stale(rule: Rule) -> set[str]:
    """Returns the strings that a rule of its own speaks of."""
    return {text for table in rule.match.get("values", {}).values() for text in table}
