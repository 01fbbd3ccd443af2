"""Reads a finished run back from its folder, which may be a stranger's: nothing it names is run."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from kerastut.data import NAMES, SPLITS, TFDS, Data, DataOptions
from kerastut.errors import DataError, KerastutError, RecipeError, shown_path
from kerastut.registry import (
    Parameter,
    Recipe,
    Settings,
    from_record,
    get_recipe,
    packaged_recipe,
)
from kerastut.runs.history import read_history
from kerastut.runs.record import HISTORY, Record, model_file, recorded
from kerastut.runs.saved_model import load_model
from kerastut.train import Run, load_data, train

# Pixels along an edge up to which pictures that a record names are read again by themselves.
MOST_PIXELS = 256


def reopen(
    folder: Path,
    arrays: Data | None = None,
    recipe: str | Path | None = None,
    data: str | None = None,
    data_options: DataOptions | None = None,
) -> Run:
    """Reads a run back from its folder.

    Args:
        folder: What `kerastut run` wrote.
        arrays: The data, if they were the caller's own.
        recipe: The recipe's file, if it was the reader's own; without it the run knows no figures
            of the recipe's, since no file is executed because a record names it.
        data: The data, if they lie elsewhere by now. Those that the record names are read as long
            as nothing is downloaded for them, and used if they are what the run was trained on.
        data_options: How these are read.

    Raises:
        DataError: If a file of the run is missing, damaged or none of ours, or the data have
            changed.
        RecipeError: If the recipe's file has changed.
    """
    record = recorded(folder)
    settings = from_record(_recipe(folder, record, recipe), record.settings)
    if arrays is not None or (data is None and settings.dataset in NAMES):
        found = load_data(settings, arrays)
    else:
        found = _own_data(folder, record, settings, data, data_options or DataOptions())
    # With the data that were looked at: a record's path is not read once more.
    again = partial(_train_again, folder, settings, partial(train, arrays=found))
    return read_back(folder, record, settings, found, again)


def read_back(
    folder: Path, record: Record, settings: Settings, data: Data, retrain: Callable[[Settings], Run]
) -> Run:
    """Reads back the run that these settings and data have made."""
    history = read_history(folder / HISTORY)
    if len(history["loss"]) != record.epochs:
        raise DataError(
            f"{shown_path(folder)}: expected {record.epochs} epochs in {HISTORY}, received"
            f" {len(history['loss'])}. Its files are not of one run."
        )
    samples = max(len(getattr(data, name)) for name in SPLITS)
    return Run(
        settings=settings,
        data=data,
        model=load_model(model_file(folder), settings.evaluation_batch, samples),
        parameter_count=record.parameters,
        history=history,
        metrics={name: math.nan if v is None else v for name, v in record.metrics.items()},
        seconds=record.seconds,
        retrain=retrain,
        extended_from=tuple(record.extended_from),
        devices=record.devices,
        dir=folder,
    )


def _recipe(folder: Path, record: Record, given: str | Path | None) -> Recipe:
    """Returns the recipe: a packaged one, the one that the reader gives, or what is known of it."""
    if given is not None:
        recipe = get_recipe(given)
        if recipe.sha256 != record.recipe_sha256:
            raise RecipeError(
                f"{shown_path(recipe.path)}: expected the recipe of {shown_path(folder)}, received"
                " another content. Give the file as it was when the run was trained."
            )
        return recipe
    if record.recipe_file is None:
        return packaged_recipe(record.recipe)
    return Recipe(
        name=record.recipe,
        dataset=record.settings.dataset,
        epochs=record.settings.epochs,
        batch_size=record.settings.batch_size,
        expect=record.expected,
        samples=record.samples.get("train"),
        parameters={name: Parameter(None) for name in record.settings.parameters},
    )


def _own_data(
    folder: Path, record: Record, settings: Settings, given: str | None, options: DataOptions
) -> Data:
    """Loads data that are not kerastut's own; shows nothing of a file that only a record names."""
    chosen = settings if given is None else replace(settings, dataset=given, data_options=options)
    where = f"{shown_path(folder)}: {shown_path(Path(chosen.dataset))}"
    advice = "Give the data that it was trained on with --data."
    if given is None and not _is_cheap(settings):
        raise DataError(f"{where} is not read for a record. {advice}")
    try:
        data = load_data(chosen)
    except KerastutError:
        if given is not None:
            raise
        raise DataError(f"{where} cannot be read again. {advice}") from None
    if data.sha256 != record.data_sha256:
        raise DataError(f"{where} has another content since the run. {advice}")
    return data


def _is_cheap(settings: Settings) -> bool:
    """Returns whether reading a run's data downloads nothing, and takes what the files suggest."""
    options = settings.data_options
    local = options.data_dir is None and not settings.dataset.startswith(TFDS)
    slow = "punycode" in (options.encoding or "").lower()  # takes the square of the length
    return local and not slow and all(0 < n <= MOST_PIXELS for n in options.image_size or (1, 1))


def _train_again(
    folder: Path, settings: Settings, retrain: Callable[[Settings], Run], changed: Settings
) -> Run:
    """Trains for a comparison, unless the record asks for more work than the recipe does."""
    recipe = settings.recipe
    few = settings.epochs <= recipe.epochs and settings.batch_size >= recipe.batch_size
    if not few or settings.parameters != recipe.defaults():
        raise DataError(
            f"{shown_path(folder)}: its figures compare it with further trainings, which a record"
            " starts with the recipe's own settings alone. Run it again to draw them."
        )
    return retrain(changed)
