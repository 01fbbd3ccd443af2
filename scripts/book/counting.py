"""Counts what makes the code of the chapters hard to read for a beginner.

Usage: PYTHONPATH=scripts python -m book.counting

Prints a line for each chapter. Counted are the cells that a reader sees unfolded; the rules stand
in docs/writing-chapters.md.
"""

import ast
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from nbformat import NotebookNode

from book.chapters import paths, programs, read, tags
from book.comments import untranslated

MOST_CALLS, MOST_COLUMNS = 3, 84
HELPERS = {"teaching", "kerastut", "plotting"}
FOLDED = {"install", "hide-input", "check"}
LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def unfolded(notebook: NotebookNode) -> Iterator[str]:
    """Yields the code that a reader sees, cell by cell, without the lines for the notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and not FOLDED.intersection(tags(cell)):
            yield re.sub(r"^[%!].*$", "", cell.source, flags=re.MULTILINE)


def calls(source: str) -> int:
    """Returns how often a cell calls something of kerastut."""
    functions = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return sum(ast.unparse(function).partition(".")[0] in HELPERS for function in functions)


def nested(source: str) -> int:
    """Returns how many comprehensions lie inside another one."""
    loops = [node for node in ast.walk(ast.parse(source)) if isinstance(node, LOOPS)]
    inner = {id(node) for loop in loops for node in ast.walk(loop) if node is not loop}
    return sum(id(loop) in inner for loop in loops)


def crowded(source: str) -> list[str]:
    """Returns the statements that assign several values at once, or share a line with another.

    To unpack what one call returns is no such statement.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign):
            pairs = isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple)
            if pairs or len(node.targets) > 1:
                found.append(ast.unparse(node))
        body = getattr(node, "body", ())
        for first, second in pairwise(body if isinstance(body, list) else ()):
            if first.end_lineno == second.lineno:
                found.append(ast.unparse(second))
    return found


def wide(source: str) -> list[str]:
    """Returns the lines of too many columns; a Chinese character takes two."""
    return [line for line in source.split("\n") if _columns(line) > MOST_COLUMNS]


def _columns(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line)


def main() -> None:
    """Prints the counts."""
    heads = "programs", "cells", "calls", "cells with too many", "nested", "crowded", "wide"
    print(f"{'chapter':18}", *heads, "comments", sep="  ")
    for path in paths():
        notebook = read(path)
        cells = list(unfolded(notebook))
        counts = (
            len(programs(notebook)),
            len(cells),
            sum(map(calls, cells)),
            sum(calls(cell) > MOST_CALLS for cell in cells),
            sum(map(nested, cells)),
            sum(len(crowded(cell)) for cell in cells),
            sum(len(wide(cell)) for cell in cells),
        )
        numbers = [f"{count:{len(head)}}" for count, head in zip(counts, heads, strict=True)]
        comments = sum(len(untranslated(cell)) for cell in cells)
        print(f"{path.stem:18}", *numbers, f"{comments:8}", sep="  ")


if __name__ == "__main__":
    main()
