"""reStructuredText: directives with code, literal blocks, and sessions of the interpreter."""

import re
from collections.abc import Iterator

from .blocks import Block, join
from .document import Document
from .recovering import width
from .text import Text, split_lines

_CODE = re.compile(
    r"\s*\.\. (code-block|code|sourcecode|ipython|testcode|code-cell|code-tab|jupyter-execute)"
    r"::\s*(.*)"
)
_TAB = re.compile(r"\s*\.\. (?:tab-item|tab|group-tab)::(.+)")
_PROMPT = re.compile(r"\s*>>>( |$)")
_OPTION = re.compile(r"\s*:[\w-]+:")
_NO_LANGUAGE = ("ipython", "testcode", "jupyter-execute", "code-cell")


def parse_restructured(text: Text, filename: str) -> Document:
    """Returns the document of a text in reStructuredText."""
    lines, ends = split_lines(text.content)
    whole = list(map("".join, zip(lines, ends, strict=True)))
    return join(_blocks(lines, ends), text, filename, whole)


def _blocks(lines: list[str], ends: list[str]) -> Iterator[Block]:
    tabs: list[tuple[int, str]] = []  # what wraps the line: indentation and name
    index = 0
    while index < len(lines):
        line = lines[index]
        indented = width(line)
        while line.strip() and tabs and indented <= tabs[-1][0]:
            tabs.pop()
        tab = tabs[-1][1] if tabs else ""
        index += 1
        if match := _CODE.match(line):
            mark, tab = _language(match, tab)
            while index < len(lines) and _OPTION.match(lines[index]):
                index += 1
            stop = _end(lines, index, indented)
        elif match := _TAB.match(line):
            tabs.append((indented, match[1].strip()))
            continue
        elif _PROMPT.match(line):
            index, mark = index - 1, "pycon"
            stop = next((i for i in range(index, len(lines)) if not lines[i].strip()), len(lines))
        elif line.rstrip().endswith("::") and not line.lstrip().startswith(".. "):
            mark, stop = "", _end(lines, index, indented)
        else:
            continue
        while index < stop and not lines[index].strip():
            index += 1
        inner = lines[index:stop]
        if inner:
            yield Block(index, [""] * len(inner), inner, ends[index:stop], mark, tab)
        index = max(index, stop)


def _language(match: re.Match[str], tab: str) -> tuple[str, str]:
    """Returns the language of a directive, and the tab that it is in or makes."""
    language, _, label = match[2].strip().partition(" ")
    if match[1] in _NO_LANGUAGE:
        return "python", tab
    return language.lower(), label.strip() or language if match[1] == "code-tab" else tab


def _end(lines: list[str], start: int, indented: int) -> int:
    """Returns where the lines end that are indented more than a line, or blank."""
    stop = start
    for index in range(start, len(lines)):
        if lines[index].strip():
            if width(lines[index]) <= indented:
                break
            stop = index + 1
    return stop
