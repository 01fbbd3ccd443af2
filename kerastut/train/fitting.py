"""Fits a prepared model, from the beginning or from where it was left."""

from contextlib import nullcontext
from typing import Any

import keras

from kerastut.registry import Settings
from kerastut.train.batches import Batches, for_evaluation, one_sample
from kerastut.train.by_class import class_weights
from kerastut.train.devices.slices import OwnRandomness, batched
from kerastut.train.keeping import Keeper
from kerastut.train.keras_internals import build_for, has_own_step
from kerastut.train.preparation import Prepared, accepted
from kerastut.train.speed import halves
from kerastut.train.speed.compiled import CompiledSteps
from kerastut.train.watching import StopOnDivergence, progress


def fit(prepared: Prepared, settings: Settings, verbose: int | str, keeper: Keeper) -> None:
    """Fits the model from where its keeper says, which keeps the training as it goes on."""
    weights = class_weights(prepared.data) if settings.balance else None
    batches = Batches(prepared.inputs.train, settings.batch_size, settings.seed, weights)
    if keeper.start().step:
        # Keras has no initial step: the rest of the epoch is a training of its own.
        _fit(prepared, settings, verbose, batches, keeper)
    _fit(prepared, settings, verbose, batches, keeper)


def _fit(
    prepared: Prepared, settings: Settings, verbose: int | str, batches: Batches, keeper: Keeper
) -> None:
    """Fits to the end of the epoch that was left, if it was within, or else of all."""
    team, start = prepared.team, keeper.start()
    epochs = start.epoch + 1 if start.step else settings.epochs
    make = getattr(prepared.module, "callbacks", list)
    own: list[keras.callbacks.Callback] = make(**accepted(make, settings.parameters))
    loudness, shown = progress(verbose, settings.epochs, batches.steps, start.step)
    training, feeding = _feeding(prepared, settings, batches, start.step)
    # Before the strategy's scope, where the pipeline's variables would be mirrored.
    held_out, size = prepared.inputs.validation, settings.evaluation_batch
    validation = team.feed(batched(held_out, size)) if team else for_evaluation(held_out, size)
    callbacks = [*feeding, *own, *shown, StopOnDivergence(batches.steps, start.step)]
    divided = halves.worthwhile(settings.recipe, team)
    sample = one_sample(prepared.inputs.train)
    if not team and not has_own_step(prepared.model):
        # TensorFlow traces a step once more if it makes the optimizer's and metrics' variables.
        build_for(prepared.model, *sample)
    keeping = keeper.callback(sample, batches.steps, own)
    with (
        keeper.deferred(),
        team.strategy.scope() if team else nullcontext(),
        halves.in_halves(prepared.model) if divided else nullcontext(),
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
