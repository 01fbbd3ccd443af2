"""Reads a finished run back from its folder."""

import json
from functools import partial
from pathlib import Path

from kerastut.data import SPLITS, Data
from kerastut.errors import DataError, one_line
from kerastut.registry import from_record, get_recipe
from kerastut.runs.artifacts import read_history
from kerastut.runs.record import HISTORY, MODEL, RECORD
from kerastut.runs.saved_model import load_model
from kerastut.train import Run, Variations, load_data, train


def reopen(folder: Path, arrays: Data | None = None) -> Run:
    """Reads a run back from its folder.

    Args:
        folder: What `kerastut run` wrote.
        arrays: The data, if they were the caller's own.

    Raises:
        DataError: If a file of the run is missing or damaged.
    """
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        recipe = get_recipe(found["recipe_file"] or found["recipe"])
        settings = from_record(recipe, found["settings"])
        history = read_history(folder / HISTORY)
        outcome = {
            "parameter_count": found["parameters"],
            "metrics": found["metrics"],
            "seconds": found["seconds"],
            "extended_from": tuple(found["extended_from"]),
            "devices": found.get("devices"),
        }
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataError(
            f"{folder}: expected the folder of a finished run ({RECORD}, {HISTORY},"
            f" {MODEL}): {one_line(error)}"
        ) from error
    data = load_data(settings, arrays)
    samples = max(len(getattr(data, name)) for name in SPLITS)
    return Run(
        settings=settings,
        data=data,
        model=load_model(folder / MODEL, settings.evaluation_batch, samples, own=True),
        history=history,
        variations=Variations(partial(train, arrays=arrays)),
        dir=folder,
        **outcome,
    )
