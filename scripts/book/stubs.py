"""Exercises to fill in, made from their solutions."""

import re

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from book.chapters import tags
from book.words import word

_SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)# BEGIN SOLUTION\n.*?^[ \t]*# END SOLUTION[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
_MARK = re.compile(r"^[ \t]*# (?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)


def stub(source: str, language: str) -> str:
    """Returns a solution's code with its marked lines taken out.

    Example:

    >>> stub("def f(x):\\n    # BEGIN SOLUTION\\n    return x\\n    # END SOLUTION", "en")
    'def f(x):\\n    raise NotImplementedError  # your code here'
    """
    here = word("your code here", language)
    return _SOLUTION.sub(rf"\g<indent>raise NotImplementedError  # {here}", source)


def unmarked(source: str) -> str:
    """Returns a solution's code without its marks."""
    return _MARK.sub("", source).rstrip()


class StubPreprocessor(Preprocessor):
    """Replaces the cells tagged `solution` by their stubs."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, object], index: int
    ) -> tuple[NotebookNode, dict[str, object]]:
        """Replaces one cell's source."""
        if "solution" in tags(cell):
            cell.source = stub(cell.source, self.language)
        return cell, resources
