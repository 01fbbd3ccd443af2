"""How a training is kept while it goes on: what it asks of whoever writes checkpoints.

Training knows no files. It starts where its keeper says, hands over a callback, and reads the
history back; `kerastut.runs` has a keeper that writes into a run's folder.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import keras


@dataclass(frozen=True)
class Start:
    """Where a training begins."""

    epoch: int = 0  # epochs that are complete
    step: int = 0  # optimizer steps done of the next epoch
    stopped: bool = False  # whether a callback has ended the training already


class Keeper(keras.callbacks.History):  # type: ignore[misc]
    """Keeps a training's history, with one value an epoch from the first of all, and no more.

    The training begins at the beginning, and a signal ends it at once; what is derived may differ.
    """

    # Numbers of epochs that the training was to have before it was extended.
    extended_from: tuple[int, ...] = ()

    def start(self) -> Start:
        """Returns where to go on; asked again after the rest of an epoch has been trained."""
        return Start()

    @property
    def seconds(self) -> float:
        """Duration of the training, from the first epoch of all, without pauses."""
        return time.perf_counter() - self._began

    def callback(
        self, sample: tuple[Any, Any], steps: int, others: Sequence[keras.callbacks.Callback]
    ) -> keras.callbacks.Callback:
        """Returns the callback of one `fit`, which stands last among all.

        Args:
            sample: A batch `(x, y)` of one sample, to build metrics with.
            steps: Steps of an epoch.
            others: The recipe's own callbacks, whose state belongs to the training.
        """
        self._began = time.perf_counter()
        return self

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        super().on_epoch_end(epoch, {name: float(value) for name, value in (logs or {}).items()})

    def deferred(self) -> AbstractContextManager[None]:
        """Returns the context in which a signal waits for the next step."""
        return nullcontext()
