"""The readers' notebooks: one language, no outputs, exercises to fill in.

Usage: PYTHONPATH=scripts python -m book.copies

Writes them without running the chapters.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import ClearOutputPreprocessor, Preprocessor
from nbformat import NotebookNode

from book import COPIES, LANGUAGES
from book.anchors import without
from book.chapters import paths, read, tags
from book.editions import edition
from book.stubs import StubPreprocessor


class ReaderPreprocessor(Preprocessor):
    """Sets the language where kerastut is installed; folds what only draws or tells."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Changes one cell."""
        if cell.cell_type == "markdown":
            cell.source = without(cell.source)
        if "install" in tags(cell):
            # The wheel may lie beside the notebook, as it does in the whole book.
            cell.source = cell.source.replace("--quiet", "--quiet --find-links .")
            cell.source += f"\n%env KERASTUT_LANG={self.language}"
        if "hide-input" in tags(cell):
            cell.metadata.jupyter = {"source_hidden": True}
        return cell, resources


def copies() -> Iterator[tuple[Path, str]]:
    """Yields the file and the text of every reader's notebook."""
    for path in paths():
        notebook = read(path)
        for language in LANGUAGES:
            yield COPIES / language / f"{path.stem}.ipynb", copy(notebook, language)


def copy(notebook: NotebookNode, language: str) -> str:
    """Returns the text of a reader's notebook; the same chapter gives the same bytes."""
    steps = (StubPreprocessor(language), ReaderPreprocessor(language), ClearOutputPreprocessor())
    return str(nbformat.writes(edition(notebook, language, *steps))) + "\n"


def write() -> None:
    """Writes the readers' notebooks and removes those whose chapter is gone."""
    wanted = dict(copies())
    for path in set(COPIES.glob("*/*.ipynb")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
