"""Trains a recipe with every combination of some settings, several seeds each."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from kerastut.errors import ParameterError, TrainingError, UnknownNameError, did_you_mean
from kerastut.registry import Recipe, Settings, as_text, parse_parameter, resolve

# What may be varied beside the recipe's own hyperparameters.
RUN_SETTINGS = ("batch_size", "epochs", "limit")


@dataclass(frozen=True)
class Trial:
    """One training of the grid."""

    values: Mapping[str, Any]  # the varied settings by name
    settings: Settings  # all settings


@dataclass(frozen=True)
class Outcome:
    """What came of a trial."""

    trial: Trial
    metrics: Mapping[str, float]  # on the test split; empty if the training diverged
    seconds: float  # of training; NaN if it diverged
    data_sha256: str | None  # `None` if it diverged


def parse_values(recipe: Recipe, name: str, text: str) -> tuple[Any, ...]:
    """Reads the values that a setting is to take, from the command line.

    Args:
        recipe: Whose setting it is.
        name: A hyperparameter of the recipe, or one of `RUN_SETTINGS`.
        text: The values with commas between; with slashes if each is itself a list of numbers.

    Raises:
        UnknownNameError: If there is no such setting.
        ParameterError: If a value is unfit, empty or stands twice.
    """
    known = (*recipe.parameters, *RUN_SETTINGS)
    if name not in known:
        raise UnknownNameError(
            f"{recipe.name} has no setting {name!r} to vary. {did_you_mean(name, known)}"
            f" It takes {', '.join(known)}."
        )
    several = name in recipe.parameters and isinstance(recipe.parameters[name].default, tuple)
    separator = "/" if several else ","
    parts = [part.strip() for part in text.split(separator)]
    if not all(parts):
        raise ParameterError(
            f"{name} must be values with {separator!r} between, such as"
            f" {'16,32/32,64' if several else 'A,B,C'}; received {text!r}."
        )
    values = tuple(_parse_value(recipe, name, part) for part in parts)
    twice = [value for number, value in enumerate(values) if value in values[:number]]
    if twice:
        raise ParameterError(f"{name} has {as_text(twice[0])} twice in {text!r}. Leave one out.")
    return values


def _parse_value(recipe: Recipe, name: str, text: str) -> Any:
    if name in recipe.parameters:
        return parse_parameter(recipe, name, text)
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise ParameterError(f"{name} must be positive integers; received {text!r}.")
    return value


def make_grid(
    recipe: Recipe,
    varied: Mapping[str, Sequence[Any]],
    parameters: Mapping[str, Any],
    repeats: int = 1,
    **options: Any,
) -> list[Trial]:
    """Returns every combination with every seed; all combinations of a seed before the next seed.

    Args:
        recipe: What to train.
        varied: Values by name of a hyperparameter or of one of `RUN_SETTINGS`.
        parameters: Hyperparameters that stay the same.
        repeats: Seeds for each combination, counted up from the first.
        **options: What `kerastut.registry.resolve` takes: `data`, `data_options`, `epochs`,
            `batch_size`, `seed` (the first) and `limit`.

    Raises:
        KerastutError: If a setting is unknown, unfit, or both varied and set.
    """
    for name in varied:
        if name in parameters or options.get(name) is not None:
            raise ParameterError(f"{name} is both varied and set. Leave out one of the two.")
    first = resolve(recipe, parameters, **options).seed
    trials = []
    for seed in range(first, first + repeats):
        for combination in product(*varied.values()):
            values = dict(zip(varied, combination, strict=True))
            own = {name: value for name, value in values.items() if name in recipe.parameters}
            rest = {name: value for name, value in values.items() if name not in own}
            fixed = {**options, **rest, "seed": seed}
            trials.append(Trial(values, resolve(recipe, {**parameters, **own}, **fixed)))
    return trials


def check(trials: Iterable[Trial]) -> None:
    """Builds every model once, so that what only Keras can refuse is refused before any training.

    Raises:
        KerastutError: If the data do not fit or the recipe's builder refuses a value.
    """
    from kerastut.train import build_model, prepare

    first, *others = (trial.settings for trial in trials)
    prepared = prepare(first)
    for settings in others:
        if settings.seed == first.seed:
            build_model(prepared.module, settings, prepared.inputs)


def outcomes(trials: Iterable[Trial]) -> Iterator[Outcome]:
    """Trains one trial after the other; one that diverges does not end the grid."""
    yield from map(_outcome, trials)


def _outcome(trial: Trial) -> Outcome:
    import keras

    from kerastut.train import finish, train

    keras.utils.clear_session()  # else every model of the grid stays in memory
    try:
        run = train(trial.settings, verbose=0)
        if not set(run.metrics) >= set(trial.settings.recipe.expect):
            finish(run)
    except TrainingError:
        return Outcome(trial, {}, math.nan, None)
    return Outcome(trial, run.metrics, run.seconds, run.data.sha256)
