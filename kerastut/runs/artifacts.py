"""What lies in a run's folder."""

import json
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from kerastut.data import SPLITS, background_of
from kerastut.errors import KerastutError
from kerastut.records import plain
from kerastut.runs.environment import machine, peak_memory, versions
from kerastut.runs.history import write_history
from kerastut.runs.record import HISTORY, MODEL, RECORD
from kerastut.train import Run, saved

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def write(run: Run, folder: Path) -> None:
    """Writes the record, the history, the model and the plots of a run."""
    (folder / RECORD).write_text(json.dumps(record(run), indent=2) + "\n", encoding="utf-8")
    write_history(run.history, folder / HISTORY)
    (folder / MODEL).write_bytes(saved(run.model.save, MODEL))
    try:
        draw(run, folder)
    except OSError:
        raise
    except Exception as error:  # a slip in a recipe's figure must not cost a finished training
        told = str(error) if isinstance(error, KerastutError) else repr(error)
        warnings.warn(f"A figure could not be drawn: {told}", stacklevel=2)


def draw(run: Run, folder: Path) -> list[Path]:
    """Writes every figure of a run as PNG; returns the paths."""
    return save_all(run.figures(), folder)


def save_all(figures: Mapping[str, "Axes"], folder: Path) -> list[Path]:
    """Writes figures by their names; returns the paths."""
    from kerastut.plotting import save

    paths = {folder / f"{name}.png": axes for name, axes in figures.items()}
    for path, axes in paths.items():
        save(axes, path)
    return list(paths)


def record(run: Run) -> dict[str, Any]:
    """Returns everything that is needed to repeat the run, and what came of it."""
    settings = run.settings
    return {
        **{key: value for key, value in run.summary().items() if key != "dir"},
        "metrics": plain(run.metrics),
        "by_class": run.by_class(),
        "recipe_file": None if settings.recipe.packaged else str(settings.recipe.path),
        "recipe_sha256": settings.recipe.sha256,
        "settings": settings.record(),
        "extended_from": list(run.extended_from),
        "data_source": run.data.source,
        "data_sha256": run.data.sha256,
        "classes": list(run.data.classes),
        "columns": dict(run.data.columns),
        "background": background_of(run.data.train.x),
        "bits": run.data.bits,
        "units": dict(run.data.units),
        "samples": {name: len(getattr(run.data, name)) for name in SPLITS},
        "peak_mib": peak_memory(),
        "versions": versions(),
        "backend": keras.config.backend(),
        "dtype_policy": keras.config.dtype_policy().name,
        "devices": run.devices,
        "machine": machine(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
