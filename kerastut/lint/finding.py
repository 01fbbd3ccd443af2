"""What a detector reports, and the edits that mend it."""

import ast
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .errors import printable
from .rules.rule import Rule

# How a cell is told, and the nearest name at the end of a message, and the Chinese of it.
_HINTS = {
    " (cell ": "(单元格 ",
    "; it has `": "，有的是 `",
    "; it takes `": "，可用的是 `",
    "; there is `": "，有的是 `",
    "; they are `": "，它们是 `",
    "` has it": "` 里有它",
    "` still has it": "` 里还有它",
    "; `": "，`",
}


class Span(NamedTuple):
    """A stretch of the document's program, as `ast` counts: lines from 1, UTF-8 bytes from 0."""

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def start(self) -> "Span":
        """The place where it begins."""
        return Span(self.line, self.column, self.line, self.column)

    @property
    def end(self) -> "Span":
        """The place where it ends."""
        return Span(self.end_line, self.end_column, self.end_line, self.end_column)

    def to(self, other: "Span") -> "Span":
        """Returns the stretch from its beginning to the end of another."""
        return Span(self.line, self.column, other.end_line, other.end_column)


class Located(NamedTuple):
    """A place as readers count it: rows and columns from 1; the cell of a notebook from 1."""

    row: int
    column: int
    cell: int | None = None


@dataclass(frozen=True)
class Edit:
    """A stretch of the program and the text that takes its place."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that belong together and do not overlap: all are made, or none."""

    edits: tuple[Edit, ...]
    applicability: Literal["safe", "unsafe"] = "safe"  # an unsafe one may change the meaning


@dataclass(frozen=True)
class Finding:
    """One rule, broken at one place."""

    rule: Rule
    span: Span  # where, in the document's program
    filename: str  # as it was named
    location: Located  # where, for readers
    end: Located
    values: Mapping[str, str] = field(default_factory=dict)  # for the message's placeholders
    fix: Fix | None = None
    line: str = ""  # of the file, where it begins

    def message(self, language: str = "en") -> str:
        """Returns the finding in one line."""
        values = dict(self.values)
        for key in {"hint", "line"} & values.keys() if language == "zh" else ():
            for english, chinese in _HINTS.items():
                values[key] = values[key].replace(english, chinese)
        return printable(self.rule.texts(language).message.format_map(values))


class Kind(NamedTuple):
    """What findings are counted by."""

    code: str
    severity: str
    fix: str  # its applicability, or ""


Counts = Counter[Kind]


def kind_of(finding: Finding) -> Kind:
    """Returns what a finding is counted by."""
    fix = finding.fix.applicability if finding.fix is not None else ""
    return Kind(finding.rule.code, finding.rule.severity, fix)


def span_of(node: ast.AST) -> Span:
    """Returns the stretch of a node that has a place."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    end_line = getattr(node, "end_lineno", None) or line
    return Span(line, column, end_line, getattr(node, "end_col_offset", None) or column)
