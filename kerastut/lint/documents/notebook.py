"""A notebook: each code cell is a chunk. Only changed lines of changed cells are written anew."""

from typing import Any

from kerastut.lint.documents.document import Chunk, Document
from kerastut.lint.documents.parsing import parse_chunk
from kerastut.lint.documents.spans import find_sources
from kerastut.lint.documents.text import Text, UnreadableError


def parse_notebook(text: Text, filename: str) -> Document:
    """Returns the document of a notebook.

    Raises:
        UnreadableError: It is no notebook.
    """
    import nbformat.reader

    try:
        notebook = nbformat.reader.parse_json(text.content)  # type: ignore[no-untyped-call]
        cells = _code_cells(notebook)
        python = _is_python(notebook)
        found = find_sources(text.content)
    except Exception as error:  # nbformat lets many kinds through
        reason = str(error).partition("\n")[0][:80]
        raise UnreadableError(
            f"{filename}: expected a notebook, received something else ({reason});"
            " open and save it with Jupyter."
        ) from error
    sources = [source for source in found if source.code]
    if len(sources) != len(cells):
        raise UnreadableError(f"{filename}: expected each cell's source once; save it again.")
    chunks = _chunks(cells) if python else []

    def rebuild(texts: list[list[str]]) -> str:
        whole = text.content
        for source, chunk, new in reversed(list(zip(sources, chunks, texts, strict=False))):
            if new != chunk.lines:
                whole = source.replace(whole, "\n".join(new))
        return whole

    document = Document(filename, text.content, chunks, "notebook", rebuild, text.encoding)
    for chunk in chunks:
        parse_chunk(chunk)
    return document


def _chunks(cells: list[str]) -> list[Chunk]:
    chunks: list[Chunk] = []
    line = 1
    for number, source in enumerate(cells, start=1):
        lines = source.split("\n")
        chunks.append(Chunk(lines, line, [""] * len(lines), cell=number))
        line += len(lines)
    return chunks


def _code_cells(notebook: Any) -> list[str]:
    """Returns the sources of the code cells, of formats 3 and 4."""
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise ValueError("no cells")
    cells = notebook.get("cells") or [
        cell for sheet in notebook.get("worksheets", ()) for cell in sheet.get("cells", ())
    ]
    return [
        "".join(cell.get("source", cell.get("input", "")))
        for cell in cells
        if cell.get("cell_type") == "code"
    ]


def _is_python(notebook: Any) -> bool:
    metadata = notebook.get("metadata") or {}
    kernel, language = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    name = language.get("name") or kernel.get("language") or kernel.get("name") or "python"
    return "python" in str(name).lower() or "py" in str(name).lower()
