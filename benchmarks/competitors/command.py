"""`kerastut run` as a reader types it, and the bare script beside it, each from its very start."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.runner import ROOT

TIMES = "KERASTUT_BENCH_TIMES"
HOOK = """

def callbacks() -> list[keras.callbacks.Callback]:
    from benchmarks.first_step import FirstStep

    return [FirstStep()]
"""


def measure(
    recipe: str, seed: int, bare: bool = False, epochs: int | None = None
) -> dict[str, Any]:
    """Runs the one or the other; seconds count from the start of the process.

    The recipe is copied and gets the callback that takes the times, nothing else.
    """
    from kerastut.registry import get_recipe

    chosen = get_recipe(recipe)
    count = epochs or chosen.epochs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if bare:
            order = ["benchmarks.bare_fit", recipe, str(count), str(chosen.batch_size)]
        else:
            copy = folder / chosen.path.name
            copy.write_text(chosen.path.read_text(encoding="utf-8") + HOOK, encoding="utf-8")
            order = ["kerastut", "run", str(copy), "--output-dir", str(folder / "run")]
            order += ["--epochs", str(count), "--seed", str(seed)]
        return timed([sys.executable, "-m", *order], folder / "times.json")


def timed(command: Sequence[str], times: Path) -> dict[str, Any]:
    """Returns `begun` and `stepped` of the first step, `training`, `total` and `peak_mib`.

    Raises:
        RuntimeError: With the last line of its output, if the command fails.
    """
    environment = {**os.environ, TIMES: str(times), "TF_CPP_MIN_LOG_LEVEL": "3"}
    start = time.time()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        total = time.time() - start
        if status:
            output.seek(0)
            raise RuntimeError(output.read().decode(errors="replace").strip().splitlines()[-1])
    found: Mapping[str, float] = json.loads(times.read_text(encoding="utf-8"))
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return {
        "begun": found["begun"] - start,
        "stepped": found["stepped"] - start,
        "training": found["training"],
        "total": total,
        "peak_mib": usage.ru_maxrss / scale,
    }
