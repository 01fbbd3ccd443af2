"""The runs of each combination side by side: mean, deviation, rank."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from statistics import fmean
from typing import Any

from kerastut.compare.grid import Outcome

LOWER_IS_BETTER = ("loss", "*error", "gap*")

mean = fmean  # NaN if one of the values is


@dataclass(frozen=True)
class Summary:
    """The runs of one combination, one value a seed; NaN where the training diverged."""

    values: Mapping[str, Any]  # the varied settings by name
    metrics: Mapping[str, Sequence[float]]
    seconds: Sequence[float]
    diverged: int  # how many trainings diverged


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


def deviation(values: Sequence[float]) -> float:
    """Returns the sample standard deviation; NaN for a single value."""
    if len(values) < 2:
        return math.nan
    centre = mean(values)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))
