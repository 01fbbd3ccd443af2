"""A comparison on disk: every run, every combination, and a picture."""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kerastut.compare.grid import RUN_SETTINGS, Outcome
from kerastut.compare.summary import deviation, mean, metric_names, summarize
from kerastut.records import plain
from kerastut.registry import as_text


def record(
    varied: Mapping[str, Sequence[Any]], repeats: int, found: Sequence[Outcome]
) -> dict[str, Any]:
    """Returns everything that is needed to repeat the comparison, and what came of it."""
    from kerastut.runs import machine, versions

    settings = found[0].trial.settings
    recipe = settings.recipe
    return {
        "recipe": recipe.name,
        "recipe_file": None if recipe.packaged else str(recipe.path),
        "varied": {name: list(values) for name, values in varied.items()},
        "repeats": repeats,
        "first_seed": settings.seed,
        "dataset": settings.dataset,
        **{name: getattr(settings, name) for name in RUN_SETTINGS if name not in varied},
        "parameters": {k: v for k, v in settings.parameters.items() if k not in varied},
        "data_sha256": {
            str(one.trial.settings.seed): one.data_sha256 for one in found if one.data_sha256
        },
        "combinations": [
            {
                "values": dict(summary.values),
                "metrics": {name: _spread(values) for name, values in summary.metrics.items()},
                "seconds": _spread(summary.seconds),
                "diverged": summary.diverged,
            }
            for summary in summarize(found)
        ],
        "versions": versions(),
        "machine": machine(),
    }


def _spread(values: Sequence[float]) -> dict[str, Any]:
    return {"mean": mean(values), "sd": deviation(values), "values": list(values)}


def write(
    varied: Mapping[str, Sequence[Any]], repeats: int, found: Sequence[Outcome], folder: Path
) -> None:
    """Writes `results.csv`, `results.json` and `compare.png`."""
    from kerastut.plotting import comparison, save

    text = json.dumps(plain(record(varied, repeats, found)), indent=2, allow_nan=False)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    write_rows(found, folder / "results.csv")
    summaries = summarize(found)
    rows = [{name: as_text(v) for name, v in summary.values.items()} for summary in summaries]
    values = {name: [s.metrics[name] for s in summaries] for name in metric_names(found)}
    save(comparison(rows, values)[0], folder / "compare.png")


def write_rows(found: Sequence[Outcome], path: Path) -> None:
    """Writes one row a run, in the order in which they ran; numbers in full precision."""
    metrics = metric_names(found)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*found[0].trial.values, "seed", *metrics, "seconds"])
        for one in found:
            numbers = [one.metrics.get(name, math.nan) for name in metrics]
            values = map(as_text, one.trial.values.values())
            table.writerow([*values, one.trial.settings.seed, *map(repr, [*numbers, one.seconds])])
