"""The formats of the findings: for people, for programs, for GitHub, and for code scanning."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .documents.text import changes, split_lines
from .errors import printable
from .finding import Finding
from .rules.rule import Rule, word

Format = Callable[[Sequence[Finding], str, str], str]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_CONTEXT = 3  # lines around what differs
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def format_text(findings: Sequence[Finding], language: str, version: str) -> str:
    """Returns `file:line:column: KT201 [*] message`; the star marks what `--fix` mends."""
    safe = [item.fix is not None and item.fix.applicability == "safe" for item in findings]
    return "\n".join(
        f"{_place(item)}: {item.rule.code}{' [*]' if star else ''} {item.message(language)}"
        for item, star in zip(findings, safe, strict=True)
    )


def _place(finding: Finding) -> str:
    """Returns `file:line:column`, with the cell if it is a notebook."""
    row, column, cell = finding.location
    inner = f"cell {cell}:" if cell is not None else ""
    return f"{printable(finding.filename)}:{inner}{row}:{column}"


def _region(finding: Finding, *names: str) -> dict[str, int]:
    """Returns the first row and column and the last ones, under these names."""
    return dict(zip(names, (*finding.location[:2], *finding.end[:2]), strict=True))


def format_json(findings: Sequence[Finding], language: str, version: str) -> str:
    """Returns a JSON array; rows and columns count from 1, in a notebook within the cell."""
    return _json([_record(item, language) for item in findings])


def _json(value: object) -> str:
    """Returns JSON in readable characters, but for those that a terminal would obey."""
    lines = json.dumps(value, indent=2, ensure_ascii=False).split("\n")
    return "\n".join(map(printable, lines))


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
    }


def format_github(findings: Sequence[Finding], language: str, version: str) -> str:
    """Returns one command of a GitHub workflow a finding."""
    return "\n".join(_command(finding, language) for finding in findings)


def _command(finding: Finding, language: str) -> str:
    properties: dict[str, object] = {
        "title": f"kerastut ({finding.rule.code})",
        "file": printable(finding.filename),
    }
    properties |= _region(finding, "line", "col", "endLine", "endColumn")
    fields = ",".join(f"{key}={_escaped(str(v), ':,')}" for key, v in properties.items())
    text = f"{_place(finding)}: {finding.rule.code} {finding.message(language)}"
    return f"::{_LEVELS[finding.rule.severity]} {fields}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{more}" else sign for sign in text)


def format_sarif(findings: Sequence[Finding], language: str, version: str) -> str:
    """Returns a SARIF 2.1.0 log of one run, which code hosts and editors read."""
    rules = {finding.rule.code: finding.rule for finding in findings}
    order = {code: index for index, code in enumerate(sorted(rules))}
    driver = {
        "name": "kerastut",
        "version": version,
        "rules": [_rule(rules[code], language) for code in order],
    }
    results = [_result(item, order[item.rule.code], language) for item in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return _json(log)


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
        "ruleIndex": index,
        "level": finding.rule.severity,
        "message": {"text": finding.message(language)},
        "locations": [location],
    }


FORMATS: dict[str, Format] = {
    "text": format_text,
    "json": format_json,
    "github": format_github,
    "sarif": format_sarif,
}


def diff(name: str, before: str, after: str) -> str:
    """Returns what differs between two texts, as `diff -u` writes it."""
    old, new = (
        [line + end for line, end in zip(*split_lines(text), strict=True) if line or end]
        for text in (before, after)
    )
    hunks: list[list[tuple[int, int, int, int]]] = []
    for change in changes(old, new):
        if hunks and change[0] - hunks[-1][-1][1] <= 2 * _CONTEXT:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    title = printable(name)
    shown = [f"--- {title} (before)\n+++ {title} (after)\n"] if hunks else []
    for hunk in hunks:
        (first, _, start, _), (_, last, _, stop) = hunk[0], hunk[-1]
        above, below = min(first, _CONTEXT), min(len(old) - last, _CONTEXT)
        numbers = _range(first - above, last + below), _range(start - above, stop + below)
        shown.append(f"@@ -{numbers[0]} +{numbers[1]} @@\n")
        place = first - above
        for first, last, start, stop in hunk:
            shown += [_shown(" ", line) for line in old[place:first]]
            shown += [_shown("-", line) for line in old[first:last]]
            shown += [_shown("+", line) for line in new[start:stop]]
            place = last
        shown += [_shown(" ", line) for line in old[place : place + below]]
    return "".join(shown)


def _range(start: int, stop: int) -> str:
    """Returns the lines of a hunk, counted from 1; of none, the line before it."""
    length = stop - start
    return f"{start + 1}" if length == 1 else f"{start + bool(length)},{length}"


def _shown(sign: str, line: str) -> str:
    """Returns a line of a hunk; tabs stay, and every end is the terminal's."""
    text = line.rstrip("\r\n")
    missing = "\\ No newline at end of file\n" if text == line else ""
    return sign + "\t".join(map(printable, text.split("\t"))) + "\n" + missing


def summary(findings: Sequence[Finding], language: str) -> str:
    """Returns how many findings there are, by severity, and how many can be mended."""
    severities = [finding.rule.severity for finding in findings]
    counts = {kind: severities.count(kind) for kind in _LEVELS if kind in severities}
    fixes = [finding.fix.applicability for finding in findings if finding.fix is not None]
    safe, unsafe = fixes.count("safe"), fixes.count("unsafe")
    if language == "zh":
        found = "、".join(f"{n} 个{word(kind, language)}" for kind, n in counts.items())
        line = f"发现 {found}" if found else "没有发现问题"
        line += f"；{safe} 个可用 --fix 修复" if safe else ""
        return line + (f"；另有 {unsafe} 个可用 --unsafe-fixes" if unsafe else "") + "。"
    found = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for kind, n in counts.items())
    line = f"Found {found}" if found else "No findings"
    line += f"; {safe} fixable with --fix" if safe else ""
    return line + (f"; {unsafe} with --unsafe-fixes" if unsafe else "") + "."
