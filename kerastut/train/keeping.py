"""How a training is kept while it goes on: what it asks of whoever writes checkpoints.

Training knows no files. It starts where its keeper says, hands over a callback, and reads the
history back; `kerastut.runs` implements this for a run's folder.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

import keras

History = dict[str, list[float]]


@dataclass(frozen=True)
class Start:
    """Where a training begins.

    Args:
        epoch: Epochs that are complete.
        step: Optimizer steps done of the next epoch.
        stopped: Whether a callback has ended the training already.
    """

    epoch: int = 0
    step: int = 0
    stopped: bool = False


class Keeper(Protocol):
    """Keeps a training as it goes on, and knows where it was left."""

    def start(self) -> Start:
        """Returns where to go on; asked again after the rest of an epoch has been trained."""

    @property
    def history(self) -> History:
        """For each metric one value an epoch, from the first epoch of all."""

    @property
    def seconds(self) -> float:
        """Duration of the training, from the first epoch of all, without pauses."""

    @property
    def extended_from(self) -> tuple[int, ...]:
        """Numbers of epochs that the training was to have before it was extended."""

    def callback(
        self, sample: tuple[Any, Any], steps: int, others: Sequence[keras.callbacks.Callback]
    ) -> keras.callbacks.Callback:
        """Returns the callback of one `fit`, which stands last among all.

        Args:
            sample: A batch `(x, y)` of one sample, to build metrics with.
            steps: Steps of an epoch.
            others: The recipe's own callbacks, whose state belongs to the training.
        """

    def deferred(self) -> AbstractContextManager[None]:
        """Returns the context in which a signal waits for the next step."""


class Unkept:
    """A training that nothing keeps: it begins at the beginning, and a signal ends it at once."""

    extended_from: tuple[int, ...] = ()

    def __init__(self) -> None:
        self._callback, self._began = keras.callbacks.History(), 0.0

    def start(self) -> Start:
        """Returns the beginning."""
        return Start()

    @property
    def history(self) -> History:
        """What the one `fit` has returned."""
        found = self._callback.history
        return {name: [float(value) for value in values] for name, values in found.items()}

    @property
    def seconds(self) -> float:
        """Seconds since `fit` was called."""
        return time.perf_counter() - self._began

    def callback(
        self, sample: tuple[Any, Any], steps: int, others: Sequence[keras.callbacks.Callback]
    ) -> keras.callbacks.Callback:
        """Returns Keras's own record of an epoch's metrics."""
        self._began = time.perf_counter()
        return self._callback

    def deferred(self) -> AbstractContextManager[None]:
        """Defers nothing."""
        return nullcontext()
