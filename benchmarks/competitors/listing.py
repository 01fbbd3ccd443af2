"""The processor time of `kerastut list`, which needs no Keras."""

import os
import resource
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.runner import ROOT


def measure(seed: int) -> dict[str, Any]:
    """Returns `processor`, the seconds of a call that finds compiled modules, as all but one do."""
    with tempfile.TemporaryDirectory() as cache:
        _seconds(cache)
        return {"processor": _seconds(cache)}


def _seconds(cache: str) -> float:
    cached = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": cache}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "kerastut", "list"],
        cwd=ROOT,
        env={**os.environ, **cached},
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
