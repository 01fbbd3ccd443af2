"""A file as `kerastut check` sees it: chunks of Python that share one scope, in order.

The chunks lie in one program with line numbers of its own: for a Python file and for Markdown they
are the file's; the cells of a notebook follow each other. Every line of the program has as many
characters as its line in the file, less a prefix such as the indentation of a fenced block, so that
an edit of the program is an edit of the file.
"""

import ast
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..finding import Edit, Finding, Fix, Located, Span, span_of
from ..rules.rule import Rule


@dataclass
class Chunk:
    """A file, a cell or a fenced block."""

    lines: list[str]  # as they stand in the file, without the prefixes
    first_line: int  # in the program
    prefixes: list[str]  # what stands before each line in the file
    cell: int | None = None  # the number of the notebook's code cell, from 1
    tree: ast.Module | None = None  # with the program's line numbers
    problem: tuple[str, Span] | None = None  # why the text is not valid Python, and where


@dataclass
class Document:
    """A file that was read."""

    filename: str  # as it was named
    text: str  # the whole file
    chunks: list[Chunk]
    kind: str  # `python`, `markdown` or `notebook`
    rebuild: Callable[[list[list[str]]], str]  # makes the text of the new lines of all chunks

    @cached_property
    def uses_keras(self) -> bool:
        """Whether Keras or TensorFlow is mentioned anywhere."""
        text = self.text.lower()
        return "keras" in text or "tensorflow" in text

    def chunk_at(self, line: int) -> int:
        """Returns the index of the chunk that has the program's line."""
        return max(bisect_right(self.chunks, line, key=lambda chunk: chunk.first_line) - 1, 0)

    def line(self, number: int) -> str:
        """Returns a line of the program, as it stands in the file."""
        chunk = self.chunks[self.chunk_at(number)]
        index = number - chunk.first_line
        return chunk.lines[index] if index < len(chunk.lines) else ""

    def column(self, line: int, column: int) -> int:
        """Returns the characters before a place, from `ast`'s UTF-8 bytes."""
        text = self.line(line)
        if text.isascii():
            return column
        return len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def locate(self, line: int, column: int) -> Located:
        """Returns a place of the program as readers count it."""
        chunk = self.chunks[self.chunk_at(line)]
        index = line - chunk.first_line
        prefix = chunk.prefixes[index] if index < len(chunk.prefixes) else ""
        row = index + 1 if chunk.cell is not None else line
        return Located(row, len(prefix) + self.column(line, column) + 1, chunk.cell)

    def finding(
        self, rule: Rule, span: Span, values: Mapping[str, object], fix: Fix | None = None
    ) -> Finding:
        """Returns the finding of a rule at a stretch of the program."""
        start, end = (self.locate(*place[:2]) for place in (span, span.end))
        return Finding(rule, span, self.filename, start, end, values, fix)

    def source(self, node: ast.AST | Span) -> str:
        """Returns the text of a node, as it stands in the file."""
        span = node if isinstance(node, Span) else span_of(node)
        lines = [self.line(number) for number in range(span.line, span.end_line + 1)]
        lines[-1] = lines[-1][: self.column(span.end_line, span.end_column)]
        lines[0] = lines[0][self.column(span.line, span.column) :]
        return "\n".join(lines)

    def edited(self, edits: list[Edit]) -> str:
        """Returns the file's text after the edits, which must not overlap."""
        texts = [list(chunk.lines) for chunk in self.chunks]
        prefixes = [list(chunk.prefixes) for chunk in self.chunks]
        for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
            index = self.chunk_at(edit.span.line)
            first = edit.span.line - self.chunks[index].first_line
            last = edit.span.end_line - self.chunks[index].first_line
            lines = texts[index]
            head = lines[first][: self.column(edit.span.line, edit.span.column)]
            tail = lines[last][self.column(edit.span.end_line, edit.span.end_column) :]
            text = edit.text.replace("\r\n", "\n")
            if "\r" in lines[last]:
                text = text.replace("\n", "\r\n")
            lines[first : last + 1] = (head + text + tail).split("\n")
            added = len(lines) - len(prefixes[index]) + last - first
            here = prefixes[index]
            here[first : last + 1] = [here[first], *[here[last]] * added]
        return self.rebuild(
            [
                [prefix + line for prefix, line in zip(before, lines, strict=True)]
                for before, lines in zip(prefixes, texts, strict=True)
            ]
        )
