"""Runs recipes in full and holds their test metrics against the expected bands."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kerastut.errors import TrainingError
from kerastut.recipe import Recipe


def verify(recipes: Iterable[Recipe], seed: int = 0) -> Iterator[dict[str, Any]]:
    """Runs each recipe in a process of its own.

    Args:
        recipes: What to run, with their own settings.
        seed: The seed of every run.

    Yields:
        One record for each recipe and expected metric: `recipe`, `metric`, `value`, `low`, `high`,
        `ok` and `seconds` (of the whole process).
    """
    for recipe in recipes:
        result = _run_apart(recipe, seed)
        for metric, (low, high) in recipe.expect.items():
            value = result["metrics"].get(metric)
            yield {
                "recipe": recipe.name,
                "metric": metric,
                "value": value,
                "low": low,
                "high": high,
                "ok": value is not None and low <= value <= high,
                "seconds": result["seconds"],
            }


def _run_apart(recipe: Recipe, seed: int) -> dict[str, Any]:
    """Runs the command line in a fresh process, so that no recipe profits from another."""
    name = recipe.name if recipe.packaged else str(recipe.path)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "kerastut", "run", name, "--seed", str(seed)]
        finished = subprocess.run(
            [*command, "--json", "-q", "--output-dir", str(Path(folder, "run"))],
            capture_output=True,
            text=True,
            check=False,
        )
    if finished.returncode == TrainingError.exit_status:
        return {"metrics": {}, "seconds": None}
    if finished.returncode:
        raise TrainingError(f"{recipe.name} could not be run: {finished.stderr.strip()}")
    result: dict[str, Any] = json.loads(finished.stdout)
    return result
