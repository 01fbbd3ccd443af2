"""SARIF 2.1.0, which code hosts and editors read."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kerastut.lint.finding import Finding
from kerastut.lint.rules.rule import Rule
from kerastut.version import __version__

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def format_sarif(findings: Sequence[Finding], language: str) -> str:
    """Returns a SARIF log of one run."""
    rules = {finding.rule.code: finding.rule for finding in findings}
    driver = {
        "name": "kerastut",
        "version": __version__,
        "rules": [_rule(rules[code], language) for code in sorted(rules)],
    }
    order = {code: index for index, code in enumerate(sorted(rules))}
    results = [_result(item, order[item.rule.code], language) for item in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    texts = rule.texts(language)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": texts.what},
        "fullDescription": {"text": f"{texts.what} {texts.why}"},
        "help": {"text": texts.instead},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, index: int, language: str) -> dict[str, Any]:
    region = {
        "startLine": finding.location.row,
        "startColumn": finding.location.column,
        "endLine": finding.end.row,
        "endColumn": finding.end.column,
    }
    physical = {"artifactLocation": {"uri": _uri(finding.filename)}, "region": region}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.location.cell is not None:
        location["logicalLocations"] = [{"name": f"cell {finding.location.cell}"}]
    return {
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": finding.rule.severity,
        "message": {"text": finding.message(language)},
        "locations": [location],
    }


def _uri(filename: str) -> str:
    path = Path(filename)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
