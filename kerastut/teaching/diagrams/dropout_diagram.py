"""Dropout: the same net, thinned differently at every step."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from kerastut.plotting import BLUE, GREY, RED, house_style

LAYERS = (3, 5, 5, 1)
"""Units drawn in each layer; the two in the middle have dropout."""
Kept = Sequence[np.ndarray]


@house_style
def thinned_nets() -> Figure:
    """Draws a net in prediction, and in two training steps with dropout of rate 0.4.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(9.2, 3.2), layout="constrained")
    rng = np.random.default_rng(3)
    whole = [np.ones(units, bool) for units in LAYERS]
    titles = ("prediction: all units", "a training step", "the next one")
    for ax, title in zip(figure.subplots(ncols=3), titles, strict=True):
        _net(ax, whole if title == titles[0] else _thin(rng))
        ax.set_title(title, loc="center")
    return figure


def _thin(rng: np.random.Generator) -> Kept:
    """Draws two of five units in each hidden layer that are dropped."""
    kept = [np.ones(units, bool) for units in LAYERS]
    for layer in kept[1:-1]:
        layer[rng.choice(len(layer), 2, replace=False)] = False
    return kept


def _net(ax: Axes, kept: Kept) -> None:
    places = [[(1.3 * x, y - (n - 1) / 2) for y in range(n)] for x, n in enumerate(LAYERS)]
    for layer in range(len(LAYERS) - 1):
        for start, on in zip(places[layer], kept[layer], strict=True):
            for end, there in zip(places[layer + 1], kept[layer + 1], strict=True):
                if on and there:
                    ax.plot(*zip(start, end, strict=True), color=GREY, lw=0.8, zorder=1)
    for layer, units in enumerate(places):
        for place, on in zip(units, kept[layer], strict=True):
            _unit(ax, place, bool(on))
    ax.set(xlim=(-0.5, 4.4), ylim=(-2.5, 2.5), aspect="equal")
    ax.set_axis_off()


def _unit(ax: Axes, place: tuple[float, float], on: bool) -> None:
    edge, line = (BLUE, "-") if on else ("#c7ccd4", (0, (2, 2)))
    ax.add_patch(Circle(place, 0.3, fc="white", ec=edge, ls=line, lw=1.6, zorder=2))
    if not on:
        ax.plot(*place, "x", color=RED, ms=9, mew=1.6, zorder=3)
