"""How large a layer's weights are."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import COLOURS, house_style


@house_style
def weight_sizes(weights: Mapping[str, Array], title: str) -> Figure:
    """Draws the share of weights whose size is at most some value, one curve for each label.

    Args:
        weights: By label, weights of any shape.
        title: What the plot shows.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    ax: Axes = figure.subplots()
    for (label, values), colour in zip(weights.items(), COLOURS, strict=False):
        sizes = np.sort(np.abs(values), axis=None)
        ax.plot(sizes, np.linspace(0, 1, len(sizes)), color=colour, lw=2, label=label)
    ax.set(xscale="log", xlim=(1e-5, 1), ylim=(0, 1.02), title=title)
    ax.set(xlabel="size of a weight, $|w|$", ylabel="share of smaller weights")
    ax.legend()
    return figure
