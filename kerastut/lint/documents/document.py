"""A file as `kerastut check` sees it: chunks of Python that share one scope, in order.

The chunks lie in one program with line numbers of its own: for a Python file and for Markdown they
are the file's; the cells of a notebook follow each other. Every line of the program has as many
characters as its line in the file, less a prefix such as the indentation of a fenced block, so that
an edit of the program is an edit of the file.
"""

import ast
import tokenize
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from ..finding import Edit, Finding, Fix, Located, Span, span_of
from ..rules.rule import Rule
from .neighbours import Beside, all_beside, only_keras
from .text import split_lines

_LONGEST = 200  # characters of what fills a message


@dataclass
class Chunk:
    """A file, a cell or a fenced block."""

    lines: list[str]  # as they stand in the file, without the prefixes and their ends
    first_line: int  # in the program
    prefixes: list[str]  # what stands before each line in the file
    ends: list[str]  # what ends each line in the file
    cell: int | None = None  # the number of the notebook's code cell, from 1
    # The lines as Python, as long, where HTML stands between or blanks are not Python's.
    code: list[str] | None = None
    tabs: frozenset[str] = frozenset()  # the readers it is for, such as those of PyTorch; none: all
    parsed: list[str] = field(default_factory=list)  # the lines, masked where they are not Python
    marked: bool = True  # whether it is said to be Python
    inline: bool = False  # whether it stands within a line of prose
    tree: ast.Module | None = None  # with the program's line numbers
    problem: tuple[str, Span] | None = None  # why the text is not valid Python, and where
    tabbed: tuple[str, Span] | None = None  # where tabs and blanks before lines do not fit together

    @cached_property
    def comments(self) -> dict[int, str]:
        """The comments by the index of their line; where it is masked, the line as it stands."""
        parsed = self.parsed or [""] * len(self.lines)
        pairs = enumerate(zip(self.code or self.lines, parsed, strict=True))
        found = {index: line for index, (line, other) in pairs if line != other}
        comments = (one for one in _tokens(parsed) if one.type == tokenize.COMMENT)
        return found | {one.start[0] - 1: one.string for one in comments}

    @cached_property
    def masked(self) -> str:
        """The lines that are not Python, or of IPython, as they stand."""
        parsed = self.parsed or [""] * len(self.lines)
        pairs = zip(self.code or self.lines, parsed, strict=True)
        return "\n".join(line for line, other in pairs if line != other)

    @classmethod
    def of(cls, text: str, first_line: int = 1, cell: int | None = None) -> "Chunk":
        """Returns the chunk of a text without prefixes."""
        lines, ends = split_lines(text)
        return cls(lines, first_line, [""] * len(lines), ends, cell)

    @cached_property
    def ends_open_to_comments(self) -> list[int]:
        """The indices of the lines whose ends lie in no text and follow no backslash."""
        ends = (tokenize.NL, tokenize.NEWLINE)
        tokens = _tokens(self.parsed or self.lines)
        return [one.start[0] - 1 for one in tokens if one.type in ends]

    def dedent(self) -> None:
        """Takes the first line's indentation away from all, as IPython does."""
        lines = self.code or self.lines
        code = (line for line in lines if line.strip() and line.lstrip()[0] != "#")
        first = next(code, "")  # a comment may stand anywhere
        space = first[: len(first) - len(first.lstrip())]
        for index, line in enumerate(lines if space else ()):
            if line.startswith(space):
                self.prefixes[index] += self.lines[index][: len(space)]
                self.lines[index] = self.lines[index][len(space) :]
                if self.code is not None:
                    self.code[index] = line[len(space) :]


@dataclass
class Document:
    """A file that was read."""

    filename: str  # as it was named
    text: str  # the whole file; of a notebook, its cells of code
    chunks: list[Chunk]
    kind: str  # `python`, `markdown` or `notebook`
    rebuild: Callable[[list[str]], str]  # makes the text of the new texts of all chunks
    origin: str = ""  # the text before any fix, if it has been fixed
    _columns: dict[int, "array[int]"] = field(default_factory=dict)  # of lines that are not ASCII

    @cached_property
    def uses_keras(self) -> bool:
        """Whether Keras or TensorFlow is mentioned anywhere, or in what it imports all of."""
        if _mentions_keras(self.text) or (self.kind == "markdown" and only_keras(self.text)):
            return True
        if self.kind not in ("python", "notebook"):
            return False
        near = self.beside.items()
        brings = any(module is not None and _mentions_keras(module[1]) for _, module in near)
        hidden = any(module is None for (name, _), module in near if name == self.filename)
        return brings or (hidden and only_keras(self.text))

    @cached_property
    def beside(self) -> Beside:
        """The modules that it imports everything of, and those that they do."""
        return all_beside(self.filename, self.text)

    @cached_property
    def _is_ascii(self) -> bool:
        return all(line.isascii() for chunk in self.chunks for line in chunk.lines)

    def chunk_at(self, line: int) -> int:
        """Returns the index of the chunk that has the program's line."""
        if len(self.chunks) == 1:
            return 0
        return max(bisect_right(self.chunks, line, key=lambda chunk: chunk.first_line) - 1, 0)

    def line(self, number: int) -> str:
        """Returns a line of the program, as it stands in the file."""
        return self.whole_line(number)[1]

    def whole_line(self, number: int) -> tuple[str, str]:
        """Returns what stands before a line of the program in the file, and the line."""
        chunk = self.chunks[self.chunk_at(number)]
        index = number - chunk.first_line
        return (chunk.prefixes[index], chunk.lines[index]) if index < len(chunk.lines) else ("", "")

    def comment(self, number: int) -> str:
        """Returns the comment on a line of the program, if it may be one to the checker."""
        chunk = self.chunks[self.chunk_at(number)]
        asks = "noqa" in self.line(number).lower()
        return chunk.comments.get(number - chunk.first_line, "") if asks else ""

    def comments_in(self, span: Span) -> Iterator[str]:
        """Yields the comments that begin within a stretch of the program."""
        for number in range(span.line, span.end_line + 1):
            line = self.line(number)
            if "#" not in line:
                continue
            chunk = self.chunks[self.chunk_at(number)]
            comment = chunk.comments.get(number - chunk.first_line, "")
            place = number, len(line) - len(comment)
            start, end = ((row, self.column(row, at)) for row, at in (span[:2], span[2:]))
            if comment.startswith("#") and start <= place < end:
                yield comment

    def column(self, line: int, column: int) -> int:
        """Returns the characters before a place, from `ast`'s UTF-8 bytes."""
        if self._is_ascii or (text := self._code(line)).isascii():
            return column
        if line not in self._columns:  # the first byte of a character is no 10xxxxxx
            content = text.encode("utf-8", "surrogatepass")
            starts = accumulate((byte & 0xC0 != 0x80 for byte in content), initial=0)
            self._columns[line] = array("I", starts)
        return self._columns[line][min(column, len(self._columns[line]) - 1)]

    def _code(self, number: int) -> str:
        """Returns a line of the program, as it is read."""
        chunk = self.chunks[self.chunk_at(number)]
        index = number - chunk.first_line
        return chunk.code[index] if chunk.code and index < len(chunk.code) else self.line(number)

    def comment_line(self, number: int) -> int:
        """Returns the line on which a comment on a line of the program can stand.

        It is another one where a text or a backslash goes on beyond the end of the line.
        """
        chunk = self.chunks[self.chunk_at(number)]
        index, ends = number - chunk.first_line, chunk.ends_open_to_comments
        place = bisect_right(ends, index - 1)
        return chunk.first_line + (ends[place] if place < len(ends) else index)

    def locate(self, line: int, column: int) -> Located:
        """Returns a place of the program as readers count it."""
        chunk = self.chunks[self.chunk_at(line)]
        row = line - chunk.first_line + 1 if chunk.cell is not None else line
        before = len(self.whole_line(line)[0]) + self.column(line, column)
        return Located(row, before + 1, chunk.cell)

    def finding(
        self, rule: Rule, span: Span, values: Mapping[str, object], fix: Fix | None = None
    ) -> Finding:
        """Returns the finding of a rule at a stretch of the program."""
        start, end = (self.locate(*place[:2]) for place in (span, span.end))
        texts = {key: _shown(value) for key, value in values.items()}
        line = "".join(self.whole_line(span.line))
        return Finding(rule, span, self.filename, start, end, texts, fix, line)

    def source(self, node: ast.AST | Span) -> str:
        """Returns the text of a node, as it stands in the file."""
        span = node if isinstance(node, Span) else span_of(node)
        start, end = self.column(*span[:2]), self.column(*span[2:])
        if span.line == span.end_line:
            return self.line(span.line)[start:end]
        inner = map(self.line, range(span.line + 1, span.end_line))
        return "\n".join([self.line(span.line)[start:], *inner, self.line(span.end_line)[:end]])

    def placed(self, edit: Edit) -> tuple[Located, Located, str]:
        """Returns where an edit begins and ends in the file, and its text as written there."""
        chunk = self.chunks[self.chunk_at(edit.span.line)]
        first, last = edit.span.line - chunk.first_line, edit.span.end_line - chunk.first_line
        places = self.locate(*edit.span[:2]), self.locate(*edit.span[2:])
        return *places, _written(chunk, first, last, edit.text)

    def edited(self, edits: list[Edit]) -> str:
        """Returns the file's text after the edits, which must not overlap."""
        grouped: dict[int, list[Edit]] = {}
        for edit in sorted(edits, key=lambda edit: edit.span):
            grouped.setdefault(self.chunk_at(edit.span.line), []).append(edit)
        return self.rebuild(
            [self._edited(chunk, grouped.get(i, [])) for i, chunk in enumerate(self.chunks)]
        )

    def _edited(self, chunk: Chunk, edits: list[Edit]) -> str:
        """Returns a chunk's text after the edits, which are in order."""
        pieces = chunk.prefixes[:1]
        line, column = 0, 0

        def copy(last: int, end: int) -> None:
            nonlocal line, column
            while line < last:
                pieces.extend((chunk.lines[line][column:], chunk.ends[line]))
                line, column = line + 1, 0
                pieces.append(chunk.prefixes[line])
            pieces.append(chunk.lines[line][column:end])
            column = end

        for edit in edits:
            copy(edit.span.line - chunk.first_line, self.column(*edit.span[:2]))
            first, line = line, edit.span.end_line - chunk.first_line
            column = self.column(*edit.span[2:])
            pieces.append(_written(chunk, first, line, edit.text))
        copy(len(chunk.lines) - 1, len(chunk.lines[-1]))
        return "".join([*pieces, chunk.ends[-1]])


def _tokens(lines: list[str]) -> Iterator[tokenize.TokenInfo]:
    """Yields the words and signs of lines, up to where they are no Python."""
    with suppress(tokenize.TokenError, SyntaxError):
        yield from tokenize.generate_tokens((f"{line}\n" for line in lines).__next__)


def _mentions_keras(text: str) -> bool:
    low = text.lower()
    return "keras" in low or "tensorflow" in low


def _written(chunk: Chunk, first: int, last: int, text: str) -> str:
    """Returns a text in place of some lines, with the ends and the prefix that lines have there."""
    end = chunk.ends[first] or chunk.ends[first - 1] or "\n"
    return (end + chunk.prefixes[last]).join(split_lines(text)[0])


def _shown(value: object) -> str:
    """Returns what fills a message."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
