"""Curves of several seeds: their mean, and one standard deviation either side."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import COLOURS, house_style


@house_style
def bands(
    places: Sequence[float],
    curves: Mapping[str, Array],
    xlabel: str,
    ylabel: str,
    title: str = "",
) -> Figure:
    """Draws one curve for each label, on one plot.

    Args:
        places: Where the values were measured, `(n,)`.
        curves: By label, values `(seeds, n)`.
        xlabel: What varies.
        ylabel: What was measured.
        title: What the plot shows.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    ax: Axes = figure.subplots()
    for (label, values), colour in zip(curves.items(), COLOURS, strict=False):
        mean, spread = np.mean(values, axis=0), np.std(values, axis=0, ddof=1)
        ax.plot(places, mean, color=colour, marker="o", ms=4, label=label)
        ax.fill_between(places, mean - spread, mean + spread, color=colour, alpha=0.2, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title, xticks=places)
    ax.legend()
    return figure
