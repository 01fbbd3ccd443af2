"""An array of findings, for programs."""

import json
from collections.abc import Sequence
from typing import Any

from kerastut.lint.finding import Finding


def format_json(findings: Sequence[Finding], language: str) -> str:
    """Returns a JSON array; rows and columns count from 1, in a notebook within the cell."""
    return json.dumps([_record(item, language) for item in findings], indent=2, ensure_ascii=False)


def _record(finding: Finding, language: str) -> dict[str, Any]:
    row, column, cell = finding.location
    location = {"row": row, "column": column} | ({"cell": cell} if cell is not None else {})
    fix = None
    if finding.fix is not None:
        fix = {
            "applicability": finding.fix.applicability,
            "description": finding.rule.texts(language).instead,
        }
    return {
        "code": finding.rule.code,
        "message": finding.message(language),
        "filename": finding.filename,
        "location": location,
        "severity": finding.rule.severity,
        "fix": fix,
        "recipe": finding.rule.recipe,
    }
