"""Curves, points, bars, and losses of two weights seen from above."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import (
    BLUE,
    COLOURS,
    DASHES,
    GREY,
    ORANGE,
    RED,
    house_style,
    new_figure,
)

LONGEST = 300
_STYLES = tuple(zip(COLOURS, DASHES, strict=True))


@house_style
def curves(
    lines: Mapping[str, Sequence[float] | Array],
    x: Sequence[float] | Array | None = None,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    *,
    points: tuple[Array, Array] | None = None,
    **axes: Any,
) -> Figure:
    """Draws curves that differ in one thing.

    Args:
        lines: Values by label: `(n,)`, or `(seeds, n)` for their mean and, as a band, one standard
            deviation on either side.
        x: Where they stand, `(n,)`; 0, 1, 2 ... if `None`.
        xlabel: What varies.
        ylabel: What was measured.
        title: What the plot shows.
        points: Inputs and targets `(n,)` to draw behind the curves.
        **axes: What else matplotlib's `Axes.set` takes, such as `yscale="log"`.
    """
    figure, ax = new_figure()
    if points is not None:
        ax.scatter(*points, s=14, color=GREY, alpha=0.6, linewidths=0, label="samples", zorder=3)
    for (label, values), (colour, dashes) in zip(lines.items(), _STYLES, strict=False):
        values, line = np.squeeze(values), {"color": colour, "ls": dashes, "label": label}
        places = range(values.shape[-1]) if x is None else x
        if values.ndim == 1:
            ax.plot(places, values, lw=2, **line)
            continue
        mean, spread = np.mean(values, axis=0), np.std(values, axis=0, ddof=1)
        ax.plot(places, mean, marker="o", ms=4, **line)
        ax.fill_between(places, mean - spread, mean + spread, color=colour, alpha=0.2, lw=0)
        if "xscale" not in axes:
            ax.set_xticks(places)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title, **axes)
    ax.legend()
    return figure


@house_style
def activations(pairs: Mapping[str, tuple[Callable[[Array], Array], ...]]) -> Figure:
    """Draws each activation on the left and its derivative on the right, by their name."""
    figure, (values, slopes) = new_figure(8.4, 3.6, ncols=2)
    z = np.linspace(-4, 4, 400)  # an even number: no point falls on the kink at 0
    for (name, (activation, slope)), (colour, dashes) in zip(pairs.items(), _STYLES, strict=False):
        values.plot(z, activation(z), color=colour, ls=dashes, lw=2, label=name)
        slopes.plot(z, slope(z), color=colour, ls=dashes, lw=2)
    values.set(title=r"activation $\varphi(z)$", xlabel="$z$", ylim=(-1.3, 2.6))
    slopes.set(title=r"slope $\varphi'(z)$", xlabel="$z$", ylim=(-0.2, 1.25))
    values.legend(loc="upper left")
    return figure


@house_style
def weight_sizes(weights: Mapping[str, Array], title: str) -> Figure:
    """Draws the share of weights whose size is at most some value, one curve for each label."""
    figure, ax = new_figure(6.4, 3.8)
    for (label, values), (colour, dashes) in zip(weights.items(), _STYLES, strict=False):
        sizes = np.sort(np.abs(values), axis=None)
        shares = np.linspace(0, 1, len(sizes))
        ax.plot(sizes, shares, color=colour, ls=dashes, lw=2, label=label)
    ax.set(xscale="log", xlim=(1e-5, 1), ylim=(0, 1.02), title=title)
    ax.set(xlabel="size of a weight, $|w|$", ylabel="share of smaller weights")
    ax.legend()
    return figure


@house_style
def residuals(x: Array, y: Array, line: tuple[float, float], title: str) -> Figure:
    """Draws points, a line of some weight and bias, and the distance from each point to it."""
    figure, ax = new_figure()
    weight, bias = line
    ax.vlines(x, weight * x + bias, y, color=RED, lw=1.0, alpha=0.6, label="residual")
    ax.plot(x, y, "o", color=GREY, ms=4, label="data $(x_i, y_i)$")
    ends = np.array([-1.0, 1.0])
    ax.plot(ends, weight * ends + bias, color=BLUE, lw=2.5, label=r"line $\hat y = wx + b$")
    ax.set(xlabel="$x$", ylabel="$y$", title=title)
    ax.legend()
    return figure


@house_style
def lengths(counts: Sequence[int], kept: int) -> Figure:
    """Draws how many texts have which length; longer ones than 300 stand in the last bar.

    Args:
        counts: Tokens of each text.
        kept: Tokens that a model keeps.
    """
    figure, ax = new_figure(6.4, 3.4)
    shown = np.minimum(counts, LONGEST - 1)
    ax.hist(shown, bins=range(0, LONGEST + 1, 10), color=BLUE, rwidth=0.9)
    share = np.mean(np.less_equal(counts, kept))
    ax.axvline(kept, color=ORANGE, lw=2, label=f"{kept} tokens are kept: {share:.0%} fit")
    ax.set(xlabel=f"tokens in a review (last bar: {LONGEST - 10} or more)", ylabel="reviews")
    ax.set_title("reviews of all lengths")
    ax.legend()
    return figure


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
    figure.colorbar(filled, ax=ax, label="loss $L(w, b)$", ticks=[0.01, 0.1, 1, 10], format="%g")
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
