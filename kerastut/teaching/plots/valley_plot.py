"""Paths of several optimizers through one long, narrow valley."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import COLOURS, house_style


@house_style
def valley_paths(
    paths: Mapping[str, Array],
    loss: Callable[[Array], float],
    width: tuple[float, float] = (-1.4, 1.0),
    height: tuple[float, float] = (-0.75, 0.75),
) -> Figure:
    """Draws the level lines of a loss of two weights, and one panel for each path.

    Args:
        paths: By title, the points of a path `(steps + 1, 2)`.
        loss: Takes `(2,)`, returns a number; lowest at the origin.
        width: Range of the first weight.
        height: Range of the second.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(8.4, 4.6), layout="constrained")
    grid = np.meshgrid(np.linspace(*width, 80), np.linspace(*height, 60))
    points = np.stack([axis.ravel() for axis in grid], axis=1)
    heights = np.array([loss(point) for point in points]).reshape(grid[0].shape)
    panels = figure.subplots(-(-len(paths) // 2), 2, sharex=True, sharey=True).ravel()
    for ax, (title, path), colour in zip(panels, paths.items(), COLOURS, strict=False):
        levels = heights.max() * np.array([0.003, 0.02, 0.07, 0.16, 0.32, 0.6])
        ax.contour(*grid, heights, levels=levels, colors="#c7ccd4", linewidths=0.9)
        ax.plot(*path.T, color=colour, marker="o", ms=3, lw=1.2)
        ax.plot(*path[0], "s", color="black", ms=5)
        ax.plot(0, 0, "*", color="black", ms=10)
        ax.set(title=title, xlim=width, ylim=height)
        ax.grid(visible=False)
    figure.supxlabel("first weight (square: start, star: lowest loss)", fontsize=10)
    figure.supylabel("second weight", fontsize=10)
    return figure
