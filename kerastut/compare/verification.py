"""Runs recipes in full and holds their test metrics against the expected bands."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kerastut.errors import TrainingError
from kerastut.registry import Recipe
from kerastut.runs import RECORD


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
        TrainingError: If a recipe could not be started.
    """
    for recipe in recipes:
        result = _run_apart(recipe, seed)
        for metric, (low, high) in recipe.expect.items():
            yield {
                "recipe": recipe.name,
                "metric": metric,
                "value": result["metrics"].get(metric),
                "low": low,
                "high": high,
                "ok": recipe.within_band(result["metrics"], metric),
                "seconds": result["seconds"],
                "peak_mib": result["peak_mib"],
            }


def _run_apart(recipe: Recipe, seed: int) -> dict[str, Any]:
    """Runs the command line in a fresh process; returns what it wrote into `run.json`."""
    name = recipe.name if recipe.packaged else str(recipe.path)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "run")
        command = [sys.executable, "-m", "kerastut", "run", name, "--seed", str(seed), "-q"]
        finished = subprocess.run(
            [*command, "--output-dir", str(folder)], capture_output=True, text=True, check=False
        )
        if finished.returncode == TrainingError.exit_status:
            return {"metrics": {}, "seconds": None, "peak_mib": None}
        if finished.returncode:
            raise TrainingError(f"{recipe.name} could not be run: {finished.stderr.strip()}")
        result: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return result
