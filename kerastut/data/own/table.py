"""A CSV or TSV file of texts and labels."""

import codecs
import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kerastut.data.found import PARTS, WHOLE, Found, sorted_classes
from kerastut.data.own.headings import Columns, find_columns
from kerastut.data.splits import Split
from kerastut.errors import DataError, listed, refused, shown, shown_path
from kerastut.files import file_size

DELIMITERS = ",;\t|"
# A record's fields with its first line's number.
Records = Iterator[tuple[int, list[str]]]


def read(
    path: Path, text: str | None = None, label: str | None = None, encoding: str | None = None
) -> Found:
    """Reads texts and labels; the first line names the columns.

    Args:
        path: A `.tsv` file with tabs, or a `.csv` file with commas, semicolons, tabs or `|`.
        text: Name of the column of texts; guessed from the usual English and Chinese names if
            `None`.
        label: Name of the column of labels; likewise.
        encoding: The file's encoding; UTF-8, with or without a byte order mark, if `None`.

    Returns:
        Texts `(n,)` of Python strings and labels `(n,)` int32, the classes in order. A column
        `split` of `train`, `test` (and `validation`) divides them.

    Raises:
        DataError: If the file cannot be decoded, a column is not found, or a line has no text, no
            label, or too many or few fields.
    """
    records = _records(path, _decoded(path, encoding))
    _, header = next(records, (0, []))
    if not header:
        raise DataError(f"{shown_path(path)}: expected a line of column names, received no text.")
    columns = find_columns(path, [name.strip() for name in header], text, label)
    samples = _samples(path, records, columns)
    classes = sorted_classes({name for _, names in samples.values() for name in names})
    if len(classes) < 2:
        raise DataError(
            f"{shown_path(path)}: expected two classes or more in column"
            f" {shown(columns.names[columns.label])!r}, received"
            f" {shown(', '.join(classes)) or 'no rows'}. Is another column the label?"
        )
    numbers = {name: number for number, name in enumerate(classes)}
    parts = {
        part: Split(
            np.array(texts, dtype=object), np.array([numbers[name] for name in names], np.int32)
        )
        for part, (texts, names) in samples.items()
    }
    return Found(parts, classes, columns.note)


def _decoded(path: Path, encoding: str | None) -> str:
    file_size(path, "a CSV or TSV file")
    with refused(path, "Check the file's permissions and size.", OSError, MemoryError):
        content = path.read_bytes()
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
    for candidate in ("utf-16", "utf-8", "gb18030"):
        if candidate == "utf-16" and content[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            continue
        try:
            content.decode(candidate)
        except UnicodeError:
            continue
        if candidate != (refused_encoding or "utf-8"):
            return f"It can be read with encoding={candidate!r}: look whether the text is right."
    return "Set encoding= to the file's encoding, or save it as UTF-8."


def _records(path: Path, content: str) -> Records:
    """Yields the records that are not blank."""
    # The delimiter is the one that gives the first line the most fields.
    first = content.partition("\n")[0]
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
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


def _samples(
    path: Path, records: Records, columns: Columns
) -> dict[str, tuple[list[str], list[str]]]:
    """Returns texts and labels by part; refuses lines that are no samples."""
    samples: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    problems: list[str] = []
    for line, record in records:
        if len(record) != len(columns.names):
            problems.append(f"line {line} ({len(record)} fields, not {len(columns.names)})")
            continue
        text, label = record[columns.text], record[columns.label].strip()
        part = "" if columns.split is None else record[columns.split].strip()
        if not text.strip():
            problems.append(f"line {line} (no text)")
        elif not label:
            problems.append(f"line {line} (no label)")
        elif columns.split is not None and part.lower() not in PARTS:
            problems.append(f"line {line} (split {shown(part, 20)!r}, not train, validation, test)")
        else:
            texts, labels = samples[PARTS.get(part.lower(), WHOLE)]
            texts.append(text)
            labels.append(label)
    if problems:
        raise DataError(
            f"{shown_path(path)}: {listed(problems)}. Correct these lines or remove them."
        )
    return samples
