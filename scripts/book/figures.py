"""Makes every figure of the documentation, from the seeds in its commands.

Usage: PYTHONPATH=scripts python -m book.figures [RECIPE ...]

Without a name, all recipes are run in full for their figures, and then the commands that stand in
docs/*.md above a figure. A figure whose code has not changed is not made again.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from book import BUILD, ROOT
from book.memory import remember, remembers, state_of
from kerastut.errors import TrainingError
from kerastut.registry import list_recipes

RUNS = BUILD / "runs"
# The README's figure is that of `make demo`.
DEMO, DEMO_FIGURE = "cnn-mnist", ROOT / "docs" / "cnn-mnist-history.png"
_DRAWN = re.compile(
    r"^kerastut (?P<command>compare .*)$|!\[.*?\]\((?P<file>[\w-]+\.png)\)", re.MULTILINE
)


def recipe_run(name: str, parent: Path = RUNS) -> tuple[Path, dict[str, Any]]:
    """Returns the folder of a recipe's run in full, and its record; runs it if need be.

    Raises:
        TrainingError: If a metric lies outside the recipe's band.
    """
    folder = parent / name
    _train(["run", name, "--seed", "0"], folder)
    record: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    if not record["within_band"]:
        raise TrainingError(f"{name}: expected metrics within the band; got {record['metrics']}.")
    return folder, record


def commands(page: Path) -> Iterator[tuple[list[str], Path]]:
    """Yields, for each figure of a page of docs, the command above it and the figure's file."""
    command = ""
    for match in _DRAWN.finditer(page.read_text(encoding="utf-8")):
        if match["command"]:
            command = match["command"]
        elif command:
            yield shlex.split(command), page.parent / match["file"]


def _train(command: list[str], folder: Path) -> None:
    state = state_of(*command)
    if remembers(folder, state):
        return
    print("kerastut", *command, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    call = [sys.executable, "-m", "kerastut", *command, "-q", "--output-dir", str(folder)]
    subprocess.run(call, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    remember(folder, state)


def _draw_documents() -> None:
    folder, _ = recipe_run(DEMO)
    shutil.copyfile(folder / "history.png", DEMO_FIGURE)
    for page in sorted((ROOT / "docs").glob("*.md")):
        for command, target in commands(page):
            _train(command, RUNS / target.stem)
            shutil.copyfile(RUNS / target.stem / "compare.png", target)


def main(names: list[str]) -> int:
    """Makes the figures of the named recipes, or all there are."""
    for name in names or [recipe.name for recipe in list_recipes()]:
        recipe_run(name)
    if not names:
        _draw_documents()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
