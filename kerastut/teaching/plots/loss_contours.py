"""A loss of two weights seen from above."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import BLUE, ORANGE, house_style


@house_style
def contours(x: Array, y: Array, start: Array, best: Array) -> Figure:
    """Draws the mean squared error of a line over weight and bias, and where downhill is.

    Args:
        x: Inputs `(n,)`.
        y: Targets `(n,)`.
        start: Weight and bias to mark, `(2,)`.
        best: Weight and bias of the lowest point, `(2,)`.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(6.4, 5.0), layout="constrained")
    ax: Axes = figure.subplots()
    weight, bias = np.meshgrid(np.linspace(-2.5, 5.0, 61), np.linspace(-1.5, 4.0, 61))
    error = weight[..., None] * x + bias[..., None] - y
    loss = (error**2).mean(axis=-1)
    levels = np.geomspace(0.01, 50, 16)
    filled = ax.contourf(weight, bias, loss, levels=levels, norm=LogNorm(0.01, 2000), cmap="Blues")
    colours = figure.colorbar(filled, ax=ax, label="loss $L(w, b)$", ticks=[0.01, 0.1, 1, 10])
    colours.ax.set_yticklabels(["0.01", "0.1", "1", "10"])
    every = (slice(4, None, 8), slice(4, None, 8))
    downhill = -2 * np.stack([(error * x).mean(axis=-1), error.mean(axis=-1)])
    length = np.hypot(*downhill)
    ax.quiver(
        weight[every],
        bias[every],
        *(part[every] for part in downhill / length),
        color=ORANGE,
        width=0.004,
        scale=26,
    )
    ax.plot(*start, "o", color="black", ms=8, label="start")
    ax.plot(*best, "*", color=BLUE, mec="white", ms=16, label="lowest point")
    ax.plot([], [], color=ORANGE, marker=">", label="downhill: minus the gradient")
    ax.set(
        xlabel="weight $w$", ylabel="bias $b$", title="every point is a line; colour is its loss"
    )
    ax.grid(visible=False)
    ax.legend(loc="lower right", frameon=True, framealpha=0.9)
    return figure
