"""Lines through points."""

from collections.abc import Mapping
from typing import cast

import numpy as np
from matplotlib.axes import Axes

from kerastut.arrays import Array
from kerastut.plotting.style import BLUE, GREY, ORANGE, house_style, new_figure


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
