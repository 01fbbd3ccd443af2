"""Prints results: tables for people, JSON for programs."""

import json
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from kerastut.errors import printable
from kerastut.language import met, spoken, told
from kerastut.records import plain

NARROW = 24  # columns for the last cell of a row, below which whole rows are folded
# What is not broken: a word, or a Chinese character, with the marks beside it.
_WIDE = "\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u3000-\u303f"
_PIECES = re.compile(
    rf" +|[（“《「]*(?:[^\s{_WIDE}（“《「]+|[{_WIDE}])[，。；：、！？）”》」…]*|\s", re.ASCII
)


def print_line(text: str) -> None:
    """Prints a result of one line."""
    print(printable(text))


def failure(error: Exception) -> str:
    """Returns the line that tells an error, with what to do about a fault of the tutorials."""
    text = told(f"kerastut: error: {error}")
    if "keras" in sys.modules:  # a recipe has been run
        from kerastut.why import advice

        cause = error.__cause__
        if known := advice(f"{error} {type(cause).__name__}: {cause}", spoken()):
            return met(f"{text}." if text[-1] not in ".?。？" else text, f" {known}")
    return text


def print_json(value: Any) -> None:
    """Prints a result as JSON; what is not a number becomes null, as the format has none."""
    # Other encodings would put some letters in another form, and a value must stay what it is.
    escaped = not (sys.stdout.encoding or "utf").lower().startswith("utf")
    print(json.dumps(plain(value), indent=2, ensure_ascii=escaped, allow_nan=False))


def picked(record: object, *names: str) -> dict[str, Any]:
    """Returns some attributes of a record by name, as JSON shows them."""
    return {name: getattr(record, name) for name in names}


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows with aligned columns; on a terminal the last one is folded, or whole rows are."""
    lines = [[*map(told, headers)]] if any(headers) else []
    lines += [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    before = sum(widths[:-1]) + 2 * len(widths[:-1])
    folded = before + widths[-1] > columns < before + NARROW if widths else False
    for line in lines:
        if folded:
            print(wrapped("  ".join(line), columns, " " * 4))
            continue
        padded = [
            cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)
        ]
        last = wrapped(line[-1], columns - before).replace("\n", "\n" + " " * before)
        print("  ".join([*padded[:-1], last]).rstrip())


def print_facts(
    facts: Mapping[str, str] | Iterable[tuple[str, str]], headers: Sequence[str] = ("", "")
) -> None:
    """Prints what is known of one thing: names, and values, of which the longer are messages."""
    pairs = facts.items() if isinstance(facts, Mapping) else facts
    rows = [(told(name), told(value) if " " in value else value) for name, value in pairs]
    print_table(headers, rows)


def print_text(text: str) -> None:
    """Prints paragraphs and lists: on a terminal as wide as it is, else as they are written."""
    text = textwrap.dedent(text)
    if sys.stdout.isatty():
        columns = min(shutil.get_terminal_size().columns, 100)
        items = re.split(r"(\n\n|\n(?=- ))", text)
        text = "".join(
            wrapped(reduce(_continued, one.split("\n")), columns, "  " * one.startswith("- "))
            if one.strip()
            else one
            for one in items
        )
    print(text)


def _continued(line: str, following: str) -> str:
    return met(line, f" {following.strip()}")


def wrapped(text: str, columns: int, indent: str = "") -> str:
    """Returns a text in lines of at most so many columns; no word, name or number is broken.

    Args:
        text: Chinese, which may be broken between any two characters, Latin, or both.
        columns: Of the terminal.
        indent: Before each line but the first.
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1].strip() and width(lines[-1]) + width(piece) > columns:
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
            piece = piece.lstrip()
        lines[-1] += piece
    return "\n".join(lines)


def shorten(text: str, columns: int) -> str:
    """Returns the text, cut to so many columns of a terminal; an ellipsis tells that it was cut."""
    start = text[: columns + 1]  # which is enough to tell
    if width(start) <= columns:
        return start
    while start and width(start) > columns - 1:
        start = start[:-1]
    return start.rstrip() + "…"


def width(text: str) -> int:
    """Returns the columns of a terminal that the text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
