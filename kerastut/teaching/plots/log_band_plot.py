"""Curves of several seeds over a setting that is varied by factors."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.teaching.plots.band_plot import bands


def log_bands(
    places: Sequence[float], curves: Mapping[str, Array], xlabel: str, ylabel: str
) -> Figure:
    """Draws what `bands` draws, over a logarithmic axis.

    Args:
        places: Where the values were measured, `(n,)`, positive.
        curves: By label, values `(seeds, n)`.
        xlabel: What varies.
        ylabel: What was measured.

    Returns:
        The figure.
    """
    figure = bands(places, curves, xlabel, ylabel)
    figure.axes[0].set_xscale("log")
    return figure
