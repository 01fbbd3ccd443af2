"""Reads a finished run back from its folder."""

import json
from pathlib import Path
from typing import Any

import keras

from kerastut.artifacts import read_history
from kerastut.errors import DataError
from kerastut.preparation import load_data
from kerastut.registry import get_recipe
from kerastut.results import Run
from kerastut.settings import Settings, resolve
from kerastut.training import train


def reopen(folder: Path) -> Run:
    """Reads a run back from its folder.

    Args:
        folder: What `kerastut run` wrote.

    Raises:
        DataError: If a file of the run is missing or damaged.
    """
    try:
        found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        settings = settings_of(found)
        history = read_history(folder / "history.csv")
        model = keras.models.load_model(folder / "model.keras", safe_mode=True)
    except (OSError, ValueError, TypeError, LookupError) as error:
        reason = " ".join(str(error).split())
        raise DataError(
            f"{folder}: expected the folder of a finished run (run.json, history.csv,"
            f" model.keras): {reason}"
        ) from error
    return Run(
        settings=settings,
        data=load_data(settings),
        model=model,
        parameter_count=found["parameters"],
        history=history,
        metrics=found["metrics"],
        seconds=found["seconds"],
        retrain=train,
        dir=folder,
    )


def settings_of(found: dict[str, Any]) -> Settings:
    """Returns the settings that `record` wrote; tuples come back from JSON's lists."""
    kept = dict(found["settings"])
    parameters = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept.pop("parameters").items()
    }
    recipe = get_recipe(found["recipe_file"] or found["recipe"])
    return resolve(recipe, parameters, data=kept.pop("dataset"), **kept)
