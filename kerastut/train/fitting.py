"""Fits a prepared model, from the beginning or from a checkpoint."""

import time
from contextlib import nullcontext
from typing import Any

import keras

from kerastut.arrays import map_arrays
from kerastut.registry import Settings
from kerastut.runs import Checkpoint, Checkpoints, Journal
from kerastut.runs.resume import checkpoint as checkpoints
from kerastut.train.batches import Batches, for_evaluation
from kerastut.train.devices.slices import OwnRandomness, batched
from kerastut.train.divergence import StopOnDivergence
from kerastut.train.preparation import Prepared, accepted
from kerastut.train.progress import Progress
from kerastut.train.speed import halves
from kerastut.train.speed.compiled import CompiledSteps

History = dict[str, list[float]]


def fit(
    prepared: Prepared, settings: Settings, verbose: int | str, journal: Journal | None
) -> tuple[History, float]:
    """Fits the model.

    Args:
        prepared: The data and the model.
        settings: The run's settings.
        verbose: See `kerastut.run`.
        journal: Where checkpoints are kept and found, or `None` for none.

    Returns:
        The history by metric name, and the duration in seconds; both from the first epoch of all,
        also if the training was resumed.
    """
    batches = Batches(prepared.inputs.train, settings.batch_size, settings.seed)
    start = journal.start if journal else None
    if journal and start and start.step:
        # Keras has no initial step: the rest of the epoch is a training of its own.
        _fit(prepared, settings, verbose, batches, journal, start, start.epoch + 1)
        start, _ = checkpoints.newest(journal.parent)
    return _fit(prepared, settings, verbose, batches, journal, start, settings.epochs)


def _fit(
    prepared: Prepared,
    settings: Settings,
    verbose: int | str,
    batches: Batches,
    journal: Journal | None,
    start: Checkpoint | None,
    epochs: int,
) -> tuple[History, float]:
    """Fits from a checkpoint to the end of the last of `epochs` epochs."""
    team, first = prepared.team, start.step if start else 0
    make = getattr(prepared.module, "callbacks", list)
    own: list[keras.callbacks.Callback] = make(**accepted(make, settings.parameters))
    progress = Progress(verbose, settings.epochs, batches.steps, first)
    training, feeding = _feeding(prepared, settings, batches, first)
    # Before the strategy's scope, where the pipeline's variables would be mirrored.
    validation = _validation(prepared, settings.evaluation_batch)
    callbacks = [*feeding, *own, *progress.callbacks, StopOnDivergence(first, batches.steps)]
    keeper = None
    if journal:
        keeper = Checkpoints(journal, start, _one_sample(prepared), batches.steps, own)
    began = time.perf_counter()
    with (
        journal.interrupts.deferred() if journal else nullcontext(),
        team.strategy.scope() if team else nullcontext(),
        halves.in_halves(prepared.model) if halves.pay(settings.recipe, team) else nullcontext(),
    ):
        trained = prepared.model.fit(
            training,
            initial_epoch=_initial_epoch(start, epochs),
            epochs=epochs,
            validation_data=validation,
            shuffle=False,  # the pipeline does it, anew in every epoch
            callbacks=[*callbacks, keeper] if keeper else callbacks,
            verbose=progress.keras_verbose,
        )
    if keeper:
        return keeper.history, keeper.seconds
    history = {name: [float(v) for v in values] for name, values in trained.history.items()}
    return history, time.perf_counter() - began


def _feeding(
    prepared: Prepared, settings: Settings, batches: Batches, first: int
) -> tuple[Any, list[keras.callbacks.Callback]]:
    """Returns what `fit` iterates over, and the callbacks that decide an epoch's samples."""
    if prepared.team:
        return prepared.team.feed(batches.dataset(first)), [batches, OwnRandomness(prepared.team)]
    if settings.recipe.jit_compile and keras.config.backend() == "tensorflow":
        compiled = CompiledSteps(batches, first)
        return compiled.numbers(), [batches, compiled]
    return batches.dataset(first), [batches]


def _validation(prepared: Prepared, size: int) -> Any:
    split, team = prepared.inputs.validation, prepared.team
    return team.feed(batched(split, size)) if team else for_evaluation(split, size)


def _initial_epoch(start: Checkpoint | None, epochs: int) -> int:
    """Returns the epoch to go on with; after the last if a callback has ended the training."""
    if start is None:
        return 0
    return epochs if start.stopped else start.epoch


def _one_sample(prepared: Prepared) -> tuple[Any, Any]:
    train = prepared.inputs.train
    x, y = (map_arrays(lambda array: array[:1], arrays) for arrays in (train.x, train.y))
    return x, y
