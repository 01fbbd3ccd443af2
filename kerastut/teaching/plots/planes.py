"""Losses of two weights seen from above."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import BLUE, COLOURS, ORANGE, house_style, new_figure


@house_style
def contours(x: Array, y: Array, start: Array, best: Array) -> Figure:
    """Draws the mean squared error of a line over weight and bias, and where downhill is.

    Args:
        x: Inputs `(n,)`.
        y: Targets `(n,)`.
        start: Weight and bias to mark, `(2,)`.
        best: Weight and bias of the lowest point, `(2,)`.
    """
    figure, ax = new_figure(6.4, 5.0)
    weight, bias = np.meshgrid(np.linspace(-2.5, 5.0, 61), np.linspace(-1.5, 4.0, 61))
    error = weight[..., None] * x + bias[..., None] - y
    loss, levels = (error**2).mean(axis=-1), np.geomspace(0.01, 50, 16)
    filled = ax.contourf(weight, bias, loss, levels=levels, norm=LogNorm(0.01, 2000), cmap="Blues")
    colours = figure.colorbar(filled, ax=ax, label="loss $L(w, b)$", ticks=[0.01, 0.1, 1, 10])
    colours.ax.set_yticklabels(["0.01", "0.1", "1", "10"])
    downhill = -2 * np.stack([(error * x).mean(axis=-1), error.mean(axis=-1)])
    arrows = np.stack([weight, bias, *downhill / np.hypot(*downhill)])[:, 4::8, 4::8]
    ax.quiver(*arrows, color=ORANGE, width=0.004, scale=26)
    ax.plot(*start, "o", color="black", ms=8, label="start")
    ax.plot(*best, "*", color=BLUE, mec="white", ms=16, label="lowest point")
    ax.plot([], [], color=ORANGE, marker=">", label="downhill: minus the gradient")
    ax.set(xlabel="weight $w$", ylabel="bias $b$")
    ax.set_title("every point is a line; colour is its loss")
    ax.grid(visible=False)
    ax.legend(loc="lower right", frameon=True, framealpha=0.9)
    return figure


@house_style
def valley_paths(paths: Mapping[str, Array], loss: Callable[[Array], float]) -> Figure:
    """Draws the level lines of a loss of two weights, and one panel for each path.

    Args:
        paths: By title, the points of a path `(steps + 1, 2)`.
        loss: Takes `(2,)`, returns a number; lowest at the origin.
    """
    rows = -(-len(paths) // 2)
    figure, panels = new_figure(8.4, 4.6, nrows=rows, ncols=2, sharex=True, sharey=True)
    grid = np.meshgrid(np.linspace(-1.4, 1.0, 80), np.linspace(-0.75, 0.75, 60))
    heights = np.apply_along_axis(loss, 0, np.stack(grid))
    levels = heights.max() * np.array([0.003, 0.02, 0.07, 0.16, 0.32, 0.6])
    for ax, (title, path), colour in zip(panels.flat, paths.items(), COLOURS, strict=False):
        ax.contour(*grid, heights, levels=levels, colors="#c7ccd4", linewidths=0.9)
        ax.plot(*path.T, color=colour, marker="o", ms=3, lw=1.2)
        ax.plot(*path[0], "s", color="black", ms=5)
        ax.plot(0, 0, "*", color="black", ms=10)
        ax.set(title=title, xlim=(-1.4, 1.0), ylim=(-0.75, 0.75))
        ax.grid(visible=False)
    figure.supxlabel("first weight (square: start, star: lowest loss)", fontsize=10)
    figure.supylabel("second weight", fontsize=10)
    return figure
