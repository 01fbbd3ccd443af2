"""Runs that are stopped at a known place."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMALL: dict[str, Any] = {"limit": 120, "epochs": 3, "batch_size": 16, "verbose": 0}


@pytest.fixture
def small() -> dict[str, Any]:
    """Returns settings for a training of seconds."""
    return dict(SMALL)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Returns a function that runs a recipe until it has saved so often, and stops it there."""
    import kerastut
    from kerastut.runs.interrupts import Interrupted
    from kerastut.runs.resume import checkpoint as checkpoints
    from kerastut.runs.resume import keeper as checkpointing

    # Save after every call into TensorFlow.
    monkeypatch.setattr(checkpointing, "SHARE", float("inf"))
    monkeypatch.setattr(checkpointing, "LONGEST", 0.0)
    save = checkpoints.save

    def stopped(recipe: str | Path, folder: Path, number: int, **settings: Any) -> str:
        calls = 0

        def counted(*arguments: Any) -> None:
            nonlocal calls
            calls += 1
            save(*arguments)
            if calls == number:
                os.kill(os.getpid(), signal.SIGINT)

        with monkeypatch.context() as patch:
            patch.setattr(checkpoints, "save", counted)
            with pytest.raises(Interrupted) as stop:
                kerastut.run(recipe, output_dir=folder, **(SMALL | settings))
        return str(stop.value)

    return stopped
