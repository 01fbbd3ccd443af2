"""The formats of the findings: for people, for programs and for GitHub."""

from collections.abc import Callable, Sequence

from kerastut.lint.finding import Finding
from kerastut.lint.report.github import format_github
from kerastut.lint.report.json_ import format_json
from kerastut.lint.report.sarif import format_sarif
from kerastut.lint.report.text import format_text

FORMATS: dict[str, Callable[[Sequence[Finding], str], str]] = {
    "text": format_text,
    "json": format_json,
    "github": format_github,
    "sarif": format_sarif,
}
