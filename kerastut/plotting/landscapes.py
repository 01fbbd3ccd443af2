"""Losses as landscapes, and the paths that descent takes in them."""

from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
from matplotlib.axes import Axes

from kerastut.arrays import Array
from kerastut.plotting.style import COLOURS, DASHES, GREEN, GREY, RED, house_style, new_figure


@house_style
def trajectories(
    loss: Callable[[Array, Array], Array],
    paths: Mapping[str, Array],
    labels: tuple[str, str],
    ax: Axes | None = None,
) -> Axes:
    """Draws paths of descent on the contours of a loss of two weights.

    Args:
        loss: Takes two arrays of the same shape, returns the loss at each pair.
        paths: Points `(steps + 1, 2)` by label.
        labels: Names of the two weights.
        ax: Where to draw; a new axes if `None`.
    """
    ax = ax or cast(Axes, new_figure(6.4, 5.0)[1])
    points = np.concatenate(list(paths.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.15 * (high - low)
    grid = np.meshgrid(*np.linspace(low - margin, high + margin, 80).T)
    height = loss(grid[0], grid[1])
    levels = np.geomspace(height.min() * 1.05 + 1e-12, height.max(), 14)
    ax.contour(*grid, height, levels=levels, colors="#c7ccd4", linewidths=0.8)
    styles = zip(COLOURS, DASHES, strict=True)
    for (label, path), (colour, dashes) in zip(paths.items(), styles, strict=False):
        steps = len(path) - 1
        marker = "o" if steps <= 20 else None
        text = f"{label}: {steps} steps"
        line = {"color": colour, "ls": dashes, "lw": 1.2, "label": text, "alpha": 0.85}
        ax.plot(*path.T, **line, marker=marker, ms=3)
        ax.plot(*path[-1], "s", color=colour, ms=6, mec="white")
    ax.plot(*points[0], "o", color="black", ms=6)
    ax.annotate("start", points[0], xytext=(6, 6), textcoords="offset points")
    ax.set(xlabel=labels[0], ylabel=labels[1], title="the same line, three sizes of batch")
    ax.grid(visible=False)
    ax.legend()
    return ax


@house_style
def wells(
    loss: Callable[[Array], Array], paths: Mapping[float, Array], ax: Axes | None = None
) -> Axes:
    """Draws where descent ends in a loss of one weight, for several starts.

    Args:
        loss: Takes weights, returns the loss at each.
        paths: Weights `(steps + 1,)` by start.
        ax: Where to draw; a new axes if `None`.
    """
    ax = ax or cast(Axes, new_figure()[1])
    every = np.concatenate(list(paths.values()))
    w = np.linspace(every.min() - 0.1, every.max() + 0.1, 400)
    ax.plot(w, loss(w), color=GREY)
    best = min(loss(path[-1]) for path in paths.values())
    for path in paths.values():
        colour = GREEN if np.isclose(loss(path[-1]), best, atol=1e-3) else RED
        ax.plot(path, loss(path), color=colour, lw=2, alpha=0.5)
        ax.plot(path[0], loss(path[0]), "o", color=colour, ms=7, mec="white")
        ax.plot(path[-1], loss(path[-1]), "s", color=colour, ms=8, mec="white")
    ax.plot([], [], "o", color=GREY, label="start")
    ax.plot([], [], "s", color=GREEN, label="end in the deeper well")
    ax.plot([], [], "s", color=RED, label="end in the wrong well")
    ax.set(
        xlabel="weight", ylabel="loss", title="batch descent goes downhill, not to the lowest point"
    )
    ax.legend()
    return ax
