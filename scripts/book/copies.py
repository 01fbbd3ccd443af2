"""The readers' notebooks: one language, the outputs of the full edition, exercises to fill in."""

import base64
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from PIL import Image

from book import COPIES, LANGUAGES
from book.anchors import without
from book.chapters import paths, read, tags
from book.editions import edition
from book.stubs import StubPreprocessor
from kerastut.data import BESIDE
from kerastut.version import __version__

# What is installed where kerastut is not: what lies beside it in the whole book, or the clone.
WHEEL, CLONE = f"./kerastut-{__version__}-py3-none-any.whl", "../.."
INSTALL = """from importlib.util import find_spec
from pathlib import Path

if not find_spec("kerastut"):
    get_ipython().run_line_magic("pip", "install --quiet {source}")
%env KERASTUT_LANG={language}"""
DATA = """
from kerastut.data import content_beside

if not Path("{file}").exists():
    Path("{file}").write_bytes(content_beside("{data}"))"""
COLOURS = 128  # of a picture: a third of the bytes, and nothing to be seen of it


class ReaderPreprocessor(Preprocessor):
    """Installs kerastut and the data, sets the language, folds what only draws or tells."""

    def __init__(self, language: str, source: str) -> None:
        super().__init__()
        self.install = INSTALL.format(source=source, language=language)

    def preprocess(
        self, notebook: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Changes all cells."""
        text = "".join(cell.source for cell in notebook.cells)
        found = [DATA.format(data=data, file=file) for data, file in BESIDE.items() if file in text]
        self.install += "".join(found)
        notebook.metadata.language_info = NotebookNode(name="python")  # a run adds to it
        return super().preprocess(notebook, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Changes one cell."""
        if cell.cell_type == "markdown":
            cell.source = without(cell.source)
        if "install" in tags(cell):
            cell.source = self.install
        if "hide-input" in tags(cell):
            cell.metadata.jupyter = {"source_hidden": True}
        if cell.cell_type == "code":
            cell.execution_count = None
            if "solution" in tags(cell):  # its lines are the reader's to write
                cell.outputs = []
            for output in cell.outputs:
                _pack(output)
        return cell, resources


def _pack(output: NotebookNode) -> None:
    """Makes the picture of an output small, and its text one line for all runs."""
    if "execution_count" in output:
        output.execution_count = None
    if "image/png" in output.get("data", {}):
        picture, file = io.BytesIO(base64.b64decode(output.data["image/png"])), io.BytesIO()
        few = Image.open(picture).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True)
        output.data["image/png"] = base64.b64encode(file.getvalue()).decode()


def copies(
    chapters: Mapping[str, NotebookNode] = MappingProxyType({}),
) -> Iterator[tuple[Path, str]]:
    """Yields the file and the text of every reader's notebook.

    Args:
        chapters: Those that were run in full, by name. A cell of another one keeps the output that
            its file has, as long as its code is the same.
    """
    for path in paths():
        notebook = chapters.get(path.stem) or read(path)
        for language in LANGUAGES:
            target = COPIES / language / f"{path.stem}.ipynb"
            yield target, copy(notebook, language, CLONE, target)


def copy(
    notebook: NotebookNode, language: str, source: str = WHEEL, before: Path | None = None
) -> str:
    """Returns the text of a reader's notebook; the same chapter gives the same bytes."""
    made = edition(
        notebook, language, StubPreprocessor(language), ReaderPreprocessor(language, source)
    )
    if before is not None and before.exists():
        cells = nbformat.read(before, as_version=4).cells
        kept = {cell.source: cell.outputs for cell in cells if cell.cell_type == "code"}
        for cell in made.cells:
            if cell.cell_type == "code" and not cell.outputs:
                cell.outputs = kept.get(cell.source, [])
    return str(nbformat.writes(made)) + "\n"


def write(chapters: Mapping[str, NotebookNode]) -> None:
    """Writes the readers' notebooks and removes those whose chapter is gone."""
    wanted = dict(copies(chapters))
    for path in set(COPIES.glob("*/*.ipynb")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
