"""Methods that are gone, by the tables of the records."""

import ast
from collections.abc import Iterator
from functools import cache

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.fixes import edits
from kerastut.lint.rules.rule import Rule, load_rules
from kerastut.lint.semantics import Call, Program, Result, Value
from kerastut.lint.semantics.program import matches
from kerastut.lint.semantics.values import options


@cache
def _rules() -> dict[str, list[Rule]]:
    """Returns the rules by method."""
    rules: dict[str, list[Rule]] = {}
    for rule in load_rules().values():
        for method in rule.match.get("methods", {}):
            rules.setdefault(method, []).append(rule)
    return rules


@detects(*(rule.code for rules in _rules().values() for rule in rules))
def methods(program: Program) -> Iterator[Finding]:
    """Finds calls of methods that Keras 3 does not have."""
    for call in program.all_calls:
        for rule in _rules().get(call.method or "", ()):
            if call.receiver is not None and _is_meant(program, call.receiver, rule):
                yield from _report(program, call, rule)


def _is_meant(program: Program, receiver: Value, rule: Rule) -> bool:
    wanted = rule.match.get("receiver")
    if wanted is not None:
        return any(
            isinstance(option, Result) and matches(option.call.name, [wanted])
            for option in options(receiver)
        )
    if program.is_model(receiver):
        return True
    return bool(rule.match.get("anywhere")) and program.is_unknown(receiver)


def _report(program: Program, call: Call, rule: Rule) -> Iterator[Finding]:
    old = call.method or ""
    new = rule.match["methods"][old]
    node = call.node.func
    changes = []
    if new and rule.fix != "none" and isinstance(node, ast.Attribute):
        changes.append(edits.rename_attribute(node, new))
    yield from program.report(rule.code, call, changes, old=old, new=new, callee=old)
