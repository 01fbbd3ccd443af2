"""A whole run with its files, timed after the imports."""

import tempfile
import time
from pathlib import Path
from typing import Any


def measure(recipe: str, seed: int) -> dict[str, Any]:
    """Times `kerastut.run` with an output folder; `training` is the part that `fit` takes."""
    import kerastut
    from kerastut.quiet import startup

    with startup(verbose=False):
        kerastut.run  # noqa: B018  its first use imports Keras
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        run = kerastut.run(recipe, output_dir=Path(folder, "run"), seed=seed, verbose=0)
        return {"after_imports": time.perf_counter() - began, "training": run.seconds}
