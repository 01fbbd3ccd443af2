"""Recipes as modules, changed in one place, stopped in the middle of a training."""

import io
import signal
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from kerastut.errors import ParameterError
from kerastut.registry import get_recipe, load_module
from kerastut.runs import CHECKPOINTS, run
from kerastut.train import Run

# Deleted when the process ends.
_FOLDER = tempfile.TemporaryDirectory(prefix="kerastut-")


def recipe(name: str) -> ModuleType:
    """Returns a recipe's module, with its `build` and the rest.

    Args:
        name: Such as `"cnn-mnist"`.

    Raises:
        UnknownNameError: If there is no such recipe.
    """
    return load_module(get_recipe(name))


def edited(name: str, old: str, new: str) -> Path:
    """Copies a recipe and replaces one place of its text.

    Args:
        name: Such as `"text-lstm"`.
        old: What to replace; stands exactly once in the file.
        new: What takes its place.

    Returns:
        The copy's path, for `kerastut.run`.

    Raises:
        ParameterError: If `old` does not stand there exactly once.
    """
    text = get_recipe(name).path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ParameterError(
            f"edited: expected {old!r} once in {name}; found it {text.count(old)} times."
            " Quote a longer piece of the line."
        )
    path = Path(_FOLDER.name) / f"{name.replace('-', '_')}_edited.py"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


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


def from_weights(run: Run, checkpoint: Path, epochs: int) -> list[float]:
    """Loads a checkpoint's weights into a new net and goes on training, with nothing else of it.

    Args:
        run: The run that was stopped, for the net and the data.
        checkpoint: Folder with `model.weights.h5`.
        epochs: How many are left.

    Returns:
        The training loss of each of them.
    """
    keras.utils.set_random_seed(run.settings.seed)
    model, train = keras.models.clone_model(run.model), run.data.train
    rate = run.settings.parameters["learning_rate"]
    model.compile(keras.optimizers.Adam(rate), run.model.loss)
    with warnings.catch_warnings(action="ignore"):  # that the optimizer's state is left out
        model.load_weights(checkpoint / "model.weights.h5")
    size = run.settings.batch_size
    fitted = model.fit(train.x, train.y, batch_size=size, epochs=epochs, verbose=0)
    return list(fitted.history["loss"])


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
