"""The chapters as pages of the site."""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from book import BRANCH, REPOSITORY
from book.chapters import hook, tags, title
from book.copies import copy
from book.editions import edition
from book.execution import pictures
from book.words import word

COLAB = "https://colab.research.google.com/github"
_FAULT = re.compile(r"(?<![\w`/#-])(T\d-\d\d)(?![\w`])")


class PagePreprocessor(Preprocessor):
    """Fits a chapter to the site: buttons, folded solutions, links to the corrections."""

    def __init__(self, name: str, language: str) -> None:
        super().__init__()
        self.name, self.language = name, language

    def preprocess(
        self, notebook: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Fits the whole notebook."""
        notebook.cells = [cell for cell in notebook.cells if "install" not in tags(cell)]
        for cell in notebook.cells:
            _link_faults(cell)
            _name_diagrams(cell)
            if "solution" in tags(cell):
                cell.metadata.tags = [*tags(cell), "hide-cell"]
        head = notebook.cells[0]
        first, _, rest = head.source.partition("\n")
        head.source = f"{first}\n\n{buttons(self.name, self.language)}\n{rest}"
        return notebook, resources


def buttons(name: str, language: str) -> str:
    """Returns the links that open or download the reader's notebook."""
    file = f"notebooks/{language}/{name}.ipynb"
    colab = f"{COLAB}/{REPOSITORY.removeprefix('https://github.com/')}/blob/{BRANCH}/{file}"
    return (
        "<p class='kt-buttons' data-pagefind-ignore>"
        f"<a href='{colab}'>{word('Open in Colab', language)}</a>"
        f"<a href='../notebooks/{name}.ipynb' download>{word('Download notebook', language)}</a>"
        "</p>\n"
    )


def write(folder: Path, language: str, chapters: dict[str, NotebookNode]) -> None:
    """Writes the chapters' pages, their thumbnails, their index and the readers' notebooks."""
    pages, extra = folder / "chapters", folder / "extra" / "notebooks"
    pages.mkdir()
    extra.mkdir(parents=True)
    for name, notebook in chapters.items():
        page = edition(notebook, language, PagePreprocessor(name, language))
        nbformat.write(page, pages / f"{name}.ipynb")
        (extra / f"{name}.ipynb").write_text(copy(notebook, language), encoding="utf-8")
        (pages / f"{name}.png").write_bytes(pictures(notebook)[0])
    intro = word("From the first neuron to a model in use.", language)
    text = f"# {word('Chapters', language)}\n\n{intro}\n\n{cards(chapters, language, '')}"
    text += "\n```{toctree}\n:hidden:\n\n" + "\n".join(chapters) + "\n```\n"
    (pages / "index.md").write_text(text, encoding="utf-8")


def cards(chapters: dict[str, NotebookNode], language: str, prefix: str) -> str:
    """Returns a card for each chapter.

    Args:
        chapters: The executed chapters by name.
        language: The edition's.
        prefix: Folder of their pages, seen from the page that shows the cards, with a slash if
            not empty.
    """
    found = ["::::{grid} 1 2 2 3", ":gutter: 3", ":class-container: kt-cards", ""]
    for name, notebook in chapters.items():
        found += [
            f":::{{grid-item-card}} {title(notebook, language)}",
            f":img-top: {prefix}{name}.png",
            f":img-alt: {title(notebook, language)}",
            f":link: {prefix}{name}",
            ":link-type: doc",
            "",
            hook(notebook, language),
            ":::",
        ]
    return "\n".join([*found, "::::", ""])


def _name_diagrams(cell: NotebookNode) -> None:
    """Gives a diagram's title to those who cannot see it."""
    for output in cell.get("outputs", ()):
        if "image/svg+xml" in output.get("data", {}):
            cell.metadata["mystnb"] = {"image": {"alt": output.data["text/plain"]}}


def _link_faults(cell: NotebookNode) -> None:
    if cell.cell_type == "markdown":
        cell.source = _linked(cell.source)
    for output in cell.get("outputs", ()):
        if "text/markdown" in output.get("data", {}):
            output.data["text/markdown"] = _linked(output.data["text/markdown"])


def _linked(text: str) -> str:
    """Returns Markdown in which the ids of faults, outside code blocks, lead to their rows."""
    parts = re.split(r"(^```.*?^```)", text, flags=re.MULTILINE | re.DOTALL)
    parts[::2] = [
        _FAULT.sub(r"<a href='../corrections.html#\1'>\1</a>", part) for part in parts[::2]
    ]
    return "".join(parts)
