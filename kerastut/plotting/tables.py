"""What a model makes of a table: its predictions, and its coefficients."""

from collections.abc import Sequence
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from kerastut.arrays import Array
from kerastut.errors import shown
from kerastut.plotting.fonts import family
from kerastut.plotting.style import BLUE, GREY, ORANGE, house_style, new_figure, plain

MOST = 30  # coefficients that are drawn, the largest


@house_style
def predictions(truth: Array, predicted: Array, ax: Sequence[Axes] | None = None) -> list[Axes]:
    """Draws predicted against true values, and what is left.

    Args:
        truth: Values `(n,)`.
        predicted: Values `(n,)`.
        ax: Two axes; new ones if `None`.
    """
    left, right = ax or new_figure(9.6, 4.4, ncols=2)[1]
    ends = [min(truth.min(), predicted.min()), max(truth.max(), predicted.max())]
    left.plot(ends, ends, color=GREY, ls="--", lw=1)
    left.scatter(truth, predicted, s=14, color=BLUE, alpha=0.6, linewidths=0)
    left.set(title="predicted against true", xlabel="true", ylabel="predicted")
    right.axhline(0, color=GREY, ls="--", lw=1)
    right.scatter(predicted, truth - predicted, s=14, color=BLUE, alpha=0.6, linewidths=0)
    right.set(title="residuals", xlabel="predicted", ylabel="true - predicted")
    return [left, right]


@house_style
def coefficients(
    names: Sequence[str], learned: Array, best: Array, spread: Array, ax: Axes | None = None
) -> Axes:
    """Draws learned coefficients beside the best ones and two standard errors either side.

    Args:
        names: What each belongs to.
        learned: Those of the model `(n,)`.
        best: Those of the best solution `(n,)`.
        spread: Their standard errors `(n,)`.
        ax: Where to draw; a new axes if `None`.
    """
    mpl.rcParams["font.family"] = family(names)
    order = np.argsort(-np.abs(best), kind="stable")[:MOST]
    ax = ax or cast(Axes, new_figure(6.4, 1.4 + 0.3 * len(order))[1])
    heights = np.arange(len(order))
    bars: dict[str, Any] = {"fmt": "none", "ecolor": ORANGE, "capsize": 3}
    ax.errorbar(best[order], heights, xerr=2 * spread[order], label="best, ± 2 errors", **bars)
    ax.scatter(learned[order], heights, s=24, color=BLUE, label="learned", zorder=3)
    ax.axvline(0, color=GREY, lw=1)
    labels = [plain(shown(names[place], 32)) for place in order]
    ax.set_yticks(heights, labels=labels)
    ax.invert_yaxis()
    ax.set(title="coefficients of normalised features")
    ax.legend()
    return ax
