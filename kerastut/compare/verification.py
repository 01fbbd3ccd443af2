"""Runs recipes in full and holds their test metrics against the expected bands."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kerastut.errors import RecipeError, TrainingError
from kerastut.registry import Recipe, as_argument, in_band
from kerastut.runs import recorded


def verify(recipes: Iterable[Recipe], seed: int = 0) -> Iterator[dict[str, Any]]:
    """Runs each recipe in a process of its own, so that none profits from another.

    Args:
        recipes: What to run, with their own settings.
        seed: The seed of every run.

    Yields:
        One record for each recipe and expected metric: `recipe`, `metric`, `value`, `low`, `high`,
        `ok`, `seconds` of training and `peak_mib`, the most memory that the process held. A run
        that failed has `None` for what it did not reach.

    Raises:
        RecipeError: If a recipe has no band.
        TrainingError: If a recipe could not be started.
    """
    recipes = list(recipes)
    require_bands(recipes)
    for recipe in recipes:
        result = _run_apart(recipe, seed)
        for metric, band in recipe.expect.items():
            value = result["metrics"].get(metric)
            yield {
                "recipe": recipe.name,
                "metric": metric,
                "value": value,
                "low": band[0],
                "high": band[1],
                "ok": in_band(value, band),
                "seconds": result["seconds"],
                "peak_mib": result["peak_mib"],
            }


def require_bands(recipes: Iterable[Recipe]) -> None:
    """Refuses a recipe that has no band to hold it against."""
    for recipe in recipes:
        if not recipe.expect:
            raise RecipeError(
                f"{recipe.name} has no band yet. Propose one: kerastut band"
                f" {recipe.name if recipe.packaged else as_argument(recipe.path)}"
            )


def as_cells(record: Mapping[str, Any]) -> list[str]:
    """Returns what `verify` yields as the cells of a table, in its order."""
    numbers = [record[key] for key in ("value", "low", "high")]
    return [
        record["recipe"],
        record["metric"],
        *("-" if number is None else f"{number:.4g}" for number in numbers),
        "yes" if record["ok"] else "NO",
        "-" if record["seconds"] is None else f"{record['seconds']:.1f}",
        str(record["peak_mib"] or "-"),
    ]


def _run_apart(recipe: Recipe, seed: int) -> dict[str, Any]:
    """Runs the command line in a fresh process; returns some of what it recorded."""
    name = recipe.name if recipe.packaged else str(recipe.path)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "run")
        command = [sys.executable, "-m", "kerastut", "run", name, "--seed", str(seed), "-q"]
        finished = subprocess.run(
            [*command, "--output-dir", str(folder)],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if finished.returncode == TrainingError.exit_status:
            return {"metrics": {}, "seconds": None, "peak_mib": None}
        if finished.returncode:
            told = finished.stderr.strip().removeprefix("kerastut: error: ")
            raise TrainingError(f"{recipe.name} could not be run: {told}")
        record = recorded(folder)
        return {name: getattr(record, name) for name in ("metrics", "seconds", "peak_mib")}
