"""Finds the columns of texts and labels by their names."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kerastut.errors import DataError, did_you_mean, shown, shown_path

TEXTS = (
    *("text", "review", "content", "comment", "sentence", "body", "message", "title"),
    *("文本", "评论", "评价", "内容", "句子", "正文", "标题"),
)
LABELS = (
    *("label", "class", "category", "sentiment", "target", "y"),
    *("标签", "类别", "分类", "情感"),
)


class Columns(NamedTuple):
    """Where the texts and labels stand in a line.

    Args:
        names: The header.
        text: Position of the column of texts.
        label: Position of the column of labels.
        split: Position of a column named `split`, or `None`.
    """

    names: Sequence[str]
    text: int
    label: int
    split: int | None

    @property
    def note(self) -> str:
        """Says which columns were taken."""
        text, label = shown(self.names[self.text]), shown(self.names[self.label])
        return f"text from column {text!r}, label from column {label!r}"


def find_columns(path: Path, names: Sequence[str], text: str | None, label: str | None) -> Columns:
    """Finds the columns that were named; guesses those that were not.

    Raises:
        DataError: If a name is not in the header or stands there twice, nothing looks like texts
            or labels, or both would be the same column.
    """
    texts = _index(path, names, text) if text is not None else _guess(names, TEXTS)
    labels = _index(path, names, label) if label is not None else _guess(names, LABELS)
    # Of two columns, one that is known tells the other.
    if len(names) == 2 and (texts is None) != (labels is None):
        texts = 1 - labels if labels is not None else texts
        labels = 1 - texts if texts is not None else labels
    if texts is None or labels is None or texts == labels:
        wanted = "text and label" if texts == labels else "text" if texts is None else "label"
        raise DataError(
            f"{shown_path(path)}: line 1: cannot tell the column of {wanted} among"
            f" {shown(', '.join(names), 120)!r}. Add a first line of column names such as"
            " text,label, or name the columns."
        )
    return Columns(names, texts, labels, _guess(names, ("split",)))


def _index(path: Path, names: Sequence[str], wanted: str) -> int:
    if names.count(wanted) != 1:
        problem = "stands there twice." if wanted in names else did_you_mean(wanted, names)
        raise DataError(
            f"{shown_path(path)}: expected a column {shown(wanted)!r} in line 1;"
            f" {shown(problem, 200)}"
        )
    return names.index(wanted)


def _guess(names: Sequence[str], usual: Sequence[str]) -> int | None:
    lowered = [name.lower() for name in names]
    known = [name for name in usual if lowered.count(name) == 1]
    return lowered.index(known[0]) if known else None
