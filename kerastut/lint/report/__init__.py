"""The formats of the findings: for people, for programs, and for the servers that host code."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..finding import Finding
from . import people, programs


class Format(NamedTuple):
    """A format: what is said of a file, and how the files are joined."""

    render: Callable[[Sequence[Finding], str], str]  # of a file's findings, in a language
    join: Callable[[Sequence[str], str, str], str]  # takes language and version of the tool


def _lines(parts: Sequence[str], language: str, version: str) -> str:
    return "\n".join(parts)


FORMATS = {
    "text": Format(people.text, _lines),
    "concise": Format(people.concise, _lines),
    "json": Format(programs.json_items, programs.array),
    "github": Format(programs.github, _lines),
    "gitlab": Format(programs.gitlab_items, programs.array),
    "junit": Format(programs.junit_suite, programs.junit),
    "sarif": Format(programs.sarif_items, programs.sarif),
}
