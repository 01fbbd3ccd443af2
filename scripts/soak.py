"""Kills runs at random moments, resumes them, and compares every bit with uninterrupted ones.

    python scripts/soak.py --kills 200 --hostile 1000 --seed 0

Each run is a process of its own, ended with SIGKILL. They are forked from a server that has
imported TensorFlow, or the imports would take most of the time. Then every reader and the command
line get bad input, drawn anew at each call. At last the command meets hostile files, models,
requests and terminals of each kind in `tests/faults/kinds`. Where PYTHONPATH names another
checkout, that one is tried.

    python scripts/soak.py --hostile 1000 --seed 1 --user nobody    # nothing but the hostile cases
    python scripts/soak.py --hostile 1 --kinds pipes --seed 1 --number 17    # one of them again
"""

import argparse
import io
import itertools
import json
import multiprocessing
import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import h5py
import numpy as np

from kerastut import list_recipes

ROOT = Path(__file__).parents[1]
EVERYTHING = ROOT / "tests" / "runs" / "everything.py"
SETTINGS: dict[str, Any] = {"limit": 300, "epochs": 5, "batch_size": 16, "seed": 1}
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["kerastut.runs.running"])
# The tests of this checkout, whichever kerastut PYTHONPATH names.
sys.modules["tests"] = ModuleType("tests")
sys.modules["tests"].__path__ = [str(ROOT / "tests")]


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
    # A run that is killed when it has just finished keeps the one before as well.
    checkpoint = max((folder / "checkpoints").glob("epoch-*"))
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
        folders = [str(tests / name) for name in ("demo", "faults", "lint")]
        command = [sys.executable, "-m", "pytest", "-q", "-k", "fuzz", *folders]
        passed = subprocess.run(command, env=environment, check=False).returncode == 0
        rows = [line.split() for line in counts.read_text(encoding="utf-8").splitlines()]
    return sum(int(row[1]) for row in rows), sum(int(row[2]) for row in rows), passed


@dataclass
class Tally:
    """What came of the cases of a kind.

    Args:
        kind: A module of `tests/faults/kinds`.
        cases: How many were tried.
        faults: Kinds of what was wrong, over all cases.
        failed: A line for each case that failed, and how to repeat it.
        mebibytes: The largest resident memory of a command.
        seconds: The longest time of one.
    """

    kind: str
    cases: int = 0
    faults: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    mebibytes: float = 0.0
    seconds: float = 0.0

    def row(self) -> str:
        """Returns a line of the table; `HEADER` is its head."""
        counts = [self.faults.count(fault) for fault in ("executed", "files", "traceback")]
        cells = [self.cases, len(self.failed), *counts, f"{self.mebibytes:.0f}"]
        return f"{self.kind:16}" + "".join(
            f"{cell:>13}" for cell in [*cells, f"{self.seconds:.1f}"]
        )


HEADER = f"{'kind':16}" + "".join(
    f"{name:>13}"
    for name in ("cases", "failed", "executed", "files", "tracebacks", "largest MiB", "longest s")
)


def tally(kind: str, seed: int, numbers: range) -> Tally:
    """Tries the cases of a kind that have these numbers."""
    from tests.faults.judge import Judge, drawn

    found = Tally(kind)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as base,
        Judge(Path(base)) as judge,
    ):
        for number, case in drawn(judge.cases(kind, seed), numbers):
            outcome, faults = judge.run(case)
            found.cases += 1
            found.mebibytes = max(found.mebibytes, outcome.mebibytes)
            found.seconds = max(found.seconds, outcome.seconds)
            found.faults += {fault.kind for fault in faults}
            if faults:
                told = "; ".join(f"{fault.kind}: {fault.text}" for fault in faults)
                again = f"--hostile 1 --kinds {kind} --seed {seed} --number {number}"
                found.failed.append(f"{again}\n    {case.name}\n    {told}")
    return found


def hostile(kinds: list[str], cases: int, seed: int, first: int) -> list[Tally]:
    """Has the command meet cases of each kind, in two processes; prints the table.

    Args:
        kinds: Modules of `tests/faults/kinds`.
        cases: How many in all; each kind gets its share.
        seed: Decides what is drawn.
        first: The number of a kind's first case.
    """
    numbers = range(first, first + -(-cases // len(kinds)))
    print(HEADER, flush=True)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        found = []
        for one in pool.map(tally, kinds, itertools.repeat(seed), itertools.repeat(numbers)):
            print(one.row(), flush=True)
            found.append(one)
    return found


def become(user: str) -> None:
    """Makes this process another user's."""
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if not os.access(sys.executable, os.X_OK):
        sys.exit(f"{user} may not run {sys.executable}: it must lie where all can read.")


def main() -> None:
    """Prints the counts; exits with 1 if a bit differs or something hostile had its way."""
    from tests.faults.judge import kinds

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, help="default: 200, or 0 with --hostile")
    parser.add_argument("--hostile", type=int, help="cases; default: 1000, or 0 with --kills")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("--kinds", nargs="+", choices=kinds(), default=kinds())
    parser.add_argument("--number", type=int, default=0, help="of the first case of each kind")
    parser.add_argument("--user", help="whose the processes are, where root starts them")
    parser.add_argument("recipes", nargs="*", help="default: all, and one with everything")
    options = parser.parse_args()
    if options.user:
        become(options.user)
    fails = False
    if options.kills or options.hostile is None:
        recipes = options.recipes or [str(EVERYTHING), *(recipe.name for recipe in list_recipes())]
        fails = bits(recipes, 200 if options.kills is None else options.kills, options.seed)
    if options.hostile or options.kills is None:
        cases = 1000 if options.hostile is None else options.hostile
        found = hostile(options.kinds, cases, options.seed, options.number)
        failed = [line for one in found for line in one.failed]
        print(
            "\n".join(
                ["", *failed, f"cases {sum(one.cases for one in found)}, failed {len(failed)}"]
            )
        )
        fails |= bool(failed)
    sys.exit(fails)


def bits(recipes: list[str], kills: int, seed: int) -> bool:
    """Kills and resumes runs and tries bad input; prints the counts; returns whether any failed."""
    counts = soak(recipes, kills, seed)
    tried, tracebacks, passed = bad_inputs()
    for name in counts.differing:
        print(f"differs: {name}")
    print(
        f"kills {counts.tried}, runs resumed to their end {counts.finished}, arrays and files that"
        f" differ {len(counts.differing)}"
    )
    print(f"bad inputs {tried}, tracebacks {tracebacks}")
    return bool(counts.differing) or not passed


if __name__ == "__main__":
    main()
