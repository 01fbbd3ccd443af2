"""Activations and their slopes, side by side."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import COLOURS, house_style

Curve = Callable[[Array], Array]


@house_style
def activations(pairs: Mapping[str, tuple[Curve, Curve]], reach: float = 4.0) -> Figure:
    """Draws each activation on the left and its derivative on the right.

    Args:
        pairs: By name, the activation and its derivative, both element by element.
        reach: Half the width of the range of inputs.

    Returns:
        The figure.

    Example:

    >>> activations({"tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2)})
    """
    figure = Figure(figsize=(8.4, 3.6), layout="constrained")
    values, slopes = figure.subplots(ncols=2)
    z = np.linspace(-reach, reach, 400)  # an even number: no point falls on the kink at 0
    for (name, (activation, slope)), colour in zip(pairs.items(), COLOURS, strict=False):
        values.plot(z, activation(z), color=colour, lw=2, label=name)
        slopes.plot(z, slope(z), color=colour, lw=2)
    values.set(title=r"activation $\varphi(z)$", xlabel="$z$", ylim=(-1.3, 2.6))
    slopes.set(title=r"slope $\varphi'(z)$", xlabel="$z$", ylim=(-0.2, 1.25))
    values.legend(loc="upper left")
    return figure
