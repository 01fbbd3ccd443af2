"""Parses a chunk. What is not valid Python is noted, and the rest is parsed without it."""

import ast
import re
from contextlib import suppress
from itertools import pairwise

from ..finding import Span, span_of
from .document import Chunk
from .recovering import (
    ERRORS,
    LEFT_OUT,
    mask_error,
    parse,
    parsed,
    printing,
    readable,
    statements,
    untabbed,
    width,
    without_magic,
)

_FOREIGN = re.compile(
    r"^%%(bash|sh|script|(?:write)?file(?! .*\.py\s*$)|html|HTML|javascript|js|latex|markdown|svg"
    r"|perl|ruby|cython|sql|R|cmd|system|!)\b"
)
_BAR = re.compile(r"\[[=>.]+\]")
_SIGNS = re.compile(r"[(\[{]|(?<![=!<>])=(?!=)|\b(?:import|def|class|return)\b")
_SIGNATURE = re.compile(
    r"\s*[\w.]+\((?:\s*\*{0,2}\w+ *: |[^\n:]*(?:\n\s[^\n:]*)*\) *-> *[^\n:=]+\s*\Z)"
)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*\w")
_PLACEHOLDER = re.compile(r"[=(,]\s*<[A-Za-z][\w ]*>")  # which the reader is to fill in
# What code printed, or a sentence, in a block that is said to be code.
_SAID = re.compile(r"(?m)^[ \d.,e+\-\[\]]+$|^[^=\n]*(?:\b[A-Za-z]+ ){4}[A-Za-z]+\b[^=\n]*$")
PRINTS = "a Python 2 print statement"
RETURNS = "'return' outside function"  # as Python says
BLANKS = "invalid non-printable character"  # as Python says of blanks that pages show
_BLANK = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")
_PASSES = 10


def parse_chunk(chunk: Chunk) -> None:
    """Sets the chunk's tree, and its problem if a part of it is not valid Python."""
    code = chunk.code or chunk.lines
    first = next((line for line in code if line.strip()), "")
    lines = [""] * len(code) if _FOREIGN.match(first) else list(code)
    for attempt in range(_PASSES):
        try:
            _keep(chunk, lines)
            chunk.problem = chunk.problem or _returned_outside(chunk)
            return
        except ERRORS as error:
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
            widened = untabbed(lines, error)
            if widened != lines:
                chunk.tabbed = chunk.tabbed or _problem(chunk, lines, error)
                lines = widened
                continue
            if not isinstance(error, SyntaxError) or not mask_error(lines, error):
                return
    for start, stop in statements(lines, closes=True):
        kept = readable(lines[start:stop])
        if not any(map(str.strip, kept)):  # a bracket that nothing closes may hide what follows
            for begin, end in statements(lines[start:stop], closes=False):
                kept[begin:end] = readable(lines[start:stop][begin:end])
        lines[start:stop] = kept
    with suppress(*ERRORS):
        _keep(chunk, lines)


def _keep(chunk: Chunk, lines: list[str]) -> None:
    tree, code = parse(lines), chunk.code or chunk.lines
    pairs = zip(code, lines, strict=True) if lines != code else ()
    moved = [width(old) - width(new) if new.strip() else 0 for old, new in pairs]
    if any(moved):  # a line may be read as if it stood elsewhere
        for node in ast.walk(tree):
            if isinstance(
                node, (ast.stmt, ast.expr, ast.excepthandler, ast.keyword, ast.arg, ast.alias)
            ):
                node.col_offset += moved[node.lineno - 1]
                node.end_col_offset = (node.end_col_offset or 0) + moved[(node.end_lineno or 1) - 1]
        lines = [
            old[: width(old)] + new.lstrip() if new.strip() else new
            for old, new in zip(code, lines, strict=True)
        ]
    chunk.tree, chunk.parsed = tree, lines
    if chunk.first_line > 1:
        ast.increment_lineno(chunk.tree, chunk.first_line - 1)


def is_printed(chunk: Chunk) -> bool:
    """Tells whether a block is not code alone: what some code printed, a signature, or prose.

    One with dots for what is left out is not said to be Python either.

    Prose stands in a block that nothing closes: the next one seems to open within it.
    """
    if any(map(_FENCE.match, chunk.lines)) or any(map(_PLACEHOLDER.search, chunk.lines)):
        return True
    whole = [LEFT_OUT.sub("", line) for line in chunk.lines]
    if whole != chunk.lines and parsed(whole) is not None:
        return True
    kept = chunk.tree.body if chunk.tree is not None else []
    text = _SAID.sub("", _BAR.sub("", "\n".join(chunk.lines)))
    code = _SIGNS.search(text) is not None and _SIGNATURE.match(text) is None
    return all(isinstance(one, ast.Pass) for one in kept) and not code


def _returned_outside(chunk: Chunk) -> tuple[str, Span] | None:
    """Finds a `return` of a function's local name below the function.

    Others may be parts of functions, which pages show.
    """
    for above, node in pairwise(chunk.tree.body if chunk.tree is not None else ()):
        if isinstance(node, ast.Return) and isinstance(above, ast.FunctionDef):
            names = [one for one in ast.walk(above) if isinstance(one, ast.Name)]
            local = {one.id for one in names if isinstance(one.ctx, ast.Store)}
            if any(getattr(one, "id", "") in local for one in ast.walk(node)):
                return RETURNS, span_of(node)
    return None


def _problem(chunk: Chunk, lines: list[str], error: Exception) -> tuple[str, Span]:
    """Returns why a chunk is not valid Python, and where."""
    reason, row, column = str(error) or "too deeply nested", 1, 0
    if isinstance(error, SyntaxError):
        row, column = min(max(error.lineno or 1, 1), len(lines)), max((error.offset or 1) - 1, 0)
        reason = PRINTS if any(True for _ in printing(lines[row - 1 : row])) else error.msg
    code = chunk.code or chunk.lines
    place = len(code[row - 1][:column].encode("utf-8", "surrogatepass"))
    line = chunk.first_line + row - 1
    return reason, Span(line, place, line, place)
