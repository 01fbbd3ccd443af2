"""How far a line misses each point."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import BLUE, GREY, RED, house_style


@house_style
def residuals(x: Array, y: Array, line: tuple[float, float], title: str = "") -> Figure:
    """Draws points, a line, and the distance from each point to the line.

    Args:
        x: Inputs `(n,)`.
        y: Targets `(n,)`.
        line: Weight and bias.
        title: What stands above.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    ax: Axes = figure.subplots()
    weight, bias = line
    ax.vlines(x, weight * x + bias, y, color=RED, lw=1.0, alpha=0.6, label="residual")
    ax.plot(x, y, "o", color=GREY, ms=4, label="data $(x_i, y_i)$")
    ends = np.array([-1.0, 1.0])
    ax.plot(ends, weight * ends + bias, color=BLUE, lw=2.5, label=r"line $\hat{y} = wx + b$")
    ax.set(xlabel="$x$", ylabel="$y$", title=title)
    ax.legend()
    return figure
