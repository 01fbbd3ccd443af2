"""What is understood of data, before any training."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data.checks import check
from kerastut.data.dividing import Found, divided
from kerastut.data.kinds import recognised
from kerastut.data.loading import found_at, load
from kerastut.data.options import KINDS, DataOptions
from kerastut.data.splits import SPLITS, Split
from kerastut.errors import DataError, shown, shown_path

SAMPLES, LETTERS = 3, 80  # of each part, and of a text
ROW = 10  # pictures of a class in a sheet


def describe(name: str, options: DataOptions | None = None) -> tuple[dict[str, Any], Found]:
    """Returns what is understood of data, in simple types, and what was read.

    Args:
        name: What `load` takes.
        options: How data of the reader's own are read. What cannot be read is left out here, and
            told.

    Returns:
        `data`, `kind`, `understood`; `parts` with the number of samples and those of each class, or
        the range of the values; `columns`, and their `units`; `left_out`, what and why; `samples`;
        and `problem`, why a training would refuse them, or `None`.

    Raises:
        DataError: If nothing can be read.
    """
    options = options or DataOptions()
    kind = recognised(name, options)
    problem = None
    if kind == "bundled":
        data = load(name)
        parts = {split: getattr(data, split) for split in SPLITS}
        found = Found(parts, data.classes, data.source, columns=data.columns)
    else:
        try:
            found = found_at(kind, name, options)
        except DataError as error:
            if options.skip_bad or kind not in KINDS["skip_bad"]:
                raise
            problem = str(error)
            try:
                found = found_at(kind, name, replace(options, skip_bad=True))
            except DataError:
                raise error from None
        try:
            check(divided(found, name, shown_path(Path(name)), 0))
        except DataError as error:
            problem = problem or str(error)
    return {
        "data": name,
        "kind": kind,
        "understood": found.note,
        "parts": {part: _counts(split, found) for part, split in found.parts.items()},
        "columns": {
            column: "words" if values.dtype == object else "numbers"
            for key, column in found.columns.items()
            for values in [next(iter(found.parts.values())).x[key]]
        },
        "units": dict(found.units),
        "left_out": dict(found.left_out),
        "samples": [row for split in found.parts.values() for row in _samples(split, found)],
        "problem": problem,
    }, found


def _counts(split: Split, found: Found) -> dict[str, Any]:
    y = split.labels
    if not found.classes:
        values = {"lowest": float(y.min()), "mean": float(y.mean()), "highest": float(y.max())}
        return {"samples": len(y), "values": values}
    counts = np.bincount(y, minlength=len(found.classes)).tolist()
    return {"samples": len(y), "classes": dict(zip(found.classes, counts, strict=False))}


def _samples(split: Split, found: Found) -> list[dict[str, Any]]:
    rows = []
    for n in range(min(SAMPLES, len(split))):
        label = split.labels[n]
        told = found.classes[label] if found.classes else float(f"{label:.7g}")
        if isinstance(split.x, dict):
            inputs = {found.columns.get(k, k): _shown(values[n]) for k, values in split.x.items()}
        else:
            inputs = {"x": _shown(split.x[n])}
        rows.append({**inputs, "label": told})
    return rows


def _shown(value: Any) -> Any:
    """Returns a text, a number, or the shape of what is larger."""
    array = np.asarray(value)
    if array.size > 1:
        return f"{array.dtype} {array.shape}"
    item = array.reshape(-1)[0]
    return shown(item, LETTERS) if isinstance(item, str) else float(f"{item:.7g}")


def contact_sheet(found: Found) -> Array:
    """Returns the first pictures of each class in a row of one picture.

    Raises:
        DataError: If the data are no pictures.
    """
    split = next(iter(found.parts.values()))
    if isinstance(split.x, dict) or split.x.ndim != 4 or not found.classes:
        raise DataError("--picture is for pictures by class; these data are none.")
    height, width, channels = split.x.shape[1:]
    sheet = np.full((len(found.classes) * height, ROW * width, channels), 255, np.uint8)
    for row in range(len(found.classes)):
        for column, n in enumerate(np.flatnonzero(split.labels == row)[:ROW]):
            place = (
                slice(row * height, (row + 1) * height),
                slice(column * width, (column + 1) * width),
            )
            sheet[place] = split.x[n]
    return sheet[..., 0] if channels == 1 else sheet
