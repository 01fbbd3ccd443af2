"""Rows of a table to predict: a value for each of the columns that a model was trained on."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kerastut.data import number, read_sheet
from kerastut.errors import DataError, did_you_mean, listed, shown, shown_path
from kerastut.train import ENCODER, words_of

if TYPE_CHECKING:
    import keras


def takes_rows(model: "keras.Model") -> bool:
    """Tells whether a model's inputs are the columns of a table."""
    named = isinstance(model.input, dict) if hasattr(model, "input") else False
    return named and all(tuple(tensor.shape[1:]) == (1,) for tensor in model.inputs)


def read(
    word: str,
    model: "keras.Model",
    columns: Mapping[str, str],
    notes: list[str],
    problems: list[str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields rows: the one that the words give, or those of a file.

    Args:
        word: `NAME=VALUE` for each column, a line apart; or a file with the columns' names.
        model: Takes a dictionary of columns.
        columns: The columns' names by those of the model's inputs, where they differ.
        notes: Where it is said that a word is none of the training rows'.
        problems: Where a row of a file is told that cannot be used; the others go on.
    """
    texts = [tensor.name for tensor in model.inputs if tensor.dtype == "string"]
    known = {name: {*words_of(model.get_layer(ENCODER), name)} for name in texts}
    if "=" in word:
        parts = [line.partition("=") for line in word.split("\n")]
        place = ", ".join(word.split("\n"))
        given = {name.strip(): value for name, _, value in parts}
        yield place, _row(place, given, model, columns, notes, known)
        return
    sheet = read_sheet(Path(word))
    for line, cells in sheet.rows:
        place = f"{shown_path(Path(word))}: line {line}"
        try:
            given = dict(zip(sheet.names, cells, strict=False))
            yield place, _row(place, given, model, columns, notes, known)
        except DataError as error:
            problems.append(str(error))


def _row(
    place: str,
    given: Mapping[str, str],
    model: "keras.Model",
    columns: Mapping[str, str],
    notes: list[str],
    words: Mapping[str, set[str]],
) -> dict[str, Any]:
    """Returns the inputs of a row; refuses one that lacks a column or has a word for a number."""
    row, lacking = {}, []
    for tensor in model.inputs:
        name = columns.get(tensor.name, tensor.name)
        text = given.get(name, "").strip()
        value = text if tensor.dtype == "string" else number(text, comma=True)
        if not text or value is None:
            lacking.append(f"{shown(name)}={shown(text)}" if text else shown(name))
            continue
        row[tensor.name] = np.array([value], object if tensor.dtype == "string" else "float32")
        if isinstance(value, str) and value not in words[tensor.name]:
            notes.append(
                f"{shown(place, 4096)}: {shown(name)}={shown(value)} is in no training row."
            )
    known = [columns.get(tensor.name, tensor.name) for tensor in model.inputs]
    unknown = [name for name in given if name not in known and lacking]
    if lacking:
        meant = f" {did_you_mean(unknown[0], known)}" if unknown else ""
        raise DataError(
            f"{shown(place, 4096)}: expected a value for each of {shown(', '.join(known), 300)};"
            f" missing or no number: {listed(lacking)}.{shown(meant, 200)}"
        )
    return row
