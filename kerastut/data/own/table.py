"""A CSV or TSV file of texts and labels."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kerastut.data.found import PARTS, WHOLE, Found, sorted_classes
from kerastut.data.own.headings import Columns, find_columns
from kerastut.data.splits import Split
from kerastut.errors import DataError, listed, refused, shown, shown_path
from kerastut.files import file_size

DELIMITERS = ",;\t|"
# Line number, text, label, part.
Row = tuple[int, str, str, str]


def read(
    path: Path, *, text: str | None = None, label: str | None = None, encoding: str | None = None
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
    content = _decoded(path, encoding)
    rows = _records(path, content)
    columns = find_columns(path, _header(path, rows), text, label)
    samples = list(_samples(path, rows, columns))
    classes = sorted_classes({row[2] for row in samples})
    if len(classes) < 2:
        raise DataError(
            f"{shown_path(path)}: expected two classes or more in column {shown(columns.label)!r},"
            f" received {shown(', '.join(classes)) or 'no rows'}. Is another column the label?"
        )
    return Found(_parts(samples, classes), classes, columns.note)


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


def _records(path: Path, content: str) -> Iterator[tuple[int, list[str]]]:
    """Yields the records that are not blank, each with its first line's number."""
    first = content.partition("\n")[0]
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(first)
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            record = next(lines, None)
        except csv.Error as error:
            raise DataError(
                f"{shown_path(path)}: line {number}: {shown(error)}. Is a quotation mark left open?"
                " One inside a quoted field is doubled."
            ) from error
        if record is None:
            return
        if any(field.strip() for field in record):
            yield number, record
        number = lines.line_num + 1


def _delimiter(line: str) -> str:
    """Returns the delimiter that gives the first line the most fields."""
    return max(DELIMITERS, key=line.count)


def _header(path: Path, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    _, header = next(rows, (0, []))
    if not header:
        raise DataError(f"{shown_path(path)}: expected a line of column names, received no text.")
    return [name.strip() for name in header]


def _samples(path: Path, rows: Iterator[tuple[int, list[str]]], columns: Columns) -> Iterator[Row]:
    problems: list[str] = []
    for line, record in rows:
        if len(record) != columns.count:
            problems.append(f"line {line} ({len(record)} fields, not {columns.count})")
            continue
        text, label = record[columns.text_index], record[columns.label_index].strip()
        part = WHOLE if columns.split_index is None else record[columns.split_index].strip()
        if not text.strip():
            problems.append(f"line {line} (no text)")
        elif not label:
            problems.append(f"line {line} (no label)")
        elif columns.split_index is not None and part.lower() not in PARTS:
            problems.append(f"line {line} (split {shown(part, 20)!r}, not train, validation, test)")
        else:
            yield line, text, label, PARTS.get(part.lower(), WHOLE)
    if problems:
        raise DataError(
            f"{shown_path(path)}: {listed(problems)}. Correct these lines or remove them."
        )


def _parts(samples: Sequence[Row], classes: tuple[str, ...]) -> dict[str, Split]:
    numbers = {name: number for number, name in enumerate(classes)}
    return {
        part: Split(
            np.array([text for _, text, _, where in samples if where == part], dtype=object),
            np.array([numbers[name] for *_, name, where in samples if where == part], np.int32),
        )
        for part in Counter(row[3] for row in samples)
    }
