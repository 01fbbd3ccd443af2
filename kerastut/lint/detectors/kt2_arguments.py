"""Arguments that were renamed or removed, by the tables of the records."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding
from kerastut.lint.fixes import edits
from kerastut.lint.rules.rule import Rule, load_rules
from kerastut.lint.semantics import Call, Program
from kerastut.lint.semantics.program import matches


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules().values() if "calls" in rule.match)


@detects(*(rule.code for rule in _rules()))
def arguments(program: Program) -> Iterator[Finding]:
    """Finds keyword arguments that a call no longer takes, or values that it no longer knows."""
    for call in program.all_calls:
        given = frozenset(keyword.arg for keyword in call.node.keywords if keyword.arg)
        if not given or not (call.name or call.method):
            continue
        told: set[str] = set()
        for rule in _rules_about(given, call.name):
            if _is_called(program, call, rule.match["calls"]):
                yield from _check(program, call, rule, told)


@cache
def _rules_about(keywords: frozenset[str], name: str) -> tuple[Rule, ...]:
    """Returns the rules about one of the keywords, those about the callee by name first."""
    about = [
        rule
        for rule in _rules()
        if keywords & {*rule.match.get("keywords", {}), *rule.match.get("values", {})}
    ]
    return tuple(sorted(about, key=lambda rule: name not in rule.match["calls"]))


def _is_called(program: Program, call: Call, patterns: list[str]) -> bool:
    if call.name:
        return matches(call.name, patterns)
    return f"Model.{call.method}" in patterns and program.may_be_model(call.receiver)


def _check(program: Program, call: Call, rule: Rule, told: set[str]) -> Iterator[Finding]:
    """Reports a rule's keywords, but for those that a more particular rule has told of."""
    renames: Mapping[str, str] = rule.match.get("keywords", {})
    values: Mapping[str, Mapping[str, str]] = rule.match.get("values", {})
    if call.has(*rule.match.get("absent", ())):
        return
    for old in renames if renames else values:
        keyword = call.keyword(old)
        if (
            keyword is None
            or old in told
            or (not renames and _translated(program, keyword, values) is None)
        ):
            continue
        changes = _edits(program, call, keyword, rule) if rule.fix != "none" else []
        callee = call.name.rpartition(".")[2] or call.method
        told.add(old)
        before, after = old, renames.get(old, "")
        if not renames and isinstance(keyword.value, ast.Constant):
            before = str(keyword.value.value)
            after = values[old][before]
        yield from program.report(
            rule.code,
            call,
            changes,
            at=keyword,
            old=before,
            new=after,
            callee=callee,
            keyword=old,
        )


def _edits(program: Program, call: Call, keyword: ast.keyword, rule: Rule) -> list[Edit]:
    renames: Mapping[str, str] = rule.match.get("keywords", {})
    values: Mapping[str, Mapping[str, str]] = rule.match.get("values", {})
    name = keyword.arg or ""
    if name in renames and not renames[name]:
        source = program.source(call.node)
        return [edits.remove_arguments(call.node, source, lambda _, other: other == name)]
    changes = []
    if name in renames:
        if call.has(renames[name]):
            return []
        changes.append(edits.rename_keyword(keyword, renames[name]))
    if name in values:
        value = _translated(program, keyword, values)
        if value is None and isinstance(keyword.value, ast.Constant):
            return changes
        if value is None:
            return []
        changes.append(value)
    return changes


def _translated(
    program: Program, keyword: ast.keyword, values: Mapping[str, Mapping[str, str]]
) -> Edit | None:
    table, node = values.get(keyword.arg or "", {}), keyword.value
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in table:
        return edits.replace_string(node, program.source(node), table[node.value])
    if isinstance(node, ast.Constant) and str(node.value) in table:
        return edits.replace(node, table[str(node.value)])
    return None
