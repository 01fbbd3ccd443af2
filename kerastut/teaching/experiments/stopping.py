"""A training that is stopped in the middle, and what resuming is often taken for."""

import io
import signal
import warnings
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

import keras

from kerastut.runs import CHECKPOINTS, run
from kerastut.train import Run


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

    Example:

    >>> newest = stopped("dropout-mlp", folder, epoch=2, limit=2000)
    >>> run = kerastut.run("dropout-mlp", output_dir=folder, resume=True, limit=2000)
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
    with warnings.catch_warnings():  # that the optimizer's state is left out
        warnings.simplefilter("ignore")
        model.load_weights(checkpoint / "model.weights.h5")
    size = run.settings.batch_size
    history = model.fit(train.x, train.y, batch_size=size, epochs=epochs, verbose=0).history
    losses: list[float] = history["loss"]
    return losses
