"""Kills runs at random moments, resumes them, and compares every bit with uninterrupted ones.

    python scripts/soak.py --kills 200 --seed 0

Each run is a process of its own, ended with SIGKILL. They are forked from a server that has
imported TensorFlow, or the imports would take most of the time. Then every reader and the command
line get bad input, drawn anew at each call.
"""

import argparse
import io
import itertools
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from kerastut import list_recipes

EVERYTHING = Path(__file__).parents[1] / "tests" / "runs" / "everything.py"
SETTINGS: dict[str, Any] = {"limit": 300, "epochs": 5, "batch_size": 16, "seed": 1}
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["kerastut.runs.running"])


@dataclass
class Counts:
    """What came of the kills.

    Args:
        tried: Processes that were killed while they ran.
        finished: Runs that were resumed to their end.
        differing: Names of files or arrays that differ from the uninterrupted run's.
    """

    tried: int = 0
    finished: int = 0
    differing: list[str] = field(default_factory=list)


def train(recipe: str, folder: Path) -> None:
    """Runs or resumes a recipe, saving so often that many kills hit a half-written checkpoint."""
    from kerastut import run
    from kerastut.runs import artifacts
    from kerastut.runs.resume import keeper as checkpointing

    checkpointing.SHARE, checkpointing.LONGEST = 0.5, 0.0
    artifacts.draw = lambda run, folder: []  # pictures take longer than these trainings
    run(recipe, output_dir=folder, resume=True, verbose=0, **SETTINGS)


def start(recipe: str, folder: Path) -> Any:
    """Starts `train` in a process of its own."""
    process = CONTEXT.Process(target=train, args=(recipe, folder))
    process.start()
    return process


def finish(recipe: str, folder: Path) -> float:
    """Runs or resumes to the end; returns the seconds it took."""
    began = time.perf_counter()
    process = start(recipe, folder)
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(f"{recipe}: a run in {folder} ended with status {process.exitcode}")
    return time.perf_counter() - began


def kill_until_finished(recipe: str, folder: Path, longest: float, rng: random.Random) -> int:
    """Kills and resumes a run, at most five times, then lets it finish; returns the kills."""
    kills = 0
    for _ in range(rng.randint(1, 5)):
        process = start(recipe, folder)
        process.join(rng.uniform(0.0, longest))
        if process.exitcode is not None:
            break
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        kills += process.exitcode == -signal.SIGKILL
    finish(recipe, folder)
    return kills


def differences(expected: Path, found: Path) -> Iterator[str]:
    """Yields what differs between two finished runs: history, metrics, weights, optimizer."""
    if (expected / "history.csv").read_bytes() != (found / "history.csv").read_bytes():
        yield "history.csv"
    records = [json.loads((folder / "run.json").read_text()) for folder in (expected, found)]
    metrics = [record["metrics"] for record in records]
    if repr(metrics[0]) != repr(metrics[1]):
        yield "metrics"
    arrays = [dict(_arrays(folder)) for folder in (expected, found)]
    for name in arrays[0].keys() | arrays[1].keys():
        pair = [each.get(name, np.array(None)) for each in arrays]
        if pair[0].tobytes() != pair[1].tobytes() or pair[0].dtype != pair[1].dtype:
            yield name


def _arrays(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yields the arrays of the model's file and of the last checkpoint."""
    (checkpoint,) = (folder / "checkpoints").glob("epoch-*")
    with zipfile.ZipFile(folder / "model.keras") as archive:
        yield from _weights("model", io.BytesIO(archive.read("model.weights.h5")))
    yield from _weights("checkpoint", checkpoint / "model.weights.h5")
    with np.load(checkpoint / "arrays.npz", allow_pickle=False) as kept:
        yield from ((f"state/{name}", kept[name]) for name in kept.files)


def _weights(label: str, source: Any) -> Iterator[tuple[str, Any]]:
    """Yields the arrays of a weights file: layers, and the optimizer's state."""
    with h5py.File(source) as file:
        names: list[str] = []
        file.visit(names.append)
        for name in names:
            if isinstance(file[name], h5py.Dataset):
                yield f"{label}/{name}", file[name][()]


def soak(recipes: list[str], kills: int, seed: int) -> Counts:
    """Kills runs of each recipe in turn until so many kills have hit."""
    rng, counts = random.Random(seed), Counts()
    with tempfile.TemporaryDirectory() as parent:
        expected = {recipe: Path(parent, f"expected-{i}") for i, recipe in enumerate(recipes)}
        seconds = {recipe: finish(recipe, folder) for recipe, folder in expected.items()}
        for recipe in itertools.cycle(recipes):
            folder = Path(parent, f"run-{counts.finished}")
            counts.tried += kill_until_finished(recipe, folder, seconds[recipe], rng)
            counts.finished += 1
            found = differences(expected[recipe], folder)
            counts.differing += [f"{recipe}: {name}" for name in found]
            shutil.rmtree(folder)
            print(
                f"{Path(recipe).stem}: {counts.tried} kills, {len(counts.differing)} differences",
                flush=True,
            )
            if counts.tried >= kills:
                return counts
    raise AssertionError("there is at least one recipe")


def bad_inputs() -> tuple[int, int, bool]:
    """Runs the fuzz tests at length; returns inputs tried, tracebacks, and whether all passed."""
    with tempfile.TemporaryDirectory() as parent:
        counts = Path(parent, "counts")
        environment = {**os.environ, "KERASTUT_SOAK": "1", "KERASTUT_SOAK_COUNTS": str(counts)}
        tests = EVERYTHING.parents[1]
        folders = [str(tests / "faults"), str(tests / "lint")]
        command = [sys.executable, "-m", "pytest", "-q", "-k", "fuzz", *folders]
        passed = subprocess.run(command, env=environment, check=False).returncode == 0
        rows = [line.split() for line in counts.read_text(encoding="utf-8").splitlines()]
    return sum(int(row[1]) for row in rows), sum(int(row[2]) for row in rows), passed


def main() -> None:
    """Prints the counts; exits with 1 if a bit differs or an input gave a traceback."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, help="default: 200")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("recipes", nargs="*", help="default: all, and one with everything")
    options = parser.parse_args()
    recipes = options.recipes or [str(EVERYTHING), *(recipe.name for recipe in list_recipes())]
    counts = soak(recipes, options.kills, options.seed)
    tried, tracebacks, passed = bad_inputs()
    for name in counts.differing:
        print(f"differs: {name}")
    print(
        f"kills {counts.tried}, runs resumed to their end {counts.finished}, arrays and files that"
        f" differ {len(counts.differing)}"
    )
    print(f"bad inputs {tried}, tracebacks {tracebacks}")
    sys.exit(bool(counts.differing) or not passed)


if __name__ == "__main__":
    main()
