"""Rows of a table to predict: a value for each of the columns that a model was trained on."""

import os
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kerastut.data import ABSENT, UNKNOWN, has_decimal_comma, quantity, read_sheet
from kerastut.errors import DataError, did_you_mean, listed, nearest, shown, shown_path

if TYPE_CHECKING:
    import keras

    from kerastut.predict.pictures import Trained


def takes_rows(model: "keras.Model") -> bool:
    """Tells whether a model's inputs are the columns of a table."""
    named = isinstance(model.input, dict) if hasattr(model, "input") else False
    return named and all(tuple(tensor.shape[1:]) == (1,) for tensor in model.inputs)


def read(
    word: str,
    model: "keras.Model",
    columns: Mapping[str, str],
    trained: "Trained",
    notes: list[str],
    problems: list[str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields rows: the one that the words give, or those of a file.

    Args:
        word: `NAME=VALUE` for each column, a line apart; or a file with the columns' names.
        model: Takes a dictionary of columns.
        columns: The columns' names by those of the model's inputs, where they differ.
        trained: What became of missing values, and the units of numbers.
        notes: Where it is said that a word is none of the training rows'.
        problems: Where a row of a file is told that cannot be used; the others go on.
    """
    from kerastut.train import ENCODER, words_of

    texts = [tensor.name for tensor in model.inputs if tensor.dtype == "string"]
    known = {name: {*words_of(model.get_layer(ENCODER), name)} for name in texts}
    names = {tensor.name: columns.get(tensor.name, tensor.name) for tensor in model.inputs}
    fills: dict[str, Any] = {}
    if trained.missing == "mean":
        layers = {key: model.get_layer(ENCODER).get_layer(f"{key}_preprocessor") for key in names}
        fills = {key: UNKNOWN if key in known else layers[key].mean for key in names}
    row = partial(_row, names=names, words=known, fills=fills, units=trained.units, notes=notes)
    if not os.path.exists(word):  # noqa: PTH110  Path.exists raises for a long text
        place, parts = ", ".join(word.split("\n")), [w.partition("=") for w in word.split("\n")]
        given = {name.strip(): value for name, _, value in parts}
        if len(given) < len(parts) or not all(equals for _, equals, _ in parts):
            raise DataError(
                f"{shown(place, 4096)}: expected NAME=VALUE once for each of"
                f" {shown(', '.join(names.values()), 300)}, or a file of rows."
            )
        commas = {*given} if has_decimal_comma(given.values()) else set()
        yield place, row(place, given, commas)
        return
    sheet, place = read_sheet(Path(word)), shown_path(Path(word))
    if lacking := [name for name in names.values() if name not in sheet.names]:
        raise _unfit(place, names, lacking, sheet.names)  # told once, not of each line
    rows = [(line, dict(zip(sheet.names, cells, strict=False))) for line, cells in sheet.rows]
    commas = {
        name
        for name in names.values()
        if has_decimal_comma(given.get(name, "") for _, given in rows)
    }
    for line, given in rows:
        where = f"{place}: line {line}"
        try:
            given = {name: given.get(name, "") for name in names.values()}
            yield where, row(where, given, commas)
        except DataError as error:
            problems.append(str(error))


def _row(
    place: str,
    given: Mapping[str, str],
    commas: Set[str],
    names: Mapping[str, str],
    words: Mapping[str, set[str]],
    fills: Mapping[str, Any],
    units: Mapping[str, str],
    notes: list[str],
) -> dict[str, Any]:
    """Returns the inputs of a row; refuses one that lacks a column or has a word for a number."""
    row, lacking = {}, []
    for key, name in names.items():
        text, unit = given.get(name, "").strip(), units.get(name, "")
        found = quantity(text, name in commas)
        fits = found is not None and found[1] in ("", unit)
        value = text if key in words else found[0] if found and fits else None
        if absent := text.lower() in ABSENT:
            value = fills.get(key) if name in given else None
        if value is None:
            wanted = f" (expected {shown(unit)})" * bool(found and unit)
            lacking.append(shown(name) if absent else f"{shown(name)}={shown(text)}{wanted}")
            continue
        row[key] = np.array(value, object if key in words else "float32").reshape(1)
        if absent:
            notes.append(f"{shown(place, 4096)}: {shown(name)} is missing; taken as in training.")
        elif key in words and value not in words[key]:
            notes.append(
                f"{shown(place, 4096)}: {shown(name)}={shown(value)} is in no training row."
            )
    if lacking or not given.keys() <= {*names.values()}:
        raise _unfit(place, names, lacking, [*given])
    return row


def _unfit(
    place: str, names: Mapping[str, str], lacking: Sequence[str], given: Sequence[str]
) -> DataError:
    known = [*names.values()]
    unknown = [shown(name) for name in given if name not in known]
    wrong = [f"unknown: {listed(unknown)}"] * bool(unknown)
    wrong += [f"missing or no number: {listed(lacking)}"] * bool(lacking)
    said = (
        f"{shown(place, 4096)}: expected a value for each of {shown(', '.join(known), 300)};"
        f" {'; '.join(wrong)}."
    )
    close = unknown and nearest(unknown[0], known)
    return DataError(f"{said} {shown(did_you_mean(unknown[0], known), 200)}" if close else said)
