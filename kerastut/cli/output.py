"""Prints results: tables for people, JSON for programs."""

import json
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Any

from kerastut.errors import printable
from kerastut.records import plain
from kerastut.streams import unescaped


def print_line(text: str) -> None:
    """Prints a result of one line."""
    print(printable(text))


def print_json(value: Any) -> None:
    """Prints a result as JSON; what is not a number becomes null, as the format has none."""
    print(json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False))


def picked(record: object, *names: str) -> dict[str, Any]:
    """Returns some attributes of a record by name, as JSON shows them."""
    return {name: getattr(record, name) for name in names}


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows with aligned columns: with rich on a terminal, in plain text when piped."""
    rows = [[printable(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, show_header=any(headers), pad_edge=False)
        for header in headers:
            table.add_column(header, overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        Console(file=unescaped(sys.stdout), highlight=False).print(table)
        return
    lines = [headers, *rows] if any(headers) else list(rows)
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (
            cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)
        )
        print("  ".join(padded).rstrip())


def print_text(text: str) -> None:
    """Prints paragraphs as they are written."""
    print(textwrap.dedent(text))


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
