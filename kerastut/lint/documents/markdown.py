"""Markdown: each fenced block of Python is a chunk.

A block counts if it is marked as Python, or if it has no mark, is valid Python and speaks of Keras.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..errors import UnreadableError
from .document import Chunk, Document
from .parsing import is_valid
from .text import Text, split_lines

_MOST = 100_000  # lines
_MARK = re.compile(r"[{.\s]*([\w+-]*)[^\n]*?(ipython\d?)?")
_PYTHON = {"python", "py", "python3", "py3", "ipython", "ipython3", "pycon", "jupyter", "python2"}
_CELL = {"code-cell", "code-block", "code", "sourcecode"}
_KERAS = re.compile(r"keras|\bmodel\.(add|compile|fit|predict|evaluate)\b")
_PROMPT = re.compile(r"^\s*(>>>|\.\.\.)( |$)|^In \[\d+\]: ")


def parse_markdown(text: Text, filename: str) -> Document:
    """Returns the document of a Markdown text."""
    lines, ends = split_lines(text.content)
    if len(lines) > _MOST:
        raise UnreadableError(f"{filename}: expected at most {_MOST:,} lines; exclude the file.")
    # Nothing is asked of what stands inside a paragraph.
    tokens = MarkdownIt("commonmark").disable("inline").parse(text.content)
    chunks = [chunk for token in tokens if (chunk := _chunk(token, lines, ends)) is not None]

    def rebuild(texts: list[str]) -> str:
        whole = list(map("".join, zip(lines, ends, strict=True)))
        for chunk, new in zip(chunks, texts, strict=True):
            start, stop = chunk.first_line - 1, chunk.first_line - 1 + len(chunk.lines)
            whole[start:stop] = [new, *[""] * (stop - start - 1)]
        return "".join(whole)

    return Document(filename, text.content, chunks, "markdown", rebuild)


def _chunk(token: Token, lines: list[str], ends: list[str]) -> Chunk | None:
    if token.type not in ("fence", "code_block") or token.map is None:
        return None
    content = token.content.split("\n")[:-1]
    if not content or not _is_python(token, content):
        return None
    start = token.map[0] + (token.type == "fence")
    split = [_split(lines[start + index], line) for index, line in enumerate(content)]
    if any(map(_PROMPT.match, content)):
        split = [_without_prompt(prefix, line) for prefix, line in split]
    elif token.info.startswith("{"):
        split = _without_options(split)
    prefixes, inner = map(list, zip(*split, strict=True))
    return Chunk(inner, start + 1, prefixes, ends[start : start + len(inner)])


def _is_python(token: Token, content: list[str]) -> bool:
    match = _MARK.match(token.info.strip())
    language = match[1].lower() if match else ""
    if language in _CELL:
        return "python" in token.info.lower()
    if language:
        return language in _PYTHON
    if not _KERAS.search("\n".join(content)):
        return False
    prompts = any(map(_PROMPT.match, content))
    return is_valid([_without_prompt("", line)[1] for line in content] if prompts else content)


def _split(whole: str, line: str) -> tuple[str, str]:
    """Returns what the container puts before a line, and the line."""
    if whole.endswith(line):
        return whole[: len(whole) - len(line)], line
    return "", whole


def _without_prompt(prefix: str, line: str) -> tuple[str, str]:
    """Moves a prompt to the prefix; a line without one is output, and no code."""
    prompt = _PROMPT.match(line)
    if prompt is None:
        return prefix + line, ""
    return prefix + prompt[0], line[prompt.end() :]


def _without_options(split: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leaves out the options at the head of a MyST cell."""
    for index, (prefix, line) in enumerate(split):
        if line.strip() and not line.startswith(":"):
            break
        split[index] = prefix + line, ""
    return split
