"""The kinds of file that can be read: Python, Markdown and notebooks."""

from ..errors import UnreadableError
from .document import Chunk, Document
from .notebook import parse_notebook
from .parsing import parse_chunk
from .text import Text

SUFFIXES = (".py", ".ipynb", ".md")
_MARKDOWN = {".md", ".markdown", ".txt", ".qmd", ".rmd", ".mdx", ".myst"}


def parse_document(text: Text, filename: str, suffix: str) -> Document:
    """Returns the document of a text; the suffix tells what it is, `filename` how findings name it.

    Raises:
        UnreadableError: It is neither Python nor a notebook nor Markdown.
    """
    document = _document(text, filename, suffix)
    if document.kind == "python" or document.uses_keras:
        for chunk in document.chunks:
            parse_chunk(chunk)
    return document


def _document(text: Text, filename: str, suffix: str) -> Document:
    if suffix == ".ipynb":
        return parse_notebook(text, filename)
    if suffix in (".py", ".pyw", ".pyi", ""):
        return Document(filename, text.content, [Chunk.of(text.content)], "python", "".join)
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
        f"{filename}: expected .py, .ipynb, .md or .txt, received {suffix!r}; name such a file."
    )
