"""What a training run prints as it goes."""

import sys
import time
from typing import Any

import keras


class Progress:
    """Chooses between Keras's bar, one line an epoch, and silence.

    Args:
        verbose: 0 silent, 1 bar, 2 lines, `"auto"` bar on a terminal, else lines.
        epochs: How many there will be.
        steps: Steps of an epoch.
        first: Steps of the first epoch that were done before.

    Attributes:
        keras_verbose: The value for `fit(verbose=)`.
        callbacks: What to add to `fit(callbacks=)`.
    """

    def __init__(self, verbose: int | str, epochs: int, steps: int, first: int = 0) -> None:
        if verbose == "auto":
            verbose = 1 if sys.stdout.isatty() else 2
        self.keras_verbose = 1 if verbose == 1 else 0
        shown = {1: [Bar(epochs, steps, first)], 2: [EpochLines(epochs)]}
        self.callbacks: list[keras.callbacks.Callback] = shown.get(int(verbose), [])


class Bar(keras.callbacks.ProgbarLogger):  # type: ignore[misc]
    """Keras's bar, which also knows the steps and epochs before a resumed `fit`."""

    def __init__(self, epochs: int, steps: int, first: int) -> None:
        super().__init__()
        self._of, self._first = {"epochs": epochs, "steps": steps}, first

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params({**params, **self._of})

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        super().on_train_batch_end(min(batch + self._first, self._of["steps"] - 1), logs)


class EpochLines(keras.callbacks.Callback):  # type: ignore[misc]
    """Prints one line an epoch, for logs and pipes."""

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self._epochs, self._start = epochs, 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        values = "  ".join(f"{name} {value:.4f}" for name, value in (logs or {}).items())
        seconds = time.perf_counter() - self._start
        print(f"epoch {epoch + 1}/{self._epochs}  {values}  {seconds:.1f} s", flush=True)
