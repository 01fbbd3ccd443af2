"""Rows of text with column names: CSV and its kin, JSON lines, fastText, Excel and Parquet."""

import csv
import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any

from kerastut.data.own.columns import number
from kerastut.data.own.decoding import decoded
from kerastut.data.zipped import opened as opened_zip
from kerastut.errors import DataError, refused, shown, shown_path
from kerastut.files import opened
from kerastut.memory import check_memory

JSON, EXCEL, PARQUET = (".json", ".jsonl", ".ndjson"), (".xlsx", ".xlsm"), (".parquet",)
DELIMITERS = ",;\t|，；"
TWINS = {",": "，", "，": ",", ";": "；", "；": ";"}  # one in the heading, the other below
SEPARATOR = re.compile(r'"?sep=(.)"?\s*\n', re.IGNORECASE)  # Excel's own first line
FASTTEXT = "__label__"
# Bytes that are taken beside their characters by a row and by a field; by a byte of JSON.
ROW, FIELD, PARSED = 128, 64, 24
DEEPEST = 8  # level of objects in objects whose names become columns
MOST_ABOVE = 20  # lines among which the columns' names are looked for, below titles and notes
# A row's fields with its first line's number.
Rows = Iterator[tuple[int, list[str]]]


@dataclass
class Sheet:
    """What a file of rows holds.

    Args:
        names: The columns' names, each once; `column 3` and so on where there is none.
        rows: The rows that are not blank, each with its line's number.
        notes: What had to be found out to read them.
        delimiter: What stands between the fields of a line; empty where they have no such thing.
    """

    names: list[str]
    rows: Rows
    notes: list[str] = field(default_factory=list)
    delimiter: str = ""


def read_sheet(path: Path, encoding: str | None = None) -> Sheet:
    """Reads a file of rows; what kind it is, its ending tells.

    Args:
        path: A `.csv`, `.tsv` or `.txt` file whose first line names the columns, or of fastText's
            labels; JSON lines or a JSON array of objects; an Excel or a Parquet file.
        encoding: Of a text file; found if `None`.

    Raises:
        DataError: If the file is damaged or holds no rows, or the package is missing that reads
            Excel or Parquet files; for some damage only once the rows are read.
    """
    suffix = path.suffix.lower()
    if suffix in EXCEL + PARQUET:
        notes: list[str] = []
        sheet = _with_heading(path, _excel(path, notes) if suffix in EXCEL else _parquet(path))
        sheet.notes += notes
    else:
        text, found = decoded(path, encoding)
        if suffix in JSON:
            sheet = _objects(path, text)
        elif text.lstrip().startswith(FASTTEXT):
            sheet = Sheet(["text", "label"], _fasttext(path, text), ["fastText"])
        else:
            sheet = _separated(path, text)
        sheet.notes += [f"read as {found}"] if found else []
    seen: Counter[str] = Counter()
    for place, name in enumerate(sheet.names):
        once = name or f"column {place + 1}"
        sheet.names[place] = f"{once}.{seen[once]}" if seen[once] else once
        seen[once] += 1
    return sheet


def _with_heading(path: Path, rows: Rows) -> Sheet:
    looked_at = list(islice(rows, MOST_ABOVE))
    if not looked_at:
        raise DataError(f"{shown_path(path)}: expected a line of column names, received no text.")
    above = next((n for n, (_, row) in enumerate(looked_at) if _is_heading(row)), 0)
    notes = [f"lines above the columns' names, left out: {above}"] if above else []
    heading = [name.strip() for name in looked_at[above][1]]
    return Sheet(heading, chain(looked_at[above + 1 :], rows), notes)


def _is_heading(row: list[str]) -> bool:
    """Tells whether a row may hold names: two or more, and no numbers."""
    names = [name for name in row if name.strip()]
    return len(names) > 1 and not any(number(name) is not None for name in names)


def _separated(path: Path, text: str) -> Sheet:
    """Reads a CSV or TSV file, whose delimiter is the one that gives the heading most fields."""
    named = SEPARATOR.match(text)
    start = named.end() if named else 0
    heading, first = _heading(text, start)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(DELIMITERS, key=heading.count)
    delimiter = named[1] if named else delimiter
    twin = TWINS.get(delimiter, delimiter)
    if first.count(delimiter) < heading.count(delimiter) <= first.count(twin):
        text = text[:start] + text[start:].replace(heading, heading.replace(delimiter, twin), 1)
        delimiter = twin
    elif not named and delimiter not in heading and len(heading.split()) == len(first.split()) > 1:
        text = re.sub(" +", "\t", re.sub("(?m)^ +| +$", "", text))  # columns with blanks between
        delimiter = "\t"
    sheet = _with_heading(path, _records(path, text, start, delimiter, 1 + bool(named)))
    sheet.delimiter = delimiter
    return sheet


def _heading(text: str, start: int) -> tuple[str, str]:
    """Returns the line with the columns' names and the next; the first two if it is not known."""
    lines = list(islice(chain(_lines(text, start), ("", "")), MOST_ABOVE))
    for pair in pairwise(lines):
        if '"' in pair[0] or _is_heading(pair[0].split(max(DELIMITERS, key=pair[0].count))):
            return pair
    return lines[0], lines[1]


def _records(path: Path, text: str, start: int, delimiter: str, above: int) -> Rows:
    """Yields what is not blank of the lines from `start` on, of which the first is `above`."""
    breaks, fields = text.count("\n") + text.count("\r"), text.count(delimiter)
    check_memory(shown_path(path), 2 * sys.getsizeof(text) + ROW * breaks + FIELD * fields)
    lines = csv.reader(_lines(text, start), delimiter=delimiter, strict=True)
    number = above
    try:
        for row in lines:
            if any(field.strip() for field in row):
                yield number, row
            number = lines.line_num + above
    except csv.Error as error:
        raise DataError(
            f"{shown_path(path)}: line {number}: {shown(error)}. Is a quotation mark left open?"
            " One inside a quoted field is doubled."
        ) from error


def _lines(text: str, start: int = 0) -> Iterator[str]:
    """Yields the lines with their ends, as an open file does, but without a copy of them all."""
    lines = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
    return (match[0] for match in lines.finditer(text, start))


def _fasttext(path: Path, text: str) -> Rows:
    """Yields text and label of each line that begins with the label."""
    check_memory(shown_path(path), 2 * sys.getsizeof(text) + (ROW + 2 * FIELD) * text.count("\n"))
    for place, line in enumerate(text.splitlines(), 1):
        label, rest = [*line.split(maxsplit=1), "", ""][:2]
        if rest.startswith(FASTTEXT) or (label and not label.startswith(FASTTEXT)):
            raise DataError(
                f"{shown_path(path)}: line {place}: expected one {FASTTEXT}NAME before the text."
            )
        if label:
            yield place, [rest.rstrip(), label.removeprefix(FASTTEXT)]


def _objects(path: Path, text: str) -> Sheet:
    """Reads JSON objects, one a line or all in an array; a row lacks what its object does."""
    check_memory(shown_path(path), sys.getsizeof(text) + PARSED * len(text))
    number = 1
    objects: dict[int, dict[str, Any]] = {}
    try:
        whole, end = json.JSONDecoder().raw_decode(text, len(text) - len(text.lstrip()))
        if not text[end:].strip():
            objects = dict(enumerate(_rows_of(whole), 1))
        else:
            for number, line in enumerate(text.splitlines(), 1):
                if line.strip():
                    objects[number] = json.loads(line)
    except (ValueError, RecursionError) as error:
        place = getattr(error, "lineno", 1) + number - 1
        raise DataError(
            f"{shown_path(path)}: line {place}: no JSON: {shown(error)}. Expected an object a line."
        ) from error
    for number, found in objects.items():
        if not isinstance(found, dict):
            raise DataError(
                f"{shown_path(path)}: {number}: expected an object with the columns' names,"
                f" received {type(found).__name__}."
            )
    objects = {number: _flat(found) for number, found in objects.items()}
    names = list(dict.fromkeys(name for found in objects.values() for name in found))
    if not names:
        raise DataError(f"{shown_path(path)}: expected objects, received none.")
    check_memory(shown_path(path), (ROW + FIELD * len(names)) * len(objects))
    rows = ((n, [_text(found.get(name)) for name in names]) for n, found in objects.items())
    return Sheet([*names], rows)


def _flat(found: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """Returns an object without objects in it: `{"house": {"age": 3}}` has `house.age`."""
    flat: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, dict) and value and depth < DEEPEST:
            flat |= {f"{name}.{key}": inner for key, inner in _flat(value, depth + 1).items()}
        else:
            flat[name] = value
    return flat


def _rows_of(whole: Any) -> list[Any]:
    """Returns the objects of a file that is one value, in the shapes that programs write."""
    if isinstance(whole, list):
        return whole
    held: list[Any] = [*whole.values()] if isinstance(whole, dict) else []
    lists = [value for value in held if isinstance(value, list)]
    if len(lists) == 1 and all(isinstance(each, dict) for each in lists[0]):
        return lists[0]  # {"data": [{"text": ...}, ...]}
    if 0 < len(lists) == len(held) and len({*map(len, lists)}) == 1:  # {"text": [...], ...}
        return [dict(zip(whole, row, strict=True)) for row in zip(*held, strict=True)]
    if held and all(isinstance(value, dict) and value.keys() == held[0].keys() for value in held):
        if len(held) > len(held[0]):  # {"0": {"text": ..., "label": ...}, ...}
            return held
        return [{name: whole[name][key] for name in whole} for key in held[0]]
    return [whole]


def _excel(path: Path, notes: list[str]) -> Rows:
    """Yields the rows of an Excel file's first sheet that is a table: two rows of two cells."""
    with _needed(path, "tables"):
        import openpyxl
    with opened_zip(path, "an Excel file") as archive:
        beside = (i.file_size for i in archive.infolist() if "/worksheets/" not in i.filename)
        check_memory(shown_path(path), PARSED * sum(beside))  # the sheets are read in pieces
    # The package may raise anything for a damaged file.
    with (
        refused(path, "Expected an Excel file: save it again.", Exception),
        opened(path, "an Excel file") as file,
        warnings.catch_warnings(action="ignore"),
    ):
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = _bounded(path, sheet.iter_rows(values_only=True))
            first = list(islice(rows, MOST_ABOVE))
            if sum(len(row) > 1 for _, row in first) > 1:
                if len(book.worksheets) > 1:
                    notes.append(f"sheet {shown(sheet.title)!r} of {len(book.worksheets)}")
                yield from chain(first, rows)
                return
        yield from _bounded(path, book.worksheets[0].iter_rows(values_only=True))


def _parquet(path: Path) -> Rows:
    """Yields the names and the rows of a Parquet file."""
    with _needed(path, "tables"):
        import pyarrow.parquet as parquet
    with (
        refused(path, "Expected a Parquet file: get it again.", Exception),
        opened(path, "a Parquet file") as stream,
    ):
        file = parquet.ParquetFile(stream)
        groups = (file.metadata.row_group(n) for n in range(file.metadata.num_row_groups))
        check_memory(shown_path(path), 4 * sum(group.total_byte_size for group in groups))
        batches = (batch.to_pylist() for batch in file.iter_batches(batch_size=1000))
        rows = (row.values() for batch in batches for row in batch)
        yield from _bounded(path, chain([file.schema_arrow.names], rows))


@contextmanager
def _needed(path: Path, extra: str) -> Iterator[None]:
    """Tells which extra has the package that is imported."""
    try:
        yield
    except ImportError as error:
        raise DataError(
            f"{shown_path(path)}: reading it needs the package {shown(error.name)}. Install it:"
            f' pip install "kerastut[{extra}]"; or save the table as CSV.'
        ) from error


def _bounded(path: Path, rows: Iterable[Iterable[Any]]) -> Rows:
    """Yields rows of cells as texts, as long as they fit into memory."""
    taken = width = 0
    for place, cells in enumerate(rows, 1):
        row = [_text(cell) for cell in cells]
        while row and not row[-1].strip():  # a sheet is as wide as its widest row
            row.pop()
        taken += ROW + FIELD * len(row) + 2 * sum(map(len, row))
        if place % 1000 == 0:
            check_memory(shown_path(path), taken)
        if row:
            width = width if width > 1 else len(row)  # a title is no row
            yield place, row + [""] * (width - len(row))


def _text(value: Any) -> str:
    """Returns a cell as CSV has it; a whole number without a point."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return repr(value).removesuffix(".0")
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
