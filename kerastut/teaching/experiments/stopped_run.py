"""A training that is stopped in the middle, as by Ctrl-C, at a place that is always the same."""

import signal
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kerastut.runs import CHECKPOINTS, Interrupted, run
from kerastut.train import Batches, fitting


def stopped(recipe: str, folder: Path, epoch: int, **settings: Any) -> Path:
    """Starts a run and sends it SIGINT when an epoch begins.

    The run finishes the step under way, saves, and ends as after Ctrl-C.

    Args:
        recipe: What to train.
        folder: The run's folder.
        epoch: In which epoch to stop, counted from 0.
        **settings: What `kerastut.run` takes.

    Returns:
        The newest checkpoint's folder.

    Example:

    >>> newest = stopped("dropout-mlp", folder, epoch=2, limit=2000)
    >>> run = kerastut.run("dropout-mlp", output_dir=folder, resume=True, limit=2000)
    """

    class Signalling(Batches):
        def on_epoch_begin(self, number: int, logs: dict[str, float] | None = None) -> None:
            super().on_epoch_begin(number, logs)
            if number == epoch:
                signal.raise_signal(signal.SIGINT)

    with patch.object(fitting, "Batches", Signalling), suppress(Interrupted):
        run(recipe, output_dir=folder, **settings)
    return max((folder / CHECKPOINTS).glob("epoch-*"))
