"""Stops a training whose loss is no longer a number."""

import math

import keras

from kerastut.errors import TrainingError
from kerastut.train.keras_internals import sync


class StopOnDivergence(keras.callbacks.Callback):  # type: ignore[misc]
    """Raises an error as soon as the loss is infinite or not a number.

    Keras's `TerminateOnNaN` ends such a training as if it were done.

    Args:
        first: Steps of the first epoch that were done before.
        steps: Steps of an epoch.
    """

    def __init__(self, first: int, steps: int) -> None:
        super().__init__()
        self._first, self._steps = first, steps
        self._epoch, self._done = 0, first

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Counts the steps anew."""
        self._epoch, self._done = epoch, self._first

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Looks at the loss, once for each call into TensorFlow, which may be several steps."""
        before, self._done = self._done, min(self._first + batch + 1, self._steps)
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            raise TrainingError(
                f"The loss became {loss} in epoch {self._epoch + 1}, {_steps(before, self._done)}:"
                f" training diverged. {_cause(self.model)}"
            )


def _steps(before: int, now: int) -> str:
    return f"step {now}" if now == before + 1 else f"between steps {before + 1} and {now}"


def _cause(model: keras.Model) -> str:
    sync(model)
    rate = float(model.optimizer.learning_rate)
    return f"Most likely the learning rate ({rate:.3g} by then) is too large: try a tenth of it."
