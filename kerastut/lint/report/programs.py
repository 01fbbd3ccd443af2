"""What programs read: JSON, commands of GitHub, SARIF, GitLab's Code Quality, JUnit.

What is said of a file is rendered by itself, since it is kept for the next run; the format then
joins the files.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import printable
from ..finding import Counts, Finding
from ..rules.rule import Rule, load_rules
from .people import by_frequency, is_safe, place

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
_GITLAB = {"error": "critical", "warning": "major", "note": "info"}


def _region(finding: Finding, *names: str) -> dict[str, int]:
    """Returns the first row and column and the last ones, under these names."""
    return dict(zip(names, (*finding.location[:2], *finding.end[:2]), strict=True))


def items(records: Sequence[object]) -> str:
    """Returns the items of a JSON array, in readable characters but for those with no shape."""
    if not records:
        return ""
    lines = json.dumps(records, indent=2, ensure_ascii=False).split("\n")
    return "\n".join(map(printable, lines[1:-1]))


def array(parts: Sequence[str], language: str = "", version: str = "") -> str:
    """Returns the JSON array of items."""
    return "[\n" + ",\n".join(parts) + "\n]" if parts else "[]"


def json_items(findings: Sequence[Finding], language: str) -> str:
    """Returns JSON; rows and columns count from 1, in a notebook within the cell."""
    return items([_record(item, language) for item in findings])


def _record(finding: Finding, language: str) -> dict[str, Any]:
    rule, (row, column, cell) = finding.rule, finding.location
    fix = finding.fix and {
        "applicability": finding.fix.applicability,
        "description": rule.texts(language).instead,
    }
    return {
        "code": rule.code,
        "message": finding.message(language),
        "filename": finding.filename,
        "location": {"row": row, "column": column} | ({"cell": cell} if cell is not None else {}),
        "severity": rule.severity,
        "fix": fix,
        "recipe": rule.recipe,
        "url": rule.url,
    }


def statistics_array(counts: Counts) -> str:
    """Returns how often each rule was found, the most frequent first."""
    records = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity,
            "count": count,
            "fixable": is_safe(rule, counts),
            "url": rule.url,
        }
        for rule, count in by_frequency(counts)
    ]
    return array([items(records)] if records else [])


def github(findings: Sequence[Finding], language: str) -> str:
    """Returns one command of a GitHub workflow a finding."""
    return "\n".join(_command(finding, language) for finding in findings)


def _command(finding: Finding, language: str) -> str:
    properties: dict[str, object] = {
        "title": f"kerastut ({finding.rule.code})",
        "file": printable(finding.filename),
    }
    properties |= _region(finding, "line", "col", "endLine", "endColumn")
    fields = ",".join(f"{key}={_escaped(str(v), ':,')}" for key, v in properties.items())
    text = f"{place(finding)}: {finding.rule.code} {finding.message(language)}"
    return f"::{_LEVELS[finding.rule.severity]} {fields}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{more}" else sign for sign in text)


def sarif_items(findings: Sequence[Finding], language: str) -> str:
    """Returns the results of SARIF 2.1.0."""
    return items([_result(item, language) for item in findings])


def sarif(parts: Sequence[str], language: str, version: str) -> str:
    """Returns a log of one run, which code hosts and editors read."""
    rules = [_rule(rule, language) for rule in load_rules().values()]
    driver = {"name": "kerastut", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": []}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    head, _, tail = json.dumps(log, indent=2, ensure_ascii=False).rpartition("[]")
    return head + array(parts) + tail


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    texts = rule.texts(language)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": texts.what},
        "fullDescription": {"text": f"{texts.what} {texts.why}"},
        "help": {"text": texts.instead},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, language: str) -> dict[str, Any]:
    region = _region(finding, "startLine", "startColumn", "endLine", "endColumn")
    path = Path(finding.filename)
    relative = quote(path.as_posix(), errors="surrogateescape")
    uri = path.as_uri() if path.is_absolute() else relative
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}
    }
    if finding.location.cell is not None:
        location["logicalLocations"] = [{"name": f"cell {finding.location.cell}"}]
    return {
        "ruleId": finding.rule.code,
        "ruleIndex": _order()[finding.rule.code],
        "level": finding.rule.severity,
        "message": {"text": finding.message(language)},
        "locations": [location],
    }


@cache
def _order() -> dict[str, int]:
    return {code: index for index, code in enumerate(load_rules())}


def gitlab_items(findings: Sequence[Finding], language: str) -> str:
    """Returns issues of GitLab's Code Quality report."""
    records: list[dict[str, Any]] = []
    seen: Counter[str] = Counter()
    for item in findings:
        told = repr((item.filename, item.rule.code, item.line.strip()))
        seen[told] += 1  # alike lines of a file are several issues
        mark = hashlib.sha256(f"{seen[told]} {told}".encode("utf-8", "surrogatepass"))
        records.append(
            {
                "description": item.message(language),
                "check_name": item.rule.code,
                "fingerprint": mark.hexdigest()[:32],  # stays when other lines come or go
                "severity": _GITLAB[item.rule.severity],
                "location": {
                    "path": Path(item.filename).as_posix(),
                    "positions": {
                        "begin": {"line": item.location.row, "column": item.location.column},
                        "end": {"line": item.end.row, "column": item.end.column},
                    },
                },
            }
        )
    return items(records)


def junit_suite(findings: Sequence[Finding], language: str) -> str:
    """Returns the test suite of a file: a failed test a finding."""
    cases = [
        f"    <testcase name={_attribute(item.rule.code)} classname={_attribute(item.filename)}"
        f' file={_attribute(item.filename)} line="{item.location.row}">\n'
        f"      <failure type={_attribute(item.rule.severity)}"
        f" message={_attribute(f'{place(item)}: {item.message(language)}')}/>\n    </testcase>\n"
        for item in findings
    ]
    head = f'name={_attribute(findings[0].filename)} tests="{len(cases)}" failures="{len(cases)}"'
    return f"  <testsuite {head}>\n{''.join(cases)}  </testsuite>"


def _attribute(text: str) -> str:
    return f'"{escape(printable(text))}"'


def junit(parts: Sequence[str], language: str, version: str) -> str:
    """Returns JUnit's XML, which most servers read; with nothing found, one test that passed."""
    inner = "\n".join(parts) or '  <testsuite name="kerastut" tests="1" failures="0">\n' + (
        '    <testcase name="kerastut check" classname="kerastut"/>\n  </testsuite>'
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kerastut">'
    return f"{head}\n{inner}\n</testsuites>"
