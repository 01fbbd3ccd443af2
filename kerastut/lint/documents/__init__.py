"""The kinds of file that can be read: Python, notebooks, Markdown and reStructuredText."""

import re
from itertools import chain, islice

from ..errors import UnreadableError
from .document import Chunk, Document
from .notebook import parse_notebook
from .parsing import is_printed, parse_chunk
from .restructured import parse_restructured
from .text import Text

# So many of code without a text in it take half a gigabyte and some seconds.
_MOST = 300_000
_WORD = re.compile(r"\w+|[^\w\s]")
SUFFIXES = (".py", ".ipynb", ".md", ".markdown", ".qmd", ".rmd", ".rst")
_MARKDOWN = {".md", ".markdown", ".txt", ".qmd", ".rmd", ".mdx", ".myst"}


def parse_document(text: Text, filename: str, suffix: str) -> Document:
    """Returns the document of a text; the suffix tells what it is, `filename` how findings name it.

    Raises:
        UnreadableError: It is neither Python nor a notebook nor a document, or too large.
    """
    document = _document(text, filename, suffix)
    if document.kind == "python" or document.uses_keras:
        _check_size(document)
        for chunk in document.chunks:
            parse_chunk(chunk)
            if document.kind == "markdown" and is_printed(chunk):
                chunk.marked = False
    return document


def _check_size(document: Document) -> None:
    lines = sum(len(chunk.lines) for chunk in document.chunks)
    code = (line for chunk in document.chunks for line in chunk.lines)
    words = chain.from_iterable(map(_WORD.finditer, code))
    long = len(document.text) > _MOST and next(islice(words, _MOST, None), None) is not None
    if lines > _MOST or long:
        raise UnreadableError(
            f"{document.filename}: expected at most {_MOST:,} lines, words and signs of code;"
            " exclude the file."
        )


def _document(text: Text, filename: str, suffix: str) -> Document:
    if suffix == ".ipynb":
        return parse_notebook(text, filename)
    if suffix in (".py", ".pyw", ".pyi", ""):
        return Document(filename, text.content, [Chunk.of(text.content)], "python", "".join)
    if suffix == ".rst":
        return parse_restructured(text, filename)
    if suffix in _MARKDOWN:
        try:
            from .markdown import parse_markdown
        except ModuleNotFoundError as error:
            raise UnreadableError(
                f"{filename}: expected markdown-it-py to be installed, which reads Markdown;"
                " run 'pip install markdown-it-py'."
            ) from error
        return parse_markdown(text, filename)
    raise UnreadableError(
        f"{filename}: expected .py, .ipynb, .md, .rst or .txt, received {suffix!r};"
        " name such a file."
    )
