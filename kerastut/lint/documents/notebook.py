"""A notebook: each code cell is a chunk. Only changed lines of changed cells are written anew."""

import json
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from ..errors import UnreadableError
from .document import Chunk, Document
from .text import Text

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_RAW_LINE = re.compile(r"(?:[^\\]|\\[^n])*?\\n|(?:[^\\]|\\[^n])+")


class _Literal(str):
    """A string of the JSON text that knows its place there, quotes included."""

    start: int
    end: int


_Source = _Literal | list[_Literal]


def _read(text: str) -> Any:
    """Returns what JSON says; the strings in objects, and in lists there, know their places."""
    json.loads(text)  # tells what is wrong with the text itself
    literals: list[_Literal] = []

    def numbered(match: re.Match[str]) -> str:
        literal = _Literal(json.loads(match[0]))
        literal.start, literal.end = match.span()
        literals.append(literal)
        return f'"{len(literals) - 1}"'

    def literal(value: Any) -> Any:
        if isinstance(value, list):
            return [literal(item) for item in value]
        return literals[int(value)] if isinstance(value, str) else value

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        return {literals[int(key)]: literal(value) for key, value in items}

    return json.loads(_STRING.sub(numbered, text), object_pairs_hook=pairs)


def parse_notebook(text: Text, filename: str) -> Document:
    """Returns the document of a notebook.

    Raises:
        UnreadableError: It is no notebook.
    """
    try:
        notebook = _read(text.content)
        sources = list(_code_cells(notebook))
        python = _is_python(notebook)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:80]
        raise UnreadableError(
            f"{filename}: expected a notebook, received something else ({reason});"
            " open and save it with Jupyter."
        ) from error
    chunks = _chunks(["".join(source) for source in sources]) if python else []

    def rebuild(texts: list[list[str]]) -> str:
        whole = text.content
        for source, chunk, new in reversed(list(zip(sources, chunks, texts, strict=False))):
            if new != chunk.lines:
                whole = _replaced(whole, source, "\n".join(new))
        return whole

    return Document(filename, text.content, chunks, "notebook", rebuild)


def _code_cells(notebook: Any) -> Iterator[Any]:
    """Yields the sources of the code cells, of formats 3 and 4."""
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise ValueError("no cells")
    cells = notebook.get("cells") or [
        cell for sheet in notebook.get("worksheets", ()) for cell in sheet.get("cells", ())
    ]
    for cell in cells:
        if cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", []))
            if not isinstance(source, (str, list)) or not all(isinstance(s, str) for s in source):
                raise ValueError("a source that is no text")
            yield source


def _is_python(notebook: Any) -> bool:
    metadata = notebook.get("metadata") or {}
    kernel, language = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    name = language.get("name") or kernel.get("language") or kernel.get("name") or "python"
    return "py" in str(name).lower()


def _chunks(cells: list[str]) -> list[Chunk]:
    chunks: list[Chunk] = []
    line = 1
    for number, source in enumerate(cells, start=1):
        lines = source.split("\n")
        chunks.append(Chunk(lines, line, [""] * len(lines), cell=number))
        line += len(lines)
    return chunks


def _replaced(whole: str, source: _Source, new: str) -> str:
    """Returns the JSON text with another source; lines that stay the same stay as written."""
    lines = [line for line in re.split(r"(?<=\n)", new) if line]
    if isinstance(source, _Literal):
        raw = whole[source.start : source.end]
        return whole[: source.start] + _spliced(raw, lines) + whole[source.end :]
    start, end = source[0].start, source[-1].end
    comma = whole[source[0].end : source[1].start] if len(source) > 1 else ", "
    pairs = zip(source, [*source[1:], source[-1]], strict=True)
    items = [[whole[a.start : a.end], whole[a.end : b.start]] for a, b in pairs]
    for (first, last), (begin, stop) in _changes(source, lines):
        made = [[_quoted(line, whole[start:end]), comma] for line in lines[begin:stop]]
        if made and last > first:
            made[-1][1] = items[last - 1][1]
        items[first:last] = made
    body = [text + (gap or comma) for text, gap in items[:-1]] + [text for text, _ in items[-1:]]
    return whole[:start] + "".join(body) + whole[end:]


def _spliced(raw: str, lines: list[str]) -> str:
    """Returns a JSON string with other lines; those that stay the same keep their escapes."""
    old = _RAW_LINE.findall(raw[1:-1])
    for (first, last), (start, stop) in _changes([json.loads(f'"{line}"') for line in old], lines):
        old[first:last] = [_quoted(line, raw)[1:-1] for line in lines[start:stop]]
    return f'"{"".join(old)}"'


def _quoted(value: str, like: str) -> str:
    """Returns a JSON string, with escapes for what is not ASCII if its surroundings have them."""
    escapes = like.isascii() and re.search(r"\\u[0-9a-fA-F]{4}", like) is not None
    return json.dumps(value, ensure_ascii=escapes)


def _changes(old: Sequence[str], new: list[str]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Returns what differs, first and last of either side, from the end to the beginning."""
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(code[1:3], code[3:5]) for code in reversed(codes) if code[0] != "equal"]
