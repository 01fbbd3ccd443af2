"""A notebook: each code cell is a chunk. Only changed lines of changed cells are written anew."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ..errors import UnreadableError
from .document import Chunk, Document
from .tabs import tabs_of
from .text import Text, changes

_MOST = 1_000_000  # values, and signs that may stand between two
# Without a way back, which would take a hundred times the text's memory.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_RAW_LINE = re.compile(r"(?:[^\\]++|\\[^n])*+\\n|(?:[^\\]++|\\[^n])++")


class _Literal(str):
    """A string of the JSON text that knows its place there, quotes included."""

    __slots__ = ("end", "start")
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
    if sum(map(text.content.count, ",[{")) > _MOST:
        raise UnreadableError(
            f"{filename}: expected a notebook of at most {_MOST:,} values; exclude the file."
        )
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
    cells = ["".join(source) for source in sources]
    chunks = _chunks(cells) if python else []

    def rebuild(texts: list[str]) -> str:
        pieces, done = [], 0
        for source, new in zip(sources, texts, strict=False):
            if new != "".join(source):
                start, end, replaced = _replaced(text.content, source, new)
                pieces += [text.content[done:start], replaced]
                done = end
        return "".join([*pieces, text.content[done:]])

    # What the prose says and what was printed are no words of the program.
    return Document(filename, "\n".join(cells), chunks, "notebook", rebuild)


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
        chunk = Chunk.of(source, line, number)
        chunk.tabs = tabs_of(chunk.lines)
        chunk.dedent()
        chunks.append(chunk)
        line += len(chunks[-1].lines)
    return chunks


def _replaced(whole: str, source: _Source, new: str) -> tuple[int, int, str]:
    """Returns a stretch of the JSON text and another source for it.

    Lines that stay the same stay as they are written.
    """
    lines = [line for line in re.split(r"(?<=\n)", new) if line]
    if isinstance(source, _Literal):
        start, end = source.start, source.end
        return start, end, _spliced(whole[start:end], lines)
    start, end = source[0].start, source[-1].end
    comma = whole[source[0].end : source[1].start] if len(source) > 1 else ", "
    pairs = zip(source, [*source[1:], source[-1]], strict=True)
    items = [(whole[a.start : a.end], whole[a.end : b.start]) for a, b in pairs]
    escapes, made, done = _has_escapes(whole[start:end]), [], 0
    filled = [index for index, text in enumerate(source) if text]  # an empty one stays as it is
    for before, after, begin, stop in changes([source[index] for index in filled], lines):
        first, last = [*filled, len(items)][before], [-1, *filled][after] + 1
        made += items[done:first]
        made += [(json.dumps(line, ensure_ascii=escapes), comma) for line in lines[begin:stop]]
        if stop > begin and after > before:
            made[-1] = made[-1][0], items[last - 1][1]
        done = max(first, last)
    made += items[done:]
    body = [text + (gap or comma) for text, gap in made[:-1]] + [text for text, _ in made[-1:]]
    return start, end, "".join(body)


def _spliced(raw: str, lines: list[str]) -> str:
    """Returns a JSON string with other lines; those that stay the same keep their escapes."""
    old = _RAW_LINE.findall(raw[1:-1])
    escapes, made, done = _has_escapes(raw), [], 0
    for first, last, begin, stop in changes([json.loads(f'"{line}"') for line in old], lines):
        made += old[done:first]
        made += [json.dumps(line, ensure_ascii=escapes)[1:-1] for line in lines[begin:stop]]
        done = last
    return f'"{"".join([*made, *old[done:]])}"'


def _has_escapes(raw: str) -> bool:
    """Tells whether characters that are not ASCII are escaped here."""
    return raw.isascii() and re.search(r"\\u[0-9a-fA-F]{4}", raw) is not None
