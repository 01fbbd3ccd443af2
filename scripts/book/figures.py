"""Makes every figure of the documentation, from the seeds in its commands.

Usage: PYTHONPATH=scripts python -m book.figures [RECIPE ...]

Without a name, all recipes are run in full for their figures, and then the commands that stand in
docs/*.md above a figure. A figure whose code has not changed is not made again.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from book import BUILD, ROOT, drawing
from book.memory import remember, remembers, state_of
from kerastut.errors import TrainingError
from kerastut.plotting import LABELS
from kerastut.registry import list_recipes

RUNS = BUILD / "runs"
# The README's figure is that of `make demo`.
DEMO, DEMO_FIGURE = "cnn-mnist", ROOT / "docs" / "cnn-mnist-history.png"
_DRAWN = re.compile(
    r"^kerastut (?P<command>compare .*)$|!\[.*?\]\((?P<file>[\w-]+\.png)\)", re.MULTILINE
)


def recipe_run(name: str, full: bool, parent: Path = RUNS) -> tuple[Path, dict[str, Any]]:
    """Returns the folder of a recipe's run and its record; runs it if need be.

    Args:
        name: The recipe's.
        full: Whether it runs with its own settings, not with a few samples for two epochs.
        parent: Where the folder lies.

    Raises:
        TrainingError: If a metric of a full run lies outside the recipe's band, or if a text of a
            figure has no Chinese twin.
    """
    size = [] if full else ["--reduced"]
    folder = parent / "-".join([name, *size]).replace("--", "-")
    state = state_of(name, *size, Path(drawing.__file__), LABELS)
    if not remembers(folder, state):
        said = _call([sys.executable, "-m", "book.drawing", name, str(folder), *size], folder)
        if missing := [line for line in said.splitlines() if line.startswith("no Chinese label")]:
            raise TrainingError(f"{name}: {'; '.join(missing)}.")
        remember(folder, state)
    record: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    if full and not record["within_band"]:
        raise TrainingError(f"{name}: expected metrics within the band; got {record['metrics']}.")
    return folder, record


def _call(command: list[str], folder: Path) -> str:
    """Runs what writes a folder anew; returns what it says on standard error."""
    print(*command[2:], flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TrainingError(f"{' '.join(command[2:])} failed: {done.stderr.strip()[-2000:]}")
    return done.stderr


def commands(page: Path) -> Iterator[tuple[list[str], Path]]:
    """Yields, for each figure of a page of docs, the command above it and the figure's file."""
    command = ""
    for match in _DRAWN.finditer(page.read_text(encoding="utf-8")):
        if match["command"]:
            command = match["command"]
        elif command:
            yield shlex.split(command), page.parent / match["file"]


def _compare(command: list[str], folder: Path) -> None:
    state = state_of(*command)
    if not remembers(folder, state):
        call = [sys.executable, "-m", "kerastut", *command, "-q", "--output-dir", str(folder)]
        _call(call, folder)
        remember(folder, state)


def _draw_documents() -> None:
    folder, _ = recipe_run(DEMO, full=True)
    shutil.copyfile(folder / "history.png", DEMO_FIGURE)
    for page in sorted((ROOT / "docs").glob("*.md")):
        for command, target in commands(page):
            _compare(command, RUNS / target.stem)
            shutil.copyfile(RUNS / target.stem / "compare.png", target)


def main(names: list[str]) -> int:
    """Makes the figures of the named recipes, or all there are."""
    for name in names or [recipe.name for recipe in list_recipes()]:
        recipe_run(name, full=True)
    if not names:
        _draw_documents()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
