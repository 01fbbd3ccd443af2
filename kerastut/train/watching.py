"""What watches a training: the progress that it prints, and whether its loss is still a number.

Both count steps and epochs from the first of all, also if `fit` goes on where another was left.
"""

import math
import sys
from typing import Any

import keras

from kerastut.errors import TrainingError
from kerastut.train.keras_internals import sync


def progress(
    verbose: int | str, epochs: int, steps: int, first: int
) -> tuple[int, list[keras.callbacks.Callback]]:
    """Returns the value for `fit(verbose=)`, and what to add to `fit(callbacks=)`."""
    if verbose == "auto":
        verbose = 1 if sys.stdout.isatty() else 2
    return int(verbose), [Bar(epochs, steps, first)] if verbose else []


class Bar(keras.callbacks.ProgbarLogger):  # type: ignore[misc]
    """Keras's progress, which also knows the steps and epochs before a resumed `fit`."""

    def __init__(self, epochs: int, steps: int, first: int) -> None:
        super().__init__()
        self._of, self._first = {"epochs": epochs, "steps": steps}, first

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params({**params, **self._of})

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        super().on_train_batch_end(min(batch + self._first, self._of["steps"] - 1), logs)


class StopOnDivergence(keras.callbacks.Callback):  # type: ignore[misc]
    """Raises an error as soon as the loss is infinite or not a number.

    Keras's `TerminateOnNaN` ends such a training as if it were done.
    """

    def __init__(self, steps: int, first: int) -> None:
        super().__init__()
        self._steps, self._first = steps, first

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch, self._done = epoch, self._first

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Looks at the loss, once for each call into TensorFlow, which may be several steps."""
        before, self._done = self._done, min(self._first + batch + 1, self._steps)
        loss = (logs or {}).get("loss", 0.0)
        if math.isfinite(loss):
            return
        several = self._done > before + 1
        where = f"between steps {before + 1} and" if several else "step"
        sync(self.model)
        rate = float(self.model.optimizer.learning_rate)
        raise TrainingError(
            f"The loss became {loss} in epoch {self._epoch + 1}, {where} {self._done}: training"
            f" diverged. Most likely the learning rate ({rate:.3g} by then) is too large: try a"
            " tenth of it."
        )
