"""Recipes as modules, stopped in the middle of a training."""

import io
import signal
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from kerastut.registry import get_recipe, load_module
from kerastut.runs import CHECKPOINTS, run


def recipe(name: str) -> ModuleType:
    """Returns a recipe's module, with its `build` and the rest.

    Args:
        name: Such as `"cnn-mnist"`.

    Raises:
        UnknownNameError: If there is no such recipe.
    """
    return load_module(get_recipe(name))


def stopped(recipe: str, folder: Path, epoch: int, **settings: Any) -> Path:
    """Stops a run by Ctrl-C as an epoch begins, goes on, and stops it as the next one begins.

    Each time it finishes the step under way and saves, always at the same place: two checkpoints
    remain, whatever the time that the training takes.

    Args:
        recipe: What to train.
        folder: The run's folder.
        epoch: In which epoch to stop last, counted from 0.
        **settings: What `kerastut.run` takes.

    Returns:
        The newest checkpoint's folder.
    """
    for at in (epoch - 1, epoch):
        going_on = {"resume": at == epoch, "verbose": 1}
        silence = redirect_stderr(io.StringIO())
        with suppress(KeyboardInterrupt), redirect_stdout(_CtrlC(at)), silence:
            run(recipe, output_dir=folder, **settings | going_on)
    return max((folder / CHECKPOINTS).glob("epoch-*"))


class _CtrlC(io.StringIO):
    """Takes what a run prints, and interrupts it as an epoch is announced."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self._sign = f"Epoch {epoch + 1}/"

    def write(self, text: str) -> int:
        """Reads along."""
        if self._sign in text:
            signal.raise_signal(signal.SIGINT)
        return super().write(text)
