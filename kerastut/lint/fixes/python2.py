"""The edits that make Python 3 of what only Python 2 reads: `print x`, `except X, e`, and so on."""

import io
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise
from keyword import iskeyword
from tokenize import (
    COMMENT,
    DEDENT,
    ENDMARKER,
    INDENT,
    NAME,
    NEWLINE,
    NL,
    NUMBER,
    STRING,
    TokenInfo,
)

from ..documents.document import Chunk
from ..finding import Edit, Span

_BLANK = (COMMENT, DEDENT, ENDMARKER, INDENT, NL)
_BLOCKS = {"if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class"}

# What at least stands in text of Python 2; reading all its words takes ten times as long.
_SIGNS = re.compile(
    r"\bprint\b(?!\(.*\)\s*(?:#.*)?$)|\bexec\b|\b(?:except|raise)\b.*,|`|<>|\d[lL]\b|\b0\d|\b[uU][rR]['\"]",
    re.MULTILINE,
)


# What only Python 2 reads, and signs of the same length that each Python takes for as many words.
_MASKS = (
    (re.compile(r"(?<![\w.])0(?=[0-7]+[lL]?\b)"), "1"),
    (re.compile(r"\b(\d[\da-fA-FxX]*)[lL]\b"), r"\g<1>0"),
    (re.compile("<>"), "!="),
    (re.compile("`"), "@"),
)


def to_python3(chunk: Chunk, lines: list[str]) -> list[Edit]:
    """Returns the edits of a chunk, of which IPython's lines are masked."""
    text = "".join(f"{line}\n" for line in lines)
    if _SIGNS.search(text) is None:
        return []
    for old, mask in _MASKS:
        text = old.sub(mask, text)
    try:
        # Without the line that each has a copy of: a long one would take all memory.
        words = tokenize.generate_tokens(io.StringIO(text).readline)
        tokens = [word._replace(line="") for word in words]
    except (tokenize.TokenError, SyntaxError, UnicodeEncodeError):
        return []

    def place(start: tuple[int, int], end: tuple[int, int]) -> Span:
        (first, at), (last, to) = (
            (row, len(lines[row - 1][:column].encode("utf-8", "surrogatepass")))
            for row, column in (start, end)
        )
        above = chunk.first_line - 1
        return Span(first + above, at, last + above, to)

    changes = [change for one in _statements(tokens) for change in _of_statement(one)]
    changes += _of_tokens(tokens, lines)
    return [Edit(place(start, end), new) for start, end, new in changes]


_Change = tuple[tuple[int, int], tuple[int, int], str]


def _statements(tokens: list[TokenInfo]) -> Iterator[list[TokenInfo]]:
    """Yields the simple statements, and the heads of blocks up to their colon."""
    statement: list[TokenInfo] = []
    depth = 0
    for token in tokens:
        depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
        ends = token.type == NEWLINE or (token.string == ";" and not depth)
        colon = token.string == ":" and not depth and bool(statement)
        if ends or (colon and statement[0].string in _BLOCKS):
            yield statement
            statement = []
        elif token.type not in _BLANK and token.string.strip():
            statement.append(token)


def _of_statement(statement: list[TokenInfo]) -> Iterator[_Change]:
    first, rest = (statement[0].string, statement[1:]) if statement else ("", [])
    commas = [i for i, depth in enumerate(_depths(rest)) if rest[i].string == "," and not depth]
    if first == "print":
        yield from _of_print(statement[0], rest, commas)
    elif first == "exec" and rest and rest[0].string not in ("(", "=", "."):
        yield statement[0].end, rest[0].start, "("
        yield rest[-1].end, rest[-1].end, ")"
    elif first == "except" and len(commas) == 1 and commas[0] == len(rest) - 2:
        yield rest[-3].end, rest[-1].start, " as "
    elif first == "raise" and len(commas) == 1 and 0 < commas[0] < len(rest) - 1:
        yield rest[commas[0] - 1].end, rest[commas[0] + 1].start, "("
        yield rest[-1].end, rest[-1].end, ")"


def _of_print(name: TokenInfo, rest: list[TokenInfo], commas: list[int]) -> Iterator[_Change]:
    if not rest:
        yield name.end, name.end, "()"
        return
    grouped = rest[0].string == "(" and all([*_depths(rest)][1:])  # all in one pair of these
    if rest[0].string in ("=", ".", ",", ")", "]", "}", ":") or grouped:
        return
    start, end = rest[0].start, ""
    if rest[0].string == ">>":
        stop = commas[0] if commas else len(rest)
        end = f", file={''.join(token.string for token in rest[1:stop])}"
        if not commas:
            yield name.end, rest[-1].end, f"({end[2:]})"
            return
        start = rest[stop + 1].start if stop + 1 < len(rest) else rest[stop].end
    last = rest[-1]
    if last.string == ",":
        end = f', end=" "{end}'
        yield last.start, last.end, f"{end})"
    else:
        yield last.end, last.end, f"{end})"
    yield name.end, start, "("


def _depths(tokens: list[TokenInfo]) -> Iterator[int]:
    """Yields how many brackets are open before each token."""
    depth = 0
    for token in tokens:
        yield depth
        depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))


def _of_tokens(tokens: list[TokenInfo], lines: list[str]) -> Iterator[_Change]:
    """Yields the changes of `x`, <>, 0777, 10L and ur''."""

    def written(token: TokenInfo) -> str:
        return lines[token.start[0] - 1][token.start[1] : token.end[1]]

    ticks = [token for token in tokens if token.string == "@" and written(token) == "`"]
    before = {id(other): one for one, other in pairwise(tokens)}
    words = [one for one in map(before.get, map(id, ticks[::2])) if one and one.type == NAME]
    prose = any(not iskeyword(one.string) and one.string != "print" for one in words)
    for index, tick in enumerate(ticks if len(ticks) % 2 == 0 and not prose else ()):
        yield tick.start, tick.end, ")" if index % 2 else "repr("
    for one, other in pairwise(tokens):
        if one.string == "!=" and written(one) == "<>":
            yield one.start, one.end, "!="
        elif one.type == NUMBER:
            number = written(one).rstrip("lL")
            octal = number[1:].isdigit() and number[0] == "0" and number.strip("0")
            new = f"0o{number[1:]}" if octal else number
            if new != written(one):
                yield one.start, one.end, new
        elif one.string.lower() == "ur" and other.type == STRING and one.end == other.start:
            yield one.start, one.end, "r"
