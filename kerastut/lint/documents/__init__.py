"""The kinds of file that can be read: Python, Markdown and notebooks."""

from pathlib import Path

from kerastut.lint.documents.document import Document
from kerastut.lint.documents.text import Text, UnreadableError, read_text

SUFFIXES = (".py", ".ipynb", ".md")
_MARKDOWN = {".md", ".markdown", ".txt", ".qmd", ".rmd", ".mdx", ".myst"}


def read_document(path: Path, filename: str | None = None) -> Document:
    """Reads a file.

    Args:
        path: The file. What is neither Python nor a notebook is read as Markdown.
        filename: How findings name it; default: the path.

    Raises:
        UnreadableError: It cannot be read, or is no such file.
    """
    return parse_document(read_text(path), filename or str(path), path.suffix.lower())


def parse_document(text: Text, filename: str, suffix: str) -> Document:
    """Returns the document of a text."""
    if suffix == ".ipynb":
        from kerastut.lint.documents.notebook import parse_notebook

        return parse_notebook(text, filename)
    if suffix in _MARKDOWN:
        from kerastut.lint.documents.markdown import parse_markdown

        return parse_markdown(text, filename)
    if suffix in (".py", ".pyw", ".pyi", ""):
        from kerastut.lint.documents.python import parse_python

        return parse_python(text, filename)
    raise UnreadableError(
        f"{filename}: expected .py, .ipynb, .md or .txt, received {suffix!r}; name such a file."
    )
