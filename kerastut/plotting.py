"""Plots of a run. Each takes `ax=None` and returns the axes; none opens a window.

The same run gives the same PNG bytes: the style is fixed here whatever the reader's matplotlibrc
says, and `save` writes no date and no version.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from kerastut.data.splits import Array

BLUE, ORANGE, GREEN, RED, GREY = "#0b62a4", "#d1690e", "#2a7f3f", "#b3202a", "#6b7280"
COLOURS = (BLUE, ORANGE, GREEN, RED, "#6d4aa3", "#8a5a2b")
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e5e7eb",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.dpi": 150,
}


Drawing = TypeVar("Drawing", bound=Callable[..., Any])


def house_style(draw: Drawing) -> Drawing:
    """Decorates a function so that it draws in the house style, whatever the reader's own."""

    @wraps(draw)
    def styled(*args: Any, **options: Any) -> Any:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(cast(Any, STYLE))
            return draw(*args, **options)

    return cast(Drawing, styled)


def new_figure(width: float = 6.4, height: float = 4.0, **subplots: Any) -> tuple[Figure, Any]:
    """Returns a figure and its axes, known to no window system."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**subplots)


@house_style
def save(axes: Axes, path: Path) -> None:
    """Writes the figure that the axes belong to; the same figure gives the same bytes."""
    cast(Figure, axes.figure).savefig(path, metadata={"Software": None})


@house_style
def history(values: Mapping[str, Sequence[float]], ax: Sequence[Axes] | None = None) -> list[Axes]:
    """Draws every metric, training and validation, epoch by epoch.

    Args:
        values: Metrics by name, one value an epoch, as in `Run.history`.
        ax: One axes for each metric; new ones if `None`.

    Returns:
        The axes, loss first.
    """
    names = sorted((n for n in values if not n.startswith("val_")), key=lambda n: n != "loss")
    if ax is None:
        _, grid = new_figure(4.4 * len(names), 3.6, ncols=len(names), squeeze=False)
        ax = list(grid[0])
    for axes, name in zip(ax, names, strict=True):
        _metric(axes, name, values)
    return list(ax)


def _metric(axes: Axes, name: str, values: Mapping[str, Sequence[float]]) -> None:
    epochs = range(1, len(values[name]) + 1)
    marker = "o" if len(epochs) <= 20 else None
    axes.plot(epochs, values[name], color=BLUE, marker=marker, ms=4, label="training")
    if f"val_{name}" in values:
        validation = values[f"val_{name}"]
        axes.plot(epochs, validation, color=ORANGE, marker=marker, ms=4, label="validation")
    axes.set(title=name.replace("_", " "), xlabel="epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()


@house_style
def confusion_matrix(
    truth: Array, predicted: Array, classes: Sequence[str], ax: Axes | None = None
) -> Axes:
    """Draws how often each class was taken for each other one.

    Args:
        truth: Class numbers `(n,)`.
        predicted: Class numbers `(n,)`.
        classes: Class names by class number.
        ax: Where to draw; a new axes if `None`.
    """
    ax = ax or cast(Axes, new_figure(5.2, 4.8)[1])
    counts = confusion(truth, predicted, len(classes))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.5 else "black" if count else "#c0c4cc"
        ax.text(column, row, f"{count}", ha="center", va="center", color=colour, fontsize=8)
    wrong = int(counts.sum() - np.trace(counts))
    ax.set(
        title=f"{wrong} of {counts.sum()} test samples wrong",
        xlabel="predicted",
        ylabel="true",
        xticks=range(len(classes)),
        yticks=range(len(classes)),
        xticklabels=classes,
        yticklabels=classes,
    )
    ax.grid(visible=False)
    return ax


def confusion(truth: Array, predicted: Array, classes: int) -> Array:
    """Counts pairs of true and predicted class; rows are the true ones."""
    pairs = truth.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


@house_style
def mistakes(
    images: Array, truth: Array, probabilities: Array, classes: Sequence[str], most: int = 24
) -> list[Axes]:
    """Draws misclassified images, the most confident mistakes first.

    Args:
        images: Grey images `(n, height, width, 1)`.
        truth: Class numbers `(n,)`.
        probabilities: Class probabilities `(n, classes)`.
        classes: Class names by class number.
        most: How many to draw.

    Returns:
        One axes for each image drawn; a single empty one if there is no mistake.
    """
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != truth)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:most]
    rows = max(1, -(-len(worst) // 8))
    figure, grid = new_figure(9.6, 1.5 * rows + 0.4, nrows=rows, ncols=8, squeeze=False)
    drawn = len(worst) if len(worst) < len(wrong) else "all"
    figure.suptitle(
        f"{len(wrong)} of {len(truth)} wrong; {drawn} shown, surest first (true → predicted)",
        x=0.01,
        ha="left",
        fontsize=11,
    )
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, index in zip(grid.flat, worst, strict=False):
        axes.imshow(images[index, ..., 0], cmap="gray_r", vmin=0, vmax=255)
        label = f"{classes[truth[index]]} → {classes[predicted[index]]}"
        axes.set_title(f"{label}  {confidence[index]:.2f}", fontsize=9, loc="center")
    return list(grid.flat[: max(1, len(worst))])


@house_style
def regression_line(
    x: Array,
    y: Array,
    lines: Mapping[str, tuple[float, float]],
    ax: Axes | None = None,
) -> Axes:
    """Draws points and straight lines through them.

    Args:
        x: Inputs `(n, 1)` or `(n,)`.
        y: Targets `(n,)`.
        lines: Slope and intercept by label; each is dashed over the one before.
        ax: Where to draw; a new axes if `None`.
    """
    ax = ax or cast(Axes, new_figure()[1])
    ax.scatter(x.reshape(-1), y, s=8, color=GREY, alpha=0.4, linewidths=0, label="samples")
    ends = np.array([x.min(), x.max()])
    styles = ((BLUE, 5.0, "-", 0.5), (ORANGE, 1.8, (0, (4, 3)), 1.0))
    for (label, (slope, intercept)), (colour, width, dash, alpha) in zip(
        lines.items(), styles, strict=False
    ):
        ax.plot(
            ends,
            slope * ends + intercept,
            color=colour,
            lw=width,
            ls=dash,
            alpha=alpha,
            label=f"{label}: {slope:.4f} x + {intercept:.4f}",
        )
    ax.set(xlabel="x", ylabel="y", title="the learned line lies on the least-squares line")
    ax.legend()
    return ax


@house_style
def gaps(
    histories: Mapping[str, Mapping[str, Sequence[float]]],
    metric: str,
    ax: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draws training against validation for several runs, one panel each on the same scale.

    Args:
        histories: For each label, a history that holds `metric` and `val_` + `metric`.
        metric: What to draw.
        ax: One axes for each run; new ones if `None`.

    Returns:
        The axes, in the order of `histories`.
    """
    if ax is None:
        count = len(histories)
        _, grid = new_figure(2.6 * count + 0.6, 3.4, ncols=count, sharey=True, squeeze=False)
        ax = list(grid[0])
    for axes, (label, values) in zip(ax, histories.items(), strict=True):
        epochs = np.arange(1, len(values[metric]) + 1)
        training, validation = np.array(values[metric]), np.array(values[f"val_{metric}"])
        axes.plot(epochs, training, color=BLUE, label="training")
        axes.plot(epochs, validation, color=ORANGE, label="validation")
        axes.fill_between(epochs, training, validation, color=GREY, alpha=0.15, linewidth=0)
        axes.set(title=label, xlabel="epoch")
    ax[0].set_ylabel(metric.replace("_", " "))
    ax[0].legend()
    return list(ax)
