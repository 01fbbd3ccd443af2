"""Fits a prepared model, from the beginning or from where it was left."""

from contextlib import nullcontext
from typing import Any

import keras

from kerastut.arrays import map_arrays
from kerastut.registry import Settings
from kerastut.train.batches import Batches, for_evaluation
from kerastut.train.devices.slices import OwnRandomness, batched
from kerastut.train.divergence import StopOnDivergence
from kerastut.train.keeping import History, Keeper, Start
from kerastut.train.preparation import Prepared, accepted
from kerastut.train.progress import progress
from kerastut.train.speed import halves
from kerastut.train.speed.compiled import CompiledSteps


def fit(
    prepared: Prepared, settings: Settings, verbose: int | str, keeper: Keeper
) -> tuple[History, float]:
    """Fits the model.

    Args:
        prepared: The data and the model.
        settings: The run's settings.
        verbose: See `kerastut.run`.
        keeper: Says where to begin, and keeps the training as it goes on.

    Returns:
        The history by metric name, and the duration in seconds; both from the first epoch of all,
        also if the training was resumed.
    """
    batches = Batches(prepared.inputs.train, settings.batch_size, settings.seed)
    start = keeper.start()
    if start.step:
        # Keras has no initial step: the rest of the epoch is a training of its own.
        _fit(prepared, settings, verbose, batches, keeper, start, start.epoch + 1)
        start = keeper.start()
    _fit(prepared, settings, verbose, batches, keeper, start, settings.epochs)
    return keeper.history, keeper.seconds


def _fit(
    prepared: Prepared,
    settings: Settings,
    verbose: int | str,
    batches: Batches,
    keeper: Keeper,
    start: Start,
    epochs: int,
) -> None:
    """Fits from a place to the end of the last of `epochs` epochs."""
    team, first = prepared.team, start.step
    make = getattr(prepared.module, "callbacks", list)
    own: list[keras.callbacks.Callback] = make(**accepted(make, settings.parameters))
    loudness, shown = progress(verbose, settings.epochs, batches.steps, first)
    training, feeding = _feeding(prepared, settings, batches, first)
    # Before the strategy's scope, where the pipeline's variables would be mirrored.
    validation = _validation(prepared, settings.evaluation_batch)
    callbacks = [*feeding, *own, *shown, StopOnDivergence(first, batches.steps)]
    keeping = keeper.callback(_one_sample(prepared), batches.steps, own)
    with (
        keeper.deferred(),
        team.strategy.scope() if team else nullcontext(),
        halves.in_halves(prepared.model) if halves.pay(settings.recipe, team) else nullcontext(),
    ):
        prepared.model.fit(
            training,
            # After the last epoch if a callback has ended the training before.
            initial_epoch=epochs if start.stopped else start.epoch,
            epochs=epochs,
            validation_data=validation,
            shuffle=False,  # the pipeline does it, anew in every epoch
            callbacks=[*callbacks, keeping],
            verbose=loudness,
        )


def _feeding(
    prepared: Prepared, settings: Settings, batches: Batches, first: int
) -> tuple[Any, list[keras.callbacks.Callback]]:
    """Returns what `fit` iterates over, and the callbacks that decide an epoch's samples."""
    if prepared.team:
        return prepared.team.feed(batches.dataset(first)), [batches, OwnRandomness(prepared.team)]
    if settings.recipe.speed == "xla" and keras.config.backend() == "tensorflow":
        compiled = CompiledSteps(batches, first)
        return compiled.numbers(), [batches, compiled]
    return batches.dataset(first), [batches]


def _validation(prepared: Prepared, size: int) -> Any:
    split, team = prepared.inputs.validation, prepared.team
    return team.feed(batched(split, size)) if team else for_evaluation(split, size)


def _one_sample(prepared: Prepared) -> tuple[Any, Any]:
    train = prepared.inputs.train
    x, y = (map_arrays(lambda array: array[:1], arrays) for arrays in (train.x, train.y))
    return x, y
