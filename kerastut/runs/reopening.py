"""Reads a finished run back from its folder."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from kerastut.data import Data, DataOptions
from kerastut.errors import DataError, one_line
from kerastut.registry import Settings, get_recipe, resolve
from kerastut.runs.artifacts import read_history
from kerastut.runs.saved_model import load_model
from kerastut.train import Run, load_data, train


def reopen(folder: Path, arrays: Data | None = None) -> Run:
    """Reads a run back from its folder.

    Args:
        folder: What `kerastut run` wrote.
        arrays: The data, if they were the caller's own.

    Raises:
        DataError: If a file of the run is missing or damaged.
    """
    try:
        found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        settings = settings_of(found)
        history = read_history(folder / "history.csv")
        outcome = {
            "parameter_count": found["parameters"],
            "metrics": found["metrics"],
            "seconds": found["seconds"],
            "extended_from": tuple(found["extended_from"]),
            "devices": found.get("devices"),
        }
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataError(
            f"{folder}: expected the folder of a finished run (run.json, history.csv,"
            f" model.keras): {one_line(error)}"
        ) from error
    return Run(
        settings=settings,
        data=load_data(settings, arrays),
        model=load_model(folder / "model.keras"),
        history=history,
        retrain=partial(train, arrays=arrays),
        dir=folder,
        **outcome,
    )


def settings_of(found: dict[str, Any]) -> Settings:
    """Returns the settings that `record` wrote; tuples come back from JSON's lists."""
    kept = dict(found["settings"])
    parameters = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept.pop("parameters").items()
    }
    recipe = get_recipe(found["recipe_file"] or found["recipe"])
    options = kept.pop("data_options", {})
    if "image_size" in options:
        options["image_size"] = tuple(options["image_size"])
    return resolve(
        recipe,
        parameters,
        data=kept.pop("dataset"),
        data_options=DataOptions(**options),
        **kept,
    )
