"""What a training run prints as it goes."""

import sys
from typing import Any

import keras


def progress(
    verbose: int | str, epochs: int, steps: int, first: int = 0
) -> tuple[int, list[keras.callbacks.Callback]]:
    """Chooses between Keras's bar, its two lines an epoch, and silence.

    Args:
        verbose: 0 silent, 1 bar, 2 lines, `"auto"` bar on a terminal, else lines.
        epochs: How many there will be.
        steps: Steps of an epoch.
        first: Steps of the first epoch that were done before.

    Returns:
        The value for `fit(verbose=)`, and what to add to `fit(callbacks=)`.
    """
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
