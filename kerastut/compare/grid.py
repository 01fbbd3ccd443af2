"""Trains a recipe with every combination of some settings, several seeds each."""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import product
from pathlib import Path
from typing import Any

from kerastut.errors import ParameterError, TrainingError, UnknownNameError, did_you_mean
from kerastut.registry import Recipe, Settings, parse_parameter, resolve

# What may be varied beside the recipe's own hyperparameters.
RUN_SETTINGS = ("batch_size", "epochs", "limit")
LOWER_IS_BETTER = ("loss", "*error", "gap*")


@dataclass(frozen=True)
class Trial:
    """One training of the grid.

    Args:
        values: The varied settings by name.
        settings: All settings.
    """

    values: Mapping[str, Any]
    settings: Settings


@dataclass(frozen=True)
class Outcome:
    """What came of a trial.

    Args:
        trial: What was trained.
        metrics: Metrics on the test split; empty if the training diverged.
        seconds: Duration of the training; NaN if it diverged.
        data_sha256: Digest of the data, or `None` if the training diverged.
    """

    trial: Trial
    metrics: Mapping[str, float]
    seconds: float
    data_sha256: str | None


@dataclass(frozen=True)
class Summary:
    """The runs of one combination, one value a seed.

    Args:
        values: The varied settings by name.
        metrics: For each metric its values; NaN where the training diverged.
        seconds: Durations; NaN where the training diverged.
        diverged: How many trainings diverged.
    """

    values: Mapping[str, Any]
    metrics: Mapping[str, Sequence[float]]
    seconds: Sequence[float]
    diverged: int


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


def as_text(value: Any) -> str:
    """Returns a value in the form in which the command line takes it."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def grid(
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

    trials = list(trials)
    first = trials[0].settings
    prepared = prepare(first)
    for trial in trials:
        if trial.settings.seed == first.seed:
            build_model(prepared.module, trial.settings, prepared.inputs)


def outcomes(trials: Iterable[Trial]) -> Iterator[Outcome]:
    """Trains one trial after the other; one that diverges does not end the grid."""
    for trial in trials:
        yield _outcome(trial)


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


def summarize(found: Sequence[Outcome]) -> list[Summary]:
    """Gathers the runs of each combination, the best mean of the first metric first."""
    metrics = metric_names(found)
    groups: dict[tuple[Any, ...], list[Outcome]] = {}
    for outcome in found:
        groups.setdefault(tuple(outcome.trial.values.values()), []).append(outcome)
    summaries = [
        Summary(
            values=group[0].trial.values,
            metrics={m: [one.metrics.get(m, math.nan) for one in group] for m in metrics},
            seconds=[one.seconds for one in group],
            diverged=sum(not one.metrics for one in group),
        )
        for group in groups.values()
    ]
    return sorted(summaries, key=lambda summary: _rank(summary, metrics[0]))


def metric_names(found: Sequence[Outcome]) -> list[str]:
    """Returns the metrics to compare: those with an expected band, or else all."""
    expected = list(found[0].trial.settings.recipe.expect)
    seen = list(dict.fromkeys(name for outcome in found for name in outcome.metrics))
    return expected or seen or ["loss"]


def lower_is_better(metric: str) -> bool:
    """Tells by a metric's name whether a small value is a good one."""
    return any(fnmatch(metric, pattern) for pattern in LOWER_IS_BETTER)


def _rank(summary: Summary, metric: str) -> tuple[bool, float]:
    value = mean(summary.metrics[metric])
    return math.isnan(value), value if lower_is_better(metric) else -value


def mean(values: Sequence[float]) -> float:
    """Returns the mean; NaN if one of the values is."""
    return math.fsum(values) / len(values)


def deviation(values: Sequence[float]) -> float:
    """Returns the sample standard deviation; NaN for a single value."""
    if len(values) < 2:
        return math.nan
    centre = mean(values)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def record(
    varied: Mapping[str, Sequence[Any]], repeats: int, found: Sequence[Outcome]
) -> dict[str, Any]:
    """Returns everything that is needed to repeat the comparison, and what came of it.

    What is not a number is `None`, as JSON has none.
    """
    from kerastut.runs import machine, versions

    settings = found[0].trial.settings
    own = {name: value for name, value in settings.parameters.items() if name not in varied}
    fixed = {
        "dataset": settings.dataset,
        **{name: getattr(settings, name) for name in RUN_SETTINGS if name not in varied},
    }
    recipe = settings.recipe
    return {
        "recipe": recipe.name,
        "recipe_file": None if recipe.packaged else str(recipe.path),
        "varied": {name: list(values) for name, values in varied.items()},
        "repeats": repeats,
        "first_seed": settings.seed,
        **fixed,
        "parameters": own,
        "data_sha256": {
            str(one.trial.settings.seed): one.data_sha256 for one in found if one.data_sha256
        },
        "combinations": [
            {
                "values": dict(summary.values),
                "metrics": {name: _spread(values) for name, values in summary.metrics.items()},
                "seconds": _spread(summary.seconds),
                "diverged": summary.diverged,
            }
            for summary in summarize(found)
        ],
        "versions": versions(),
        "machine": machine(),
    }


def _spread(values: Sequence[float]) -> dict[str, Any]:
    return {
        "mean": _finite(mean(values)),
        "sd": _finite(deviation(values)),
        "values": [_finite(value) for value in values],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def write(
    varied: Mapping[str, Sequence[Any]], repeats: int, found: Sequence[Outcome], folder: Path
) -> None:
    """Writes `results.csv`, `results.json` and `compare.png`."""
    from kerastut.plotting import comparison, save

    text = json.dumps(record(varied, repeats, found), indent=2, allow_nan=False)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    write_rows(found, folder / "results.csv")
    summaries = summarize(found)
    rows = [{name: as_text(v) for name, v in summary.values.items()} for summary in summaries]
    values = {name: [s.metrics[name] for s in summaries] for name in metric_names(found)}
    save(comparison(rows, values)[0], folder / "compare.png")


def write_rows(found: Sequence[Outcome], path: Path) -> None:
    """Writes one row a run, in the order in which they ran; numbers in full precision."""
    metrics = metric_names(found)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*found[0].trial.values, "seed", *metrics, "seconds"])
        for one in found:
            numbers = [one.metrics.get(name, math.nan) for name in metrics]
            values = map(as_text, one.trial.values.values())
            table.writerow([*values, one.trial.settings.seed, *map(repr, [*numbers, one.seconds])])
