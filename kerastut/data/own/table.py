"""A CSV or TSV file of texts and labels."""

import codecs
import csv
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from kerastut.data.dividing import PARTS, WHOLE, Found, sorted_classes
from kerastut.data.splits import Split
from kerastut.errors import DataError, did_you_mean, listed, refused, shown, shown_path
from kerastut.files import opened
from kerastut.memory import check_memory

TEXTS = (
    *("text", "review", "content", "comment", "sentence", "body", "message", "title"),
    *("文本", "评论", "评价", "内容", "句子", "正文", "标题"),
)
LABELS = (
    *("label", "class", "category", "sentiment", "target", "y"),
    *("标签", "类别", "分类", "情感"),
)
DELIMITERS = ",;\t|"
# Bytes that are taken by a byte of the file, where one character makes all wide; and beside their
# characters by a row and by a field.
WIDEST, ROW, FIELD = 6, 128, 64
# A record's fields with its first line's number.
Records = Iterator[tuple[int, list[str]]]
# Where text, label and perhaps the name of the split stand in a record.
Columns = tuple[int, int, int | None]


def read(
    path: Path, text: str | None = None, label: str | None = None, encoding: str | None = None
) -> Found:
    """Reads texts and labels; the first line names the columns.

    Args:
        path: A `.tsv` file with tabs, or a `.csv` file with commas, semicolons, tabs or `|`.
        text: Name of the column of texts; guessed from the usual English and Chinese names if
            `None`.
        label: Name of the column of labels; likewise.
        encoding: UTF-8, with or without a byte order mark, if `None`.

    Returns:
        Texts `(n,)` of Python strings and labels `(n,)` int32, the classes in order. A column
        `split` of `train`, `test` (and `validation`) divides them.
    """
    records = _records(path, _decoded(path, encoding))
    _, header = next(records, (0, []))
    if not header:
        raise DataError(f"{shown_path(path)}: expected a line of column names, received no text.")
    names = [name.strip() for name in header]
    columns = _columns(path, names, text, label)
    samples = _samples(path, records, len(names), columns)
    text, label = (shown(names[column]) for column in columns[:2])
    classes = sorted_classes({label for _, labels in samples.values() for label in labels})
    if len(classes) < 2:
        raise DataError(
            f"{shown_path(path)}: expected two classes or more in column {label!r}, received"
            f" {shown(', '.join(classes)) or 'no rows'}. Is another column the label?"
        )
    number = {label: number for number, label in enumerate(classes)}
    parts = {
        part: Split(np.array(texts, dtype=object), np.array([*map(number.get, labels)], np.int32))
        for part, (texts, labels) in samples.items()
    }
    return Found(parts, classes, f"text from column {text!r}, label from column {label!r}")


def _decoded(path: Path, encoding: str | None) -> str:
    with opened(path, "a CSV or TSV file") as file:
        check_memory(shown_path(path), WIDEST * os.fstat(file.fileno()).st_size)
        with refused(path, "Check the file's permissions and size.", OSError, MemoryError):
            content = file.read()
    bom = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    start = bom if encoding is None else 0
    try:
        decoded = content[start:].decode(encoding or "utf-8")
    except UnicodeError as error:
        offset = start + getattr(error, "start", 0)
        raise DataError(
            f"{shown_path(path)}: expected {shown(encoding or 'UTF-8')}, received a byte that is"
            f" none at offset {offset}. {_suggested(content, encoding)}"
        ) from error
    except LookupError as error:
        raise DataError(
            f"{shown_path(path)}: {shown(repr(encoding))} is no text encoding. Use one such as"
            " utf-8, gb18030 or big5."
        ) from error
    if (position := decoded.find("\0")) >= 0:
        raise DataError(
            f"{shown_path(path)}: line {decoded.count(chr(10), 0, position) + 1}: a NUL character;"
            " expected text. Save the file as UTF-8 text, or set encoding='utf-16' if it is that."
        )
    return decoded


def _suggested(content: bytes, refused_encoding: str | None) -> str:
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for candidate in ("utf-16", "utf-8", "gb18030") if marked else ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            content.decode(candidate)
            if candidate != (refused_encoding or "utf-8"):
                advice = f"It can be read with encoding={candidate!r}"
                return f"{advice}: look whether the text is right."
    return "Set encoding= to the file's encoding, or save it as UTF-8."


def _records(path: Path, content: str) -> Records:
    """Yields the records that are not blank."""
    # The delimiter is the one that gives the first line the most fields.
    first = next(_lines(content), "")
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(DELIMITERS, key=first.count)
    breaks, fields = content.count("\n") + content.count("\r"), content.count(delimiter)
    check_memory(shown_path(path), 2 * sys.getsizeof(content) + ROW * breaks + FIELD * fields)
    lines = csv.reader(_lines(content), delimiter=delimiter, strict=True)
    number = 1
    try:
        for record in lines:
            if any(field.strip() for field in record):
                yield number, record
            number = lines.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{shown_path(path)}: line {number}: {shown(error)}. Is a quotation mark left open?"
            " One inside a quoted field is doubled."
        ) from error


def _lines(content: str) -> Iterator[str]:
    """Yields the lines with their ends, as an open file does, but without a copy of them all."""
    return (match[0] for match in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", content))


def _columns(path: Path, names: Sequence[str], text: str | None, label: str | None) -> Columns:
    """Finds the columns that were named; guesses those that were not."""
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
    return texts, labels, _guess(names, ("split",))


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


def _samples(
    path: Path, records: Records, fields: int, columns: Columns
) -> dict[str, tuple[list[str], list[str]]]:
    """Returns texts and labels by part; refuses lines that are no samples."""
    samples: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    problems: list[str] = []
    of_text, of_label, of_split = columns
    for line, record in records:
        if len(record) != fields:
            problems.append(f"line {line} ({len(record)} fields, not {fields})")
            continue
        text, label = record[of_text], record[of_label].strip()
        split = "" if of_split is None else record[of_split].strip()
        part = WHOLE if of_split is None else PARTS.get(split.lower())
        if not text.strip():
            problems.append(f"line {line} (no text)")
        elif not label:
            problems.append(f"line {line} (no label)")
        elif part is None:
            problems.append(
                f"line {line} (split {shown(split, 20)!r}, not train, validation, test)"
            )
        else:
            samples[part][0].append(text)
            samples[part][1].append(label)
    if problems:
        raise DataError(
            f"{shown_path(path)}: {listed(problems)}. Correct these lines or remove them."
        )
    return samples
