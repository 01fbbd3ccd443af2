"""Finds where the sources of a notebook's cells lie in its JSON text, to the character."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_RAW_LINE = re.compile(r"(?:[^\\]|\\[^n])*?\\n|(?:[^\\]|\\[^n])+")
_SCALAR = re.compile(r"[-+.\w]+")
_scan = json.JSONDecoder(strict=False).raw_decode
_Path = tuple[Any, ...]


@dataclass(frozen=True)
class Literal:
    """A string of the JSON text: its value and its place, quotes included."""

    value: str
    start: int
    end: int


@dataclass
class Source:
    """The source of a cell: one string, or a list of strings.

    Attributes:
        start: Of the string or list.
        end: Its end.
        literals: The strings.
        listed: Whether it is a list.
        code: Whether it is a code cell's.
    """

    start: int
    end: int
    listed: bool
    literals: list[Literal] = field(default_factory=list)
    code: bool = False

    def replace(self, whole: str, new: str) -> str:
        """Returns the JSON text with another source; lines that stay the same stay as written."""
        lines, like = _lines(new), whole[self.start : self.end]
        if not self.listed:
            return whole[: self.start] + _spliced(like, lines) + whole[self.end :]
        old = self.literals
        separator = whole[old[0].end : old[1].start] if len(old) > 1 else ", "
        for kind, first, last, start, stop in _changes([item.value for item in old], lines):
            items = separator.join(_quoted(line, like) for line in lines[start:stop])
            if kind == "replace":
                left, right = old[first].start, old[last - 1].end
            elif first > 0:
                left = old[first - 1].end
                right, items = (left, separator + items) if items else (old[last - 1].end, "")
            else:
                left = old[0].start
                right, items = (left, items + separator) if items else (_after(old, last), "")
            whole = whole[:left] + items + whole[right:]
        return whole


def find_sources(text: str) -> list[Source]:
    """Returns the sources of all cells, in order."""
    sources: dict[_Path, Source] = {}
    code: set[_Path] = set()
    for path, start, end, value in _walk(text, _SPACE.match(text, 0).end(), ()):  # type: ignore[union-attr]
        cell, key = path[:-1], path[-1] if path else None
        if key == "cell_type" and value == "code":
            code.add(cell)
        elif key in ("source", "input") and _is_cell(cell):
            listed = value is None
            sources.setdefault(path, Source(start, end, listed)).end = end
            if not listed:
                sources[path].literals.append(Literal(str(value), start, end))
        elif isinstance(value, str) and _is_line(path):
            source = sources.setdefault(path[:-1], Source(start, end, True))
            source.literals.append(Literal(value, start, end))
    for path, source in sources.items():
        source.code = path[:-1] in code
    # The walk tells of a list after its items.
    return list(sources.values())


def _is_line(path: _Path) -> bool:
    return len(path) > 1 and path[-2] in ("source", "input") and _is_cell(path[:-2])


def _is_cell(path: _Path) -> bool:
    return len(path) >= 2 and path[-2] == "cells" and isinstance(path[-1], int)


def _walk(text: str, at: int, path: _Path) -> Iterator[tuple[_Path, int, int, object]]:
    """Yields path, start, end and, of a string, the value; a container comes after its items."""
    start = at
    if text[at] == '"':
        value, end = _scan(text, at)
        yield path, start, end, value
    elif text[at] in "{[":
        is_object, index = text[at] == "{", 0
        at = _skip(text, at + 1)
        while text[at] not in "}]":
            key: object = index
            if is_object:
                key, at = _scan(text, at)
                at = _skip(text, _skip(text, at) + 1)
            for found in _walk(text, at, (*path, key)):
                yield found
            at = _skip(text, found[2])
            if text[at] == ",":
                at = _skip(text, at + 1)
            index += 1
        yield path, start, at + 1, None
    else:
        scalar = _SCALAR.match(text, at)
        if scalar is None:
            raise ValueError(f"unexpected {text[at]!r}")
        yield path, start, scalar.end(), None


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _lines(text: str) -> list[str]:
    """Returns the lines as notebooks have them: each keeps its line feed."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _quoted(value: str, like: str) -> str:
    """Returns a JSON string, with escapes for what is not ASCII if its surroundings have them."""
    escapes = like.isascii() and re.search(r"\\u[0-9a-fA-F]{4}", like) is not None
    return json.dumps(value, ensure_ascii=escapes)


def _spliced(raw: str, lines: list[str]) -> str:
    """Returns a JSON string with other lines; those that stay the same keep their escapes."""
    old = _RAW_LINE.findall(raw[1:-1])
    for _, first, last, start, stop in _changes([json.loads(f'"{line}"') for line in old], lines):
        old[first:last] = [_quoted(line, raw)[1:-1] for line in lines[start:stop]]
    return f'"{"".join(old)}"'


def _changes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Returns what differs, from the end to the beginning."""
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [code for code in reversed(codes) if code[0] != "equal"]


def _after(old: list[Literal], last: int) -> int:
    return old[last].start if last < len(old) else old[-1].end
