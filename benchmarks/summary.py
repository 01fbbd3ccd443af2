"""The statistics of the tables."""

import math
from collections.abc import Sequence
from statistics import fmean, median, stdev

__all__ = ["geometric_mean", "mean_error", "median", "reached", "spread"]


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Returns the median with the lowest and the highest value: `3.10 (3.02..3.41)`.

    No values give a dash.
    """
    if not values:
        return "-"
    middle = format(median(values), form)
    if len(values) == 1:
        return middle
    return f"{middle} ({format(min(values), form)}..{format(max(values), form)})"


def mean_error(values: Sequence[float]) -> tuple[float, float]:
    """Returns the mean and its standard error; NaN for the error of a single value."""
    if len(values) < 2:
        return fmean(values), math.nan
    return fmean(values), stdev(values) / math.sqrt(len(values))


def reached(ours: Sequence[float], target: Sequence[float], higher_is_better: bool) -> bool:
    """Tells whether our mean is at most one standard error of the difference worse."""
    (our_mean, our_error), (mean, error) = mean_error(ours), mean_error(target)
    allowed = math.hypot(our_error, error)
    worse = mean - our_mean if higher_is_better else our_mean - mean
    return worse <= (0.0 if math.isnan(allowed) else allowed)


def geometric_mean(ratios: Sequence[float]) -> float:
    """Returns the geometric mean of positive numbers."""
    return math.exp(fmean(map(math.log, ratios)))
