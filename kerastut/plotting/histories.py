"""Metrics, epoch by epoch."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerastut.plotting.style import BLUE, GREY, ORANGE, house_style, new_figure, plain


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
        columns = min(3, len(names))
        rows = -(-len(names) // columns)
        _, grid = new_figure(4.4 * columns, 3.6 * rows, nrows=rows, ncols=columns, squeeze=False)
        for unused in grid.flat[len(names) :]:
            unused.set_axis_off()
        ax = list(grid.flat[: len(names)])
    for axes, name in zip(ax, names, strict=True):
        _metric(axes, name, values)
    return list(ax)


def _metric(axes: Axes, name: str, values: Mapping[str, Sequence[float]]) -> None:
    epochs = range(1, len(values[name]) + 1)
    marker = "o" if len(epochs) <= 20 else None
    axes.plot(epochs, values[name], color=BLUE, marker=marker, ms=4, label="training")
    if f"val_{name}" in values:
        validation = values[f"val_{name}"]
        axes.plot(
            epochs,
            validation,
            color=ORANGE,
            marker=marker and "s",
            ms=4,
            ls="--",
            label="validation",
        )
    axes.set(title=plain(name.replace("_", " ")), xlabel="epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.legend()


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
        _, grid = new_figure(
            2.6 * count + 0.6, 3.4, ncols=count, sharex=True, sharey=True, squeeze=False
        )
        ax = list(grid[0])
    for axes, (label, values) in zip(ax, histories.items(), strict=True):
        epochs = np.arange(1, len(values[metric]) + 1)
        training, validation = np.array(values[metric]), np.array(values[f"val_{metric}"])
        marker = "." if len(epochs) == 1 else None  # a line of one point is not seen
        axes.plot(epochs, training, color=BLUE, marker=marker, label="training")
        axes.plot(epochs, validation, color=ORANGE, marker=marker, ls="--", label="validation")
        axes.fill_between(epochs, training, validation, color=GREY, alpha=0.15, linewidth=0)
        axes.set(title=plain(label), xlabel="epoch")
    ax[0].set_ylabel(plain(metric.replace("_", " ")))
    ax[0].legend()
    return list(ax)
