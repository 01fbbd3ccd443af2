"""The chapters' sources as notebooks."""

from pathlib import Path

import jupytext
from nbformat import NotebookNode

from book import CHAPTERS, PROGRAMS
from book.chinese import joined


def paths(folder: Path = CHAPTERS) -> list[Path]:
    """Returns the chapters' files in order."""
    return sorted(folder.glob("[0-9][0-9]_*.py"))


def read(path: Path) -> NotebookNode:
    """Reads a chapter as a notebook without outputs, both languages in it.

    A cell tagged `program`, such as `# program: cnn_mnist`, takes that program's text. The ids of
    the cells are their numbers: jupytext draws them at random, and two builds must give the same
    bytes.
    """
    notebook: NotebookNode = jupytext.read(path, fmt="py:percent")
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number:03}"
        if language(cell) == "zh":
            cell.source = joined(cell.source)
        cell.metadata = NotebookNode(tags=tags(cell)) if tags(cell) else NotebookNode()
        if "program" in tags(cell):
            cell.metadata.program = cell.source.removeprefix("# program:").strip()
            cell.source = program(cell.metadata.program).read_text(encoding="utf-8").rstrip()
    notebook.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def program(name: str) -> Path:
    """Returns the file of a whole program in plain Keras."""
    return PROGRAMS / f"{name}.py"


def programs(notebook: NotebookNode) -> list[str]:
    """Returns the names of the whole programs that a chapter shows."""
    return [cell.metadata.program for cell in notebook.cells if "program" in cell.metadata]


def tags(cell: NotebookNode) -> list[str]:
    """Returns the tags of a cell."""
    return list(cell.metadata.get("tags", ()))


def language(cell: NotebookNode) -> str | None:
    """Returns the language of a Markdown cell, `None` for one that has none."""
    return next((tag.removeprefix("lang-") for tag in tags(cell) if tag.startswith("lang-")), None)


def title(notebook: NotebookNode, wanted: str) -> str:
    """Returns a chapter's title in a language."""
    return _first(notebook, wanted)[0].removeprefix("# ").strip()


def hook(notebook: NotebookNode, wanted: str) -> str:
    """Returns the paragraph below a chapter's title."""
    return " ".join(_first(notebook, wanted)[1].split())


def _first(notebook: NotebookNode, wanted: str) -> list[str]:
    """Returns the paragraphs of the first cell in a language."""
    cell = next(cell for cell in notebook.cells if language(cell) == wanted)
    return [part.strip() for part in cell.source.strip().split("\n\n")]
