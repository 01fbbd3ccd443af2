"""A Python file: one chunk. Percent scripts with lines of IPython are read too."""

from kerastut.lint.documents.document import Chunk, Document
from kerastut.lint.documents.parsing import parse_chunk
from kerastut.lint.documents.text import Text


def parse_python(text: Text, filename: str) -> Document:
    """Returns the document of a Python file."""
    lines = text.content.split("\n")
    chunk = Chunk(lines, 1, [""] * len(lines))
    document = Document(
        filename, text.content, [chunk], "python", lambda texts: "\n".join(texts[0]), text.encoding
    )
    parse_chunk(chunk)
    return document
