"""Small runs, each trained once, whose folders the cases copy and damage."""

import atexit
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import kerastut
from tests.warm import warm

LINE = ("linear-regression", "--limit", "40", "--epochs", "2")
DIGITS = ("mlp-mnist", "--limit", "60", "--epochs", "1", "--set", "units=4")
TEXTS = ("mlp-reviews", "--limit", "60", "--epochs", "1", "--set", "max_tokens=50")
# Goes on with a copy of the first.
RESUME = ("run", *LINE[:3], "--epochs", "3", "-q", "--output-dir", "run", "--resume")


@cache
def trained(*words: str) -> Path:
    """Returns the folder of a run with these words of the command line."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [*warm(), "-m", "kerastut", "run", *words, "-q", "--output-dir", "run"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "run"


def copied(folder: Path, words: tuple[str, ...] = LINE) -> Path:
    """Makes the folder and puts a copy of a run into it; returns where that lies."""
    shutil.copytree(trained(*words), folder / "run")
    return folder / "run"


def recipe_text(note: str = "") -> str:
    """Returns the text of a recipe, with something to run when it is imported."""
    text = kerastut.get_recipe(LINE[0]).path.read_text(encoding="utf-8")
    return text.replace("\nRECIPE =", f"\n{note}\nRECIPE =")


def checkpoint(run: Path) -> Path:
    """Returns the folder of a run's newest checkpoint."""
    return max((run / "checkpoints").glob("epoch-*"))


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    """Changes what a file holds in JSON, and the digests beside it."""
    content = change(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    sign(path)


def sign(path: Path) -> None:
    """Brings the digests of a checkpoint up to date after a change of one of its files."""
    sums = path.with_name("SHA256SUMS")
    if sums.is_file():
        kept = [line for line in sums.read_text().splitlines() if not line.endswith(path.name)]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        sums.write_text("\n".join([*kept, f"{digest}  {path.name}", ""]))
