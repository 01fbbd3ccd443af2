"""Makes every figure of the documentation, from the seeds in its commands, and what is said of it.

Usage: PYTHONPATH=scripts python -m book.figures [RECIPE ...]

Without a name, all recipes are run in full for their figures, and then the commands of docs whose
tables, verdicts and pictures are written below them. What has not changed is not run again.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from book import BUILD, ROOT, drawing
from book.execution import AT_ONCE
from book.measured import draw_in_chinese, table
from book.memory import remember, remembers, state_of
from kerastut.errors import TrainingError
from kerastut.plotting import LABELS
from kerastut.registry import list_recipes

RUNS = BUILD / "runs"
# The READMEs' figure is that of `make demo`.
DEMO, DOCS = "cnn-mnist", ROOT / "docs"
# A command, and below it what was measured: a table and a picture, between two marks.
_MEASURED = re.compile(
    r"(?P<head>^kerastut (?P<command>compare [^\n]*)\n```\n\n"
    r"<!-- measured(?: against (?P<against>[^:]*))?: (?P<file>[\w-]+\.png): (?P<about>.*?) -->)"
    r".*?<!-- end of measured -->",
    re.MULTILINE | re.DOTALL,
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


def run_recipes(full: bool, names: Sequence[str] = ()) -> None:
    """Runs the named recipes or all for their figures, some side by side.

    Raises:
        TrainingError: As `recipe_run`.
    """
    wanted = names or [recipe.name for recipe in list_recipes()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        started = [pool.submit(recipe_run, name, full) for name in wanted]
    for one in started:
        one.result()


def _call(command: list[str], folder: Path) -> str:
    """Runs what writes a folder anew; returns what it says on standard error."""
    print(" ".join(command[2:]) + "\n", end="", flush=True)  # whole, beside those of other threads
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TrainingError(f"{' '.join(command[2:])} failed: {done.stderr.strip()[-2000:]}")
    return done.stderr


def commands(page: Path) -> Iterator[list[str]]:
    """Yields the commands of a page of docs whose results are written below them."""
    for match in _MEASURED.finditer(page.read_text(encoding="utf-8")):
        yield shlex.split(match["command"])


def fill(page: Path, language: str) -> None:
    """Runs the comparisons of a page of docs and writes tables, verdicts and pictures into it."""

    def measured(match: re.Match[str]) -> str:
        folder = RUNS / Path(match["file"]).stem
        _compare(shlex.split(match["command"]), folder)
        record = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        if language == "zh":
            draw_in_chinese(record, page.parent / match["file"])
        else:
            shutil.copyfile(folder / "compare.png", page.parent / match["file"])
        picture = f"![{match['about']}]({match['file']})"
        found = table(record, language, match["against"] or "")
        return f"{match['head']}\n\n{found}\n\n{picture}\n\n<!-- end of measured -->"

    text = page.read_text(encoding="utf-8")
    page.write_text(_MEASURED.sub(measured, text), encoding="utf-8")


def _compare(command: list[str], folder: Path) -> None:
    state = state_of(*command)
    if not remembers(folder, state):
        call = [sys.executable, "-m", "kerastut", *command, "-q", "--output-dir", str(folder)]
        _call(call, folder)
        remember(folder, state)


def main(names: list[str]) -> int:
    """Makes the figures of the named recipes, or all there are."""
    run_recipes(True, names)
    if not names:
        folder, _ = recipe_run(DEMO, full=True)
        for source, target in (("history", DOCS), ("history.zh", DOCS / "zh")):
            shutil.copyfile(folder / f"{source}.png", target / "cnn-mnist-history.png")
        for path in sorted((ROOT / "docs").glob("*.md")):
            fill(path, "en")
        for path in sorted((ROOT / "docs" / "zh").glob("*.md")):
            fill(path, "zh")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
