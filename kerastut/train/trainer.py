"""Trains a recipe once: data, build, fit, evaluate, score."""

import math
from dataclasses import replace
from functools import partial

import keras

from kerastut.data import Data
from kerastut.errors import TrainingError
from kerastut.quiet import acknowledging, without_retracing_warnings
from kerastut.registry import Settings, load_module
from kerastut.train.batches import for_evaluation
from kerastut.train.devices.team import Team
from kerastut.train.encoding import compute_as_stored, end_to_end
from kerastut.train.fitting import fit
from kerastut.train.keeping import Keeper
from kerastut.train.keras_internals import compile_anew
from kerastut.train.preparation import Prepared, build_model, one_line_of, prepare
from kerastut.train.run import Run


def train(
    settings: Settings, verbose: int | str = 0, arrays: Data | None = None, team: Team | None = None
) -> Run:
    """Prepares, fits and evaluates, without files and without the recipe's own scores."""
    return fitted(prepare(settings, arrays, verbose, team), settings, verbose, arrays)


@without_retracing_warnings()
def fitted(
    prepared: Prepared,
    settings: Settings,
    verbose: int | str,
    arrays: Data | None,
    keeper: Keeper | None = None,
) -> Run:
    """Fits and evaluates what was prepared.

    Args:
        prepared: The data and the model.
        settings: The run's settings.
        verbose: See `kerastut.run`.
        arrays: The caller's own data, for further trainings with other settings.
        keeper: Keeps the training as it goes on, or `None` for none.
    """
    keeper = keeper or Keeper()
    refused = one_line_of(TrainingError, settings.recipe, "cannot be trained", LookupError)
    with acknowledging(), refused:
        fit(prepared, settings, verbose, keeper)
        seconds, team = keeper.seconds, prepared.team
        if team:
            prepared = _on_one_device(prepared, settings)
        _hand_over(prepared.model)
        metrics = _evaluate(prepared, settings)
    return Run(
        settings=settings,
        data=prepared.data,
        model=end_to_end(prepared.encoder, prepared.model, prepared.data),
        parameter_count=prepared.model.count_params(),
        history=keeper.history,
        metrics=metrics,
        seconds=seconds,
        retrain=partial(train, arrays=arrays),
        extended_from=keeper.extended_from,
        devices=str(team) if team else None,
    )


@without_retracing_warnings()
def finish(result: Run) -> Run:
    """Adds the scores that the recipe itself computes."""
    score = getattr(load_module(result.settings.recipe), "score", None)
    if score is not None:
        recipe = result.settings.recipe
        with one_line_of(TrainingError, recipe, "has a score that cannot be computed", LookupError):
            result.metrics |= score(result)
    return result


def _on_one_device(prepared: Prepared, settings: Settings) -> Prepared:
    """Returns the same with the trained model on one device, which needs no other worker."""
    model = build_model(prepared.module, settings, prepared.inputs)
    model.set_weights(prepared.model.get_weights())
    model.optimizer.build(model.trainable_variables)
    variables = zip(model.optimizer.variables, prepared.model.optimizer.variables, strict=True)
    for variable, trained in variables:
        variable.assign(keras.ops.convert_to_numpy(trained))
    return replace(prepared, model=model, team=None)


def _evaluate(prepared: Prepared, settings: Settings) -> dict[str, float]:
    test = for_evaluation(prepared.inputs.test, settings.evaluation_batch)
    metrics = prepared.model.evaluate(test, verbose=0, return_dict=True)
    found = {name: float(value) for name, value in metrics.items()}
    if not math.isfinite(found["loss"]):
        raise TrainingError(
            f"The loss on the test data is {found['loss']}: training diverged. Try a smaller"
            " learning_rate."
        )
    return found


def _hand_over(model: keras.Model) -> None:
    """Has the model compute in its weights' precision, one batch a call, as a loaded one does.

    `predict` would compute the batches of a call side by side, in so many times the memory.
    """
    as_it_is = compute_as_stored(model) and model.steps_per_execution == 1
    model.steps_per_execution = 1
    compile_anew(model, training_alone=as_it_is)  # what `fit` has validated with serves further
