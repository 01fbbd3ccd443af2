"""What a penalty does to the best weights: why l1 gives zeros and l2 does not."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import BLUE, GREEN, GREY, ORANGE, house_style

BEST = np.array([0.5, 1.3])
"""Where the loss alone is lowest."""
SIZE = 0.8
"""Radius of the circle and half the diagonal of the diamond."""
STRENGTH = 0.6


@house_style
def penalties() -> Figure:
    """Draws the two penalties in the plane of two weights, and what they do to one weight.

    The loss is half the squared distance from its best point, so that both answers are exact.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(9.6, 3.7), layout="constrained")
    circle, diamond, shrinkage = figure.subplots(ncols=3)
    angles = np.linspace(0, 2 * np.pi, 200)
    around = SIZE * np.array([np.cos(angles), np.sin(angles)])
    corners = SIZE * np.array([[1, 0, -1, 0, 1], [0, 1, 0, -1, 0]])
    touching = SIZE * BEST / np.linalg.norm(BEST)
    _plane(circle, around, touching, BLUE, r"L2: $w_1^2 + w_2^2 = r^2$")
    _plane(diamond, corners, np.array([0, SIZE]), ORANGE, r"L1: $|w_1| + |w_2| = r$")
    _shrinkage(shrinkage)
    figure.legend(*circle.get_legend_handles_labels(), loc="outside lower left", ncols=2)
    return figure


def _plane(ax: Axes, border: Array, touching: Array, colour: str, title: str) -> None:
    """Draws the loss's level lines and the region that a penalty allows."""
    grid = np.meshgrid(np.linspace(-1.2, 1.9, 120), np.linspace(-1.2, 2.2, 120))
    distance = np.hypot(grid[0] - BEST[0], grid[1] - BEST[1])
    nearest = np.hypot(*(touching - BEST))
    levels = nearest * np.array([0.35, 0.7, 1, 1.4, 1.9, 2.5])
    ax.contour(*grid, distance, levels=levels, colors="#c7ccd4", linewidths=0.9)
    ax.fill(*border, color=colour, alpha=0.18, lw=0)
    ax.plot(*border, color=colour, lw=1.8)
    ax.plot(*BEST, "o", color=GREY, ms=6, label="lowest loss")
    ax.plot(
        *touching, "s", color=GREEN, ms=8, mec="white", label="lowest loss that the penalty allows"
    )
    ax.axhline(0, color="#9ca3af", lw=0.8)
    ax.axvline(0, color="#9ca3af", lw=0.8)
    ax.set(title=title, xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
    ax.grid(visible=False)


def _shrinkage(ax: Axes) -> None:
    """Draws the best weight with a penalty against the best weight without one."""
    w = np.linspace(-1.5, 2, 401)
    soft = np.sign(w) * np.maximum(np.abs(w) - STRENGTH, 0)
    ax.plot(w, w, color=GREY, ls=(0, (4, 3)), label="no penalty")
    ax.plot(w, w / (1 + 2 * STRENGTH), color=BLUE, lw=2, label="L2 shrinks by a factor")
    ax.plot(w, soft, color=ORANGE, lw=2, label="L1 subtracts, down to zero")
    ax.set(title=rf"one weight, $\lambda = {STRENGTH}$", xlabel="best $w$ without")
    ax.set_ylabel("best $w$ with penalty")
    ax.legend(loc="lower right", fontsize=8)
