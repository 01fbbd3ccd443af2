"""A table: texts and their labels, or numbers and words with what is to be predicted from them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from kerastut.arrays import Arrays
from kerastut.data.dividing import PARTS, WHOLE, Found, alike, sorted_classes, tested
from kerastut.data.options import DataOptions
from kerastut.data.own.columns import (
    ABSENT,
    FEW,
    LABELS,
    Column,
    column,
    input_names,
    is_numbers,
    number,
    numbers,
    units,
)
from kerastut.data.own.sheets import Sheet, read_sheet
from kerastut.data.splits import Split
from kerastut.errors import DataError, did_you_mean, listed, shown, shown_path

TEXTS = (
    *("text", "review", "content", "comment", "sentence", "body", "message", "title"),
    *("文本", "评论", "评价", "内容", "句子", "正文", "标题", "評論", "評價", "內容", "標題"),
)


@dataclass
class Table:
    """The rows of a file.

    Args:
        path: The file.
        sheet: What was read of it; its rows are used up.
        options: How to read it.
        rows: The rows with their lines' numbers.
        bad: Lines that are no samples, and why.
    """

    path: Path
    sheet: Sheet
    options: DataOptions
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    bad: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fields = len(self.sheet.names)  # some programs put a delimiter behind the last one, too
        self.rows = [
            (line, row if any(map(str.strip, row[fields:])) else row[:fields])
            for line, row in self.sheet.rows
        ]

    def index(self, wanted: str | None, usual: Sequence[str]) -> int | None:
        """Returns the place of a column that was named, or else of one with a usual name."""
        names = self.sheet.names
        if wanted is None:
            # `价格（万元）` is 价格; and `text.1` another text, so that neither is known.
            bare = [re.split(r"[(（\[]|\.\d+$", name)[0] for name in names]
            lowered = [name.strip().lower() for name in bare]
            known = [name for name in usual if lowered.count(name) == 1]
            return lowered.index(known[0]) if known else None
        if wanted not in names:
            raise DataError(
                f"{shown_path(self.path)}: expected a column {shown(wanted)!r} in line 1;"
                f" {shown(did_you_mean(wanted, names), 200)}"
            )
        return names.index(wanted)

    def cells(self, place: int) -> list[str]:
        """Returns a column of the rows that have as many fields as the heading."""
        return [row[place] for _, row in self.rows if len(row) == len(self.sheet.names)]

    def settle(self) -> None:
        """Refuses lines that are no samples, unless they are to be left out."""
        if self.bad and not self.options.skip_bad:
            problems = [f"{line} ({why})" for line, why in self.bad.items()]
            raise DataError(
                f"{shown_path(self.path)}: {listed(problems)}. Correct these lines, or leave them"
                " out with --skip-bad."
            )


def read(path: Path, options: DataOptions) -> Found:
    """Reads a table; the first line names the columns.

    Args:
        path: What `kerastut.data.own.sheets.read_sheet` takes.
        options: Which columns are texts and labels, guessed from the usual English and Chinese
            names if `None`; the encoding; what to do with missing values and unfit lines; and
            whether the label is a class or a number.

    Returns:
        Texts `(n,)` of Python strings; or a dictionary of columns `(n, 1)`, float32 numbers or
        Python strings. Labels `(n,)`: int32 for classes, in order, float32 for regression. A column
        `split` of `train`, `test` (and `validation`) divides them.
    """
    table = Table(path, read_sheet(path, options.encoding), options)
    text, label = _text_and_label(table)
    return _texts(table, text, label) if text is not None else _columns(table, label)


def _text_and_label(table: Table) -> tuple[int | None, int]:
    """Finds the columns that were named; guesses those that were not."""
    names, options = table.sheet.names, table.options
    label = table.index(options.label_column, LABELS)
    text = table.index(options.text_column, TEXTS)
    if options.text_column is None and (
        options.task or options.missing or text == label or _holds_numbers(table, text)
    ):
        text = None
    # Of two columns, one that is known tells the other.
    if len(names) == 2 and text is not None and label is None:
        label = 1 - text
    elif len(names) == 2 and text is None and label is not None and options.task is None:
        text = None if _holds_numbers(table, 1 - label) else 1 - label
    if label is None or text == label or (options.label_column is None and _is_data(names)):
        if 2 * sum(_holds_numbers(table, place) for place in range(len(names))) > len(names):
            raise DataError(
                f"{shown_path(table.path)}: line 1: cannot tell the label among"
                f" {shown(', '.join(names), 120)!r}. Name it with --label-column, or add a first"
                " line of column names such as area,age,price."
            )
        wanted = "text and label" if text in (None, label) else "label"
        raise DataError(
            f"{shown_path(table.path)}: line 1: cannot tell the column of {wanted} among"
            f" {shown(', '.join(names), 120)!r}. Name the columns with --label-column and"
            " --text-column, or add a first line of column names such as text,label."
        )
    if len(table.rows) < 2:
        raise DataError(
            f"{shown_path(table.path)}: expected several rows below the columns' names, received"
            f" {len(table.rows)}."
        )
    if options.text_column is None and _different_numbers(table.cells(label)) > FEW:
        text = None
    return text, label


def _is_data(names: Sequence[str]) -> bool:
    """Tells whether names are a row without them: fractions, or numbers out of order."""
    found = [value for name in names if (value := number(name)) is not None]
    return found != [found[0] + n for n in range(len(found))] if found else False


def _holds_numbers(table: Table, place: int | None) -> bool:
    return place is not None and is_numbers(table.cells(place))


def _different_numbers(cells: Sequence[str]) -> int:
    """Counts the values of a column of numbers."""
    return len(np.unique(numbers(cells))) if is_numbers(cells) else 0


def _texts(table: Table, of_text: int, of_label: int) -> Found:
    """Takes texts and labels; a row of too many fields has commas in its text."""
    fields = len(table.sheet.names)
    kept, texts = [], []
    empty = joined = 0
    for line, row in table.rows:
        if (more := len(row) - fields) > 0 and table.sheet.delimiter:
            end = of_text + more + 1
            row = [*row[:of_text], table.sheet.delimiter.join(row[of_text:end]), *row[end:]]
            joined += 1
        if len(row) != fields:
            table.bad[f"line {line}"] = f"{len(row)} fields, not {fields}"
        elif not row[of_text].strip():
            empty += 1
        else:
            kept.append((line, row))
            texts.append(row[of_text])
    table.rows = kept
    if empty:
        table.sheet.notes.append(f"rows without a text, left out: {empty:,}")
    if joined:
        table.sheet.notes.append(
            f"texts with {table.sheet.delimiter!r} between no quotation marks: {joined:,}"
        )
    names = (shown(table.sheet.names[place]) for place in (of_text, of_label))
    note = "text from column {!r}, label from column {!r}".format(*names)
    return _found(table, np.array(texts, dtype=object), of_label, note, regression=False)


def _columns(table: Table, of_label: int) -> Found:
    """Takes numbers and words that may tell the label."""
    fields, names = len(table.sheet.names), table.sheet.names
    for line, row in table.rows:
        if len(row) != fields:
            table.bad[f"line {line}"] = f"{len(row)} fields, not {fields}"
    table.rows = [pair for pair in table.rows if len(pair[1]) == fields]
    labelled = [pair for pair in table.rows if pair[1][of_label].strip().lower() not in ABSENT]
    if unlabelled := len(table.rows) - len(labelled):
        table.sheet.notes.append(f"rows without a label, left out: {unlabelled:,}")
    table.rows = labelled
    beside = {of_label, table.index(None, ("split",))}
    found = {p: column(names[p], table.cells(p)) for p in range(fields) if p not in beside}
    usable = [one for one in found.values() if isinstance(one, Column)]
    left_out = {names[p]: why for p, why in found.items() if isinstance(why, str)}
    if not usable:
        table.settle()
        reasons = [f"{shown(name)} ({why})" for name, why in left_out.items()]
        raise DataError(
            f"{shown_path(table.path)}: no column beside {shown(names[of_label])!r} can be used:"
            f" {listed(reasons) or 'there is none'}. For texts, name theirs with --text-column."
        )
    usable = _without_missing(table, usable)
    inputs = input_names([one.name for one in usable])
    x = {
        name: one.values[:, None].astype(object if one.values.dtype == object else np.float32)
        for name, one in sorted(
            zip(inputs, usable, strict=True), key=lambda pair: pair[0]
        )  # as Keras orders them
    }
    cells = table.cells(of_label)
    values = _different_numbers(cells)
    fractions = values and (numbers(cells) % 1 > 0).any()
    regression = (
        table.options.task == "regression"
        if table.options.task
        else bool(fractions or values > min(FEW, len(cells) / 2))
    )
    several = units(cells) or [""]
    if len(several) > 1 and table.options.task != "classification" and len({*cells}) > FEW:
        raise DataError(
            f"{shown_path(table.path)}: the numbers of {shown(names[of_label])!r} have several"
            f" units: {listed([shown(unit, 20) or 'no unit' for unit in several])}. Write all in"
            " one, or pass --task classification."
        )
    measured = {one.name: one.unit for one in usable if one.unit}
    told = ", ".join(
        shown(one.name, 20) + f" ({shown(one.unit, 20)})" * bool(one.unit) for one in usable
    )
    unit = several[0] if len(several) == 1 else ""
    label = repr(shown(names[of_label])) + f" ({shown(unit, 20)})" * bool(unit)
    note = f"{'value' if regression else 'class'} from column {label}, by {told}"
    for one in usable:
        if one.units_differ:
            note += (
                f"; units differ in {shown(one.name, 20)}, so it holds words: {one.units_differ}"
            )
    if left_out:
        note += f"; left out: {', '.join(f'{shown(n, 20)} ({why})' for n, why in left_out.items())}"
    made = _found(table, x, of_label, note, regression)
    return replace(made, columns=inputs, units=measured, left_out={**made.left_out, **left_out})


def _without_missing(table: Table, found: list[Column]) -> list[Column]:
    """Leaves out the rows in which a value is missing, or names what stands in its place."""
    gaps = {one.name: int(one.absent.sum()) for one in found if one.absent.any()}
    if not gaps:
        return found
    told = ", ".join(f"{shown(name, 20)} {count:,}" for name, count in gaps.items())
    if table.options.missing == "mean":
        table.sheet.notes.append(f"missing, and now the training rows' mean or a word: {told}")
        return found
    keep = ~np.any([one.absent for one in found], axis=0)
    table.rows = [row for row, kept in zip(table.rows, keep, strict=True) if kept]
    gone = f"{np.sum(~keep):,} ({told}); --missing mean keeps them"
    table.sheet.notes.append(f"rows with a missing value, left out: {gone}")
    return [replace(one, values=one.values[keep], absent=one.absent[keep]) for one in found]


def _found(table: Table, x: Arrays, of_label: int, note: str, regression: bool) -> Found:
    """Adds labels, and divides by the column `split`."""
    of_split = table.index(None, ("split",))
    labels = [label.strip() for label in table.cells(of_label)]
    places: dict[str, list[int]] = defaultdict(list)
    for place, (line, row) in enumerate(table.rows):
        split = "" if of_split is None else row[of_split].strip()
        part = WHOLE if of_split is None else PARTS.get(split.lower())
        if not labels[place]:
            table.bad[f"line {line}"] = "no label"
        elif part is None:
            known = "not train, validation, test"
            table.bad[f"line {line}"] = f"split {shown(split, 20)!r}, {known}"
        else:
            places[part].append(place)
    if regression:
        y = numbers(labels).astype(np.float32)
        wrong = [n for n in np.flatnonzero(~np.isfinite(y)) if labels[n]]
        table.bad |= {
            f"line {table.rows[n][0]}": f"{shown(labels[n], 20)!r}, no number" for n in wrong
        }
        places = {part: [n for n in of if np.isfinite(y[n])] for part, of in places.items()}
    table.settle()
    classes: tuple[str, ...] = ()
    if not regression:
        named, spelled = alike(labels)
        table.sheet.notes += spelled
        classes = sorted_classes({named[labels[n]] for of in places.values() for n in of})
        _check_classes(table, of_label, classes)
        index = {name: place for place, name in enumerate(classes)}
        y = np.array([index.get(named[label], -1) for label in labels], np.int32)
    whole = Split(x, y)
    parts, said = tested({part: whole.take(np.array(of)) for part, of in places.items()})
    return Found(parts, classes, "; ".join([note, *said, *table.sheet.notes]), dict(table.bad))


def _check_classes(table: Table, of_label: int, classes: tuple[str, ...]) -> None:
    if len(classes) < 2:
        raise DataError(
            f"{shown_path(table.path)}: expected two classes or more in column"
            f" {shown(table.sheet.names[of_label])!r}, received"
            f" {shown(', '.join(classes)) or 'no rows'}. Is another column the label?"
        )
