"""One language of a notebook that has both."""

from copy import deepcopy
from typing import Any

from nbconvert.preprocessors import Preprocessor, TagRemovePreprocessor
from nbformat import NotebookNode
from traitlets import Unicode

from book import LANGUAGES


class LanguageOutputPreprocessor(Preprocessor):
    """Drops the outputs that `kerastut.teaching.say` made for another language."""

    language = Unicode(help="The language to keep.").tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Drops outputs of one cell."""
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if self._keeps(out)]
        return cell, resources

    def _keeps(self, output: NotebookNode) -> bool:
        return bool(output.get("metadata", {}).get("lang", self.language) == self.language)


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
        LanguageOutputPreprocessor(language=language),
        *others,
    )
    notebook = deepcopy(notebook)
    for step in steps:
        step.enabled = True
        notebook, _ = step(notebook, {})
    return notebook
