"""Curves of several seeds over a setting that is varied by factors."""

from collections.abc import Mapping, Sequence
from typing import cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.data.splits import Array
from kerastut.plotting.style import house_style, new_figure
from kerastut.teaching.band_plot import bands


@house_style
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
    ax = cast(Axes, new_figure()[1])
    ax.set_xscale("log")
    return bands(places, curves, xlabel, ylabel, ax=ax)
