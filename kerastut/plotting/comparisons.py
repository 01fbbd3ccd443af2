"""Runs with different settings, side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from kerastut.plotting.style import COLOURS, GREY, house_style, new_figure, plain


@house_style
def comparison(
    rows: Sequence[Mapping[str, str]],
    values: Mapping[str, Sequence[Sequence[float]]],
    ax: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draws one row a combination: its runs, their mean and one standard deviation either side.

    Args:
        rows: For each combination what each varied setting was, topmost first. The first setting
            decides the colour.
        values: For each metric and each combination the values of its runs; NaN is a run that
            diverged.
        ax: One axes for each metric; new ones if `None`.

    Returns:
        The axes, in the order of `values`.
    """
    if ax is None:
        size = (1.2 + 3.2 * len(values) + 0.09 * _longest(rows), 1.3 + 0.3 * len(rows))
        _, grid = new_figure(*size, ncols=len(values), sharey=True, squeeze=False)
        ax = list(grid[0])
    first = next(iter(rows[0]))
    kinds = list(dict.fromkeys(row[first] for row in rows))
    colours = [COLOURS[kinds.index(row[first]) % len(COLOURS)] for row in rows]
    for axes, (metric, runs) in zip(ax, values.items(), strict=True):
        for height, (numbers, colour) in enumerate(zip(runs, colours, strict=True)):
            _row(axes, height, np.asarray(numbers, float), colour)
        axes.set(title=plain(metric.replace("_", " ")), ylim=(len(rows) - 0.5, -0.5))
        axes.set_yticks(range(len(rows)), labels=[plain(", ".join(row.values())) for row in rows])
        _spread_wide(axes, runs)
    ax[0].set_ylabel(plain(", ".join(rows[0])))
    if any(len(numbers) > 1 for runs in values.values() for numbers in runs):
        ax[0].set_xlabel("dots: runs; diamond: mean ± standard deviation", fontsize=8)
    return list(ax)


def _row(axes: Axes, height: int, numbers: np.ndarray, colour: str) -> None:
    """Draws the runs of one combination; text takes the place of a mean that does not exist."""
    finite = numbers[np.isfinite(numbers)]
    below = np.full(len(finite), height + 0.25)  # beside the mean, which would cover them
    axes.scatter(finite, below, s=14, color=colour, alpha=0.6, linewidths=0)
    if len(finite) < len(numbers):
        share = "" if not len(finite) else f"{len(numbers) - len(finite)} of {len(numbers)} "
        place = axes.get_yaxis_transform()
        axes.text(0.02, height, f"{share}diverged", transform=place, va="center", color=GREY)
        return
    spread = finite.std(ddof=1) if len(finite) > 1 else 0.0
    axes.errorbar(
        finite.mean(), height, xerr=spread or None, fmt="D", ms=7, color=colour, capsize=3, lw=1.2
    )


def _spread_wide(axes: Axes, runs: Sequence[Sequence[float]]) -> None:
    """Sets a logarithmic scale for positive values that differ by orders of magnitude."""
    finite = [number for numbers in runs for number in numbers if np.isfinite(number)]
    if finite and min(finite) > 0 and max(finite) / min(finite) > 100:
        axes.set_xscale("log")


def _longest(rows: Sequence[Mapping[str, str]]) -> int:
    return max(len(", ".join(row.values())) for row in rows)
