"""Parses a chunk. What is not valid Python is noted, and the rest is parsed without it.

Lines of IPython and of Python 2 are masked by Python of the same length, so that every place in the
syntax tree is a place in the file.
"""

import ast
import math
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress

from ..finding import Span
from .document import Chunk

_MAGIC = re.compile(r"^(\s*)(%%?(?=\S)|!!?(?=[ \t]*\S)|\?\??(?=\S))(.*)$")
_TIMED = re.compile(
    r"^(\s*)(%%?(?:time|timeit|prun|memit)\b(?:\s+-\w+(?:\s+\d+)?)*\s+)(?=[^\s%!-])"
)
_ASSIGNED = re.compile(r"^(\s*[\w.,][\w., ]*?=\s*)([%!].*)$")
_HELP = re.compile(r"^\s*[\w.]+\?{1,2}\s*$")
_SHELL = re.compile(
    r"^\s*(pip3?|conda|apt-get|apt|cd|ls|mkdir|wget|curl|git|python3?|tensorboard|sudo|export)"
    r"\s+[\w./-]"
)
_PRINT = re.compile(r"^(\s*)print\s+(?=[^\s(=.,\])])(.*)$|^(\s*)print\s+\((.*)\)\s*%.*$")
_WORD = re.compile(r"^(\s*)print(\s)")
_FOREIGN = re.compile(
    r"^%%(bash|sh|script|writefile|file|html|HTML|javascript|js|latex|markdown|svg|perl|ruby|cython"
    r"|sql|R|cmd|system|!)\b"
)
_CHAIN = re.compile(r"\b(?:\w++[\s\\]*+\.[\s\\]*+)++")
_PROSE = re.compile(r".*[^\x00-\x7f]|[(\d]")
_BAR = re.compile(r"\[[=>.]+\]")
_SIGNS = re.compile(r"[(\[{]|(?<![=!<>])=(?!=)|\b(?:import|def|class|return)\b")
_SIGNATURE = re.compile(
    r"\s*[\w.]+\((?:\s*\*{0,2}\w+ *: |[^\n:]*(?:\n\s[^\n:]*)*\) *-> *[^\n:=]+\s*\Z)"
)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*\w")
_PLACEHOLDER = re.compile(r"[=(,]\s*<[A-Za-z][\w ]*>")  # which the reader is to fill in
_LEFT_OUT = re.compile(r"(?<=[,(])\s*(?:\.{3,}|…+)(?=\s*(?:[,)#]|$))|^\s+(?:\.{3,}|…+)\s*$")
PRINTS = "a Python 2 print statement"
BLANKS = "invalid non-printable character"  # as Python says of blanks that pages show
_BLANK = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")
_NEAR = 10  # lines
_HEAD = "if 1:"
_OPENS = re.compile(r"(if|while|for|with)\b.*:\s*$")
_DEEPEST = 1000
_PASSES = 10
_PASSES_APART = 5  # for a statement by itself
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")
_QUOTES = re.compile(r"\"{3}|'{3}")


def parse_chunk(chunk: Chunk) -> None:
    """Sets the chunk's tree, and its problem if a part of it is not valid Python."""
    code = chunk.code or chunk.lines
    first = next((line for line in code if line.strip()), "")
    lines = [""] * len(code) if _FOREIGN.match(first) else list(code)
    for attempt in range(_PASSES):
        try:
            _keep(chunk, lines)
            return
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            masked = without_magic(lines) if attempt == 0 else lines
            if masked != lines:
                lines = masked
                continue
            blank = BLANKS in str(error) and chunk.code is None
            if blank:
                chunk.code = [_BLANK.sub(" ", line) for line in chunk.lines]
            chunk.problem = chunk.problem or _problem(chunk, lines, error)
            if blank:
                lines = [_BLANK.sub(" ", line) for line in lines]
                continue
            if not isinstance(error, SyntaxError) or not _mask_error(lines, error):
                return
    for start, stop in _statements(lines):
        lines[start:stop] = _readable(lines[start:stop])
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        _keep(chunk, lines)


def _keep(chunk: Chunk, lines: list[str]) -> None:
    chunk.tree, chunk.parsed = _parse(lines), lines
    if chunk.first_line > 1:
        ast.increment_lineno(chunk.tree, chunk.first_line - 1)


def _statements(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yields where statements at the top begin and end, roughly, whether they are Python or not."""
    start, quote = 0, ""
    for index, line in enumerate(lines):
        goes_on = quote or not _begins(line) or _GOES_ON.match(line)
        if not goes_on and not lines[index - 1].startswith("@") and index > start:
            yield start, index
            start = index
        for mark in _QUOTES.findall(line):
            quote = mark if not quote else quote.removesuffix(mark)
    yield start, len(lines)


def _readable(lines: list[str]) -> list[str]:
    """Returns a statement without what is not Python in it."""
    for _ in range(_PASSES_APART):
        try:
            _parse(lines)
            return lines
        except SyntaxError as error:
            if not _mask_error(lines, error):
                break
        except (ValueError, RecursionError, MemoryError, OverflowError):
            break
    return [" " * len(line) for line in lines]


def is_printed(chunk: Chunk) -> bool:
    """Tells whether a block is not code alone: what some code printed, a signature, or prose.

    Prose stands in a block that nothing closes: the next one seems to open within it.
    """
    if any(map(_FENCE.match, chunk.lines)) or any(map(_PLACEHOLDER.search, chunk.lines)):
        return True
    kept = chunk.tree.body if chunk.tree is not None else []
    text = _BAR.sub("", "\n".join(chunk.lines))
    code = _SIGNS.search(text) is not None and _SIGNATURE.match(text) is None
    return all(isinstance(one, ast.Pass) for one in kept) and not code


def _parse(lines: list[str]) -> ast.Module:
    text = "\n".join(lines) + "\n"
    chains = _CHAIN.finditer(text) if text.count(".") > _DEEPEST else ()
    if any(chain[0].count(".") > _DEEPEST for chain in chains):
        raise RecursionError  # Python takes the square of its length for the name of a module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parsed(lines: list[str]) -> ast.Module | None:
    """Returns the syntax tree of lines; None if they are not Python."""
    try:
        return _parse(lines)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def without_magic(lines: list[str]) -> list[str]:
    """Returns lines with those of IPython masked."""
    masked: list[str] = []
    continued = False
    for line in lines:
        masked.append(_mask(line, "") if continued else _unmagic(line))
        continued = line.rstrip().endswith("\\") and masked[-1] != line
    return masked


def _unmagic(line: str) -> str:
    if timed := _TIMED.match(line):
        return timed[1] + "pass;".ljust(len(timed[2])) + line[timed.end() :]
    if assigned := _ASSIGNED.match(line):
        value = "None" if len(assigned[2]) >= 4 else "0"
        return assigned[1] + value.ljust(len(assigned[2]))
    if _MAGIC.match(line) or _HELP.match(line) or _SHELL.match(line):
        return _mask(line, "pass")
    return line


def _mask(line: str, statement: str) -> str:
    """Returns a line of the same length that does nothing."""
    indentation = line[: len(line) - len(line.lstrip())]
    body = statement if len(indentation) + len(statement) <= len(line) else "0"
    return (indentation + body).ljust(len(line)) if body else " " * len(line)


def _problem(chunk: Chunk, lines: list[str], error: Exception) -> tuple[str, Span]:
    """Returns why a chunk is not valid Python, and where."""
    reason, row, column = str(error) or "too deeply nested", 1, 0
    if isinstance(error, SyntaxError):
        row, column = min(max(error.lineno or 1, 1), len(lines)), max((error.offset or 1) - 1, 0)
        reason = PRINTS if _PRINT.match(lines[row - 1]) else error.msg
    code = chunk.code or chunk.lines
    place = len(code[row - 1][:column].encode("utf-8", "surrogatepass"))
    line = chunk.first_line + row - 1
    return reason, Span(line, place, line, place)


def printing(lines: list[str]) -> Iterator[int]:
    """Yields the lines that print as Python 2 did, from 0."""
    return (index for index, line in enumerate(lines) if _PRINT.match(line))


def _mask_error(lines: list[str], error: SyntaxError) -> bool:
    """Masks what is around an error; returns False if nothing is left to mask."""
    prints = [*printing(lines)]
    if prints:
        for index in prints:
            lines[index] = _WORD.sub(r"\1pass;\2", lines[index]).replace("pass; >>", "pass;   ")
        return True
    row = error.lineno or 1
    start = min(max(row, 1), len(lines)) - 1
    for index in range(max(start - _NEAR, 0), min(start + _NEAR, len(lines))):
        if _LEFT_OUT.search(lines[index]):  # what stands for further arguments
            blank = _LEFT_OUT.sub(lambda found: " " * len(found[0]), lines[index])
            if _error([*lines[:index], blank, *lines[index + 1 :]]) > row:
                lines[index] = blank
                return True
    indented = error.msg == "unexpected indent"
    above = lines[start - 1] if indented and start else ""
    if len(above) >= len(_HEAD) and above.lstrip()[:1] in ("", "#"):
        lines[start - 1] = _HEAD.ljust(len(above))  # of the lines that are indented
        return True
    # What stands around the line may be Python without it.
    inside = next((line for line in lines[start + 1 :] if line.strip()), "")
    heads = _width(inside) > _width(lines[start])
    named = lines[start].rstrip().endswith(":") and heads
    alone = _mask(lines[start], _HEAD if named else "pass")
    if error.msg.startswith("unindent"):
        alone = " " * len(lines[start])
    if heads and not _width(lines[start]) and _PROSE.match(lines[start]):
        alone = _HEAD.ljust(len(lines[start]))  # of what stands indented below a sentence
    inner = lines[start][:1].isspace() or _OPENS.match(lines[start]) is not None
    inner = inner or alone.startswith(_HEAD)
    if inner and _error([*lines[:start], alone, *lines[start + 1 :]]) > row:
        lines[start] = alone
        return True
    while start > 0 and not indented and not _begins(lines[start]):
        start -= 1
    stop = start + 1
    while stop < len(lines) and not _begins(lines[stop]):
        stop += 1
    found = any(line.strip() for line in lines[start:stop])
    lines[start:stop] = [" " * len(line) for line in lines[start:stop]]
    return found


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _error(lines: list[str]) -> float:
    """Returns the line of the first error, a number beyond them all where there is none."""
    try:
        _parse(lines)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return 0
    return math.inf


def _begins(line: str) -> bool:
    """Tells whether a line begins a statement at the top."""
    return bool(line.strip()) and not line[0].isspace() and line[0] not in ")]}#"
