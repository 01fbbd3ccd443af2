"""Straight lines: through points, and between two classes of them."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes

from kerastut.arrays import Array
from kerastut.plotting.style import BLUE, GREEN, GREY, ORANGE, RED, house_style, new_figure, plain

_DASHES = (0, (4, 3))


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
    heights = {f"{name}: {a:.4f} x + {b:.4f}": a * ends + b for name, (a, b) in lines.items()}
    _overlay(ax, ends, heights, ((BLUE, 5.0, "-", 0.5), (ORANGE, 1.8, _DASHES, 1.0)))
    ax.set(xlabel="x", ylabel="y", title="the learned line and the least-squares line")
    ax.legend()
    return ax


@house_style
def decision_boundary(
    points: Array,
    labels: Array,
    lines: Mapping[str, Array],
    classes: Sequence[str],
    ax: Axes | None = None,
) -> Axes:
    """Draws two classes in the plane and straight borders between them.

    Args:
        points: `(n, 2)`.
        labels: Class numbers `(n,)`, 0 or 1.
        lines: Two weights and a bias `(3,)` by label; each is dashed over the one before.
        classes: Class names by class number.
        ax: Where to draw; a new axes if `None`.
    """
    ax = ax or cast(Axes, new_figure(5.6, 4.8)[1])
    signs = (BLUE, "o"), (RED, "^")
    for number, (name, (colour, marker)) in enumerate(zip(classes, signs, strict=True)):
        chosen = points[labels == number]
        style: dict[str, Any] = {"color": colour, "alpha": 0.35, "linewidths": 0}
        ax.scatter(chosen[:, 0], chosen[:, 1], s=8, marker=marker, label=plain(name), **style)
    limits = ax.get_ylim()
    ends = np.array([points[:, 0].min(), points[:, 0].max()])
    borders = {name: -(w[0] * ends + w[2]) / w[1] for name, w in lines.items()}
    _overlay(ax, ends, borders, ((GREEN, 5.0, "-", 0.6), ("black", 1.6, _DASHES, 1.0)))
    ax.set(ylim=limits, xlabel="first feature", ylabel="second feature", aspect="equal")
    ax.set_title("where the probability is one half")
    ax.legend(loc="lower left", frameon=True, framealpha=0.9, markerscale=2.5)
    return ax


def _overlay(ax: Axes, x: Array, lines: Mapping[str, Array], styles: Sequence[Any]) -> None:
    """Draws lines over each other; a style is colour, width, dashes and opacity."""
    for (label, y), (colour, width, dash, alpha) in zip(lines.items(), styles, strict=False):
        ax.plot(x, y, color=colour, lw=width, ls=dash, alpha=alpha, label=label)
