"""What lies in a run's folder."""

import csv
import json
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras

from kerastut.data import SPLITS, background_of
from kerastut.runs.environment import machine, peak_memory, versions
from kerastut.runs.record import HISTORY, MODEL, RECORD
from kerastut.train import Run


def write(run: Run, folder: Path) -> None:
    """Writes the record, the history, the model and the plots of a run."""
    (folder / RECORD).write_text(json.dumps(record(run), indent=2) + "\n", encoding="utf-8")
    write_history(run.history, folder / HISTORY)
    run.model.save(folder / MODEL)
    try:
        draw(run, folder)
    except Exception as error:  # a slip in a recipe's figure must not cost a finished training
        warnings.warn(f"A figure could not be drawn: {error!r}", stacklevel=2)


def draw(run: Run, folder: Path) -> list[Path]:
    """Writes every figure of a run as PNG; returns the paths."""
    from kerastut.plotting import save

    figures = {folder / f"{name}.png": axes for name, axes in run.figures().items()}
    for path, axes in figures.items():
        save(axes, path)
    return list(figures)


def record(run: Run) -> dict[str, Any]:
    """Returns everything that is needed to repeat the run, and what came of it."""
    settings = run.settings
    return {
        **{key: value for key, value in run.summary().items() if key != "dir"},
        "recipe_file": None if settings.recipe.packaged else str(settings.recipe.path),
        "settings": settings.record(),
        "extended_from": list(run.extended_from),
        "data_source": run.data.source,
        "data_sha256": run.data.sha256,
        "classes": list(run.data.classes),
        "background": background_of(run.data.train.x),
        "samples": {name: len(getattr(run.data, name)) for name in SPLITS},
        "peak_mib": peak_memory(),
        "versions": versions(),
        "backend": keras.config.backend(),
        "dtype_policy": keras.config.dtype_policy().name,
        "devices": run.devices,
        "machine": machine(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write_history(history: dict[str, list[float]], path: Path) -> None:
    """Writes one row an epoch, counted from 1; values in full precision."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["epoch", *history])
        for epoch, values in enumerate(zip(*history.values(), strict=True), start=1):
            table.writerow([epoch, *map(repr, values)])


def read_history(path: Path) -> dict[str, list[float]]:
    """Reads what `write_history` wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0] if name != "epoch"}
