"""One language of a notebook that has both."""

from copy import deepcopy
from typing import Any

from nbconvert.preprocessors import (
    CoalesceStreamsPreprocessor,
    Preprocessor,
    TagRemovePreprocessor,
)
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Unicode

from book import LANGUAGES
from book.comments import commented


class LanguagePreprocessor(Preprocessor):
    """Keeps the comments and the outputs of one language."""

    language = Unicode(help="The language to keep.").tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Drops comments and outputs of one cell."""
        if cell.cell_type == "code":
            cell.source = commented(cell.source, self.language)
            cell.outputs = [_printed(out) for out in cell.outputs if self._keeps(out)]
        return cell, resources

    def _keeps(self, output: NotebookNode) -> bool:
        return bool(output.get("metadata", {}).get("lang", self.language) == self.language)


def _printed(output: NotebookNode) -> NotebookNode:
    """Makes a line that `kerastut.teaching.tell` showed what it is in one language: printed."""
    if "lang" in output.get("metadata", {}) and list(output.data) == ["text/plain"]:
        return new_output("stream", text=output.data["text/plain"] + "\n")
    return output


def edition(notebook: NotebookNode, language: str, *others: Preprocessor) -> NotebookNode:
    """Returns a notebook in one language.

    Args:
        notebook: In both languages; it is left as it is.
        language: `"en"` or `"zh"`.
        *others: Further preprocessors, applied in their order.
    """
    other = {f"lang-{name}" for name in LANGUAGES if name != language}
    steps = (
        TagRemovePreprocessor(remove_cell_tags=other),
        LanguagePreprocessor(language=language),
        CoalesceStreamsPreprocessor(),
        *others,
    )
    notebook = deepcopy(notebook)
    for step in steps:
        step.enabled = True
        notebook, _ = step(notebook, {})
    return notebook
