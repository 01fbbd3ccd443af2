"""How far a finite difference is from the derivative, step by step."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.teaching.by_hand.differences import finite_differences
from kerastut.teaching.plots.curve_plot import curves


def step_sizes(
    function: Callable[..., float], arrays: Sequence[Array], slopes: Sequence[Array]
) -> Figure:
    """Draws the largest error of finite differences for steps from 0.1 down to 1e-12.

    Args:
        function: Takes the arrays, returns a number.
        arrays: Where the slopes are taken, float64.
        slopes: The true derivatives, one array for each array.

    Returns:
        The figure.
    """
    steps = 10.0 ** -np.arange(1, 13)
    gaps = [_largest_gap(finite_differences(function, arrays, step), slopes) for step in steps]
    return curves(
        {"finite differences against the exact gradient": gaps},
        steps,
        title="too small a step, too large a step",
        xlabel="step",
        ylabel="largest error",
        xscale="log",
        yscale="log",
    )


def _largest_gap(left: Sequence[Array], right: Sequence[Array]) -> float:
    return max(float(np.abs(a - b).max()) for a, b in zip(left, right, strict=True))
