"""Puts a training's whole state into checkpoints, and a checkpoint's state back into a training.

Keras's `save_weights` keeps the weights and the optimizer. What else decides the next step is added
here: the running metrics, the random layers' states, the callbacks' counters and the history.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.errors import CheckpointError, one_line, shown
from kerastut.runs.interrupts import Interrupted
from kerastut.runs.resume import checkpoint as checkpoints
from kerastut.runs.resume.checkpoint import Checkpoint, Simple
from kerastut.runs.resume.journal import Journal
from kerastut.train import Keeper, Start, has_own_step, random_states, sync

SHARE = 0.01  # of the training's time that saving may take
EXPECTED = 0.05  # seconds that saving takes, until the first time tells
LONGEST = 30.0  # seconds of work, within an epoch, that a power cut may cost


class Kept(Keeper):
    """A training that its run's folder keeps.

    It saves now and then, and when it is interrupted; it starts where one was left. As a callback
    it stands last, so that it sees what the others have done.
    """

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal, self._start = journal, journal.start
        self._trained = False
        self.extended_from = tuple(journal.identity["extended_from"])

    def start(self) -> Start:
        """Returns where the newest checkpoint was written, or the beginning."""
        if self._trained:  # the rest of an epoch, by itself
            self._start, _ = checkpoints.newest(self._journal.parent)
        found = self._start
        return Start(found.epoch, found.step, found.stopped) if found else Start()

    def callback(
        self, sample: tuple[Any, Any], steps: int, others: Sequence[keras.callbacks.Callback]
    ) -> keras.callbacks.Callback:
        """Returns itself, to go on from where `start` was."""
        super().callback(sample, steps, others)
        start, self._trained = self._start, True
        self._sample, self._steps, self._others = sample, steps, others
        self.history = {k: list(v) for k, v in start.history.items()} if start else {}
        self._before = start.seconds if start else 0.0
        self._epoch = start.epoch if start else 0
        self._first = start.step if start else 0
        self._cost = EXPECTED
        return self

    def deferred(self) -> AbstractContextManager[None]:
        """Has a signal wait until the step under way is done and saved."""
        return self._journal.interrupts.deferred()

    @property
    def seconds(self) -> float:
        """Duration of the training, without what lay between a stop and its resumption."""
        return self._before + super().seconds

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Loads weights and optimizer; the other callbacks have reset themselves by now."""
        super().on_train_begin(logs)
        self._began = self._saved = time.perf_counter()
        if self._start is None:
            return
        self.model.optimizer.build(self.model.trainable_variables)
        try:
            self.model.load_weights(self._start.weights)
        except Exception as error:  # Keras may raise anything for a file that is not its own
            raise CheckpointError(f"{self._start.weights}: {one_line(error)}") from error
        self._restore_callbacks(self._start)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Restores what an epoch's begin resets, if the epoch is resumed within."""
        self._epoch = epoch
        if self._start is None or not self._first:
            return
        if has_own_step(self.model):  # Keras makes its metrics at the first batch
            self.model.test_on_batch(*self._sample)
            self.model.reset_metrics()
        for name, variable in self._variables().items():
            variable.assign(self._start.arrays[name])
        self._restore_callbacks(self._start)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Saves within an epoch: on a signal, or if much work would be lost."""
        step = self._first + batch + 1
        if self._journal.whole_epochs:
            self._stop_if_interrupted()
        elif step < self._steps and (self._journal.interrupts.pending or self._due(LONGEST)):
            self._save(step)
            self._stop_if_interrupted()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Saves at the end of an epoch."""
        super().on_epoch_end(epoch, logs)
        self._epoch = epoch + 1
        last = self._epoch == self.params["epochs"] or self.model.stop_training
        always = last or self._journal.whole_epochs
        if always or self._journal.interrupts.pending or self._due(0.0):
            self._save(0)
        if not last:
            self._stop_if_interrupted()

    def _due(self, least: float) -> bool:
        """Returns whether saving now keeps to its share of the time."""
        return time.perf_counter() - self._saved > max(least, self._cost / SHARE)

    def _save(self, step: int) -> None:
        began = time.perf_counter()
        sync(self.model)
        checkpoint = Checkpoint(
            identity=self._journal.identity,
            epoch=self._epoch,
            step=step,
            stopped=bool(self.model.stop_training),
            history=self.history,
            seconds=self.seconds,
            callbacks=[_simple(callback) for callback in self._others],
            arrays={k: keras.ops.convert_to_numpy(v) for k, v in self._variables().items()}
            | _arrays(self._others),
        )
        checkpoints.save(checkpoint, self.model, self._journal.parent)
        self._saved = time.perf_counter()
        self._cost = self._saved - began

    def _stop_if_interrupted(self) -> None:
        if self._journal.interrupts.pending:
            raise Interrupted(self._journal.interrupts.pending)

    def _variables(self) -> dict[str, keras.Variable]:
        """Returns what `save_weights` leaves out and an epoch changes from step to step."""
        if self._journal.whole_epochs:  # an epoch's begin sets them anew
            return {}
        metrics = {f"metric_{i}": v for i, v in enumerate(self.model.metrics_variables)}
        return metrics | {f"random_{i}": v for i, v in enumerate(random_states(self.model))}

    def _restore_callbacks(self, start: Checkpoint) -> None:
        kept = zip(self._others, start.callbacks, strict=True)
        for number, (callback, simple) in enumerate(kept):
            for name, value in (simple | _arrays_of(start.arrays, number)).items():
                if not isinstance(vars(callback).get(name), (Simple, list)):
                    raise CheckpointError(
                        f"{start.folder}: keeps {shown(name)} for a callback, whose own is neither"
                        " a number nor a list."
                    )
                vars(callback)[name] = value


def _simple(callback: keras.callbacks.Callback) -> dict[str, Simple]:
    """Returns the attributes that JSON keeps exactly."""
    found = {}
    for name, value in vars(callback).items():
        simple = value.item() if isinstance(value, np.generic) else value
        if isinstance(simple, Simple):
            found[name] = simple
    return found


def _arrays(callbacks: Sequence[keras.callbacks.Callback]) -> dict[str, Array]:
    """Returns the attributes that are lists of arrays, such as `EarlyStopping.best_weights`."""
    return {
        f"callback_{number}_{name}_{i}": array
        for number, callback in enumerate(callbacks)
        for name, value in vars(callback).items()
        if isinstance(value, list) and value and all(isinstance(a, np.ndarray) for a in value)
        for i, array in enumerate(value)
    }


def _arrays_of(arrays: dict[str, Array], number: int) -> dict[str, list[Array]]:
    found: dict[str, list[Array]] = {}
    prefix = f"callback_{number}_"
    for key, array in arrays.items():  # in the order in which they were written
        if key.startswith(prefix):
            found.setdefault(key.removeprefix(prefix).rpartition("_")[0], []).append(array)
    return found
