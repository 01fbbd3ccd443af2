"""Annotations of a GitHub workflow."""

from collections.abc import Sequence

from kerastut.lint.finding import Finding
from kerastut.lint.report.text import place

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def format_github(findings: Sequence[Finding], language: str) -> str:
    """Returns one workflow command a finding."""
    return "\n".join(_command(finding, language) for finding in findings)


def _command(finding: Finding, language: str) -> str:
    properties = {
        "title": f"kerastut ({finding.rule.code})",
        "file": finding.filename,
        "line": finding.location.row,
        "col": finding.location.column,
        "endLine": finding.end.row,
        "endColumn": finding.end.column,
    }
    fields = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    text = f"{place(finding)}: {finding.rule.code} {finding.message(language)}"
    return f"::{_LEVELS[finding.rule.severity]} {fields}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
