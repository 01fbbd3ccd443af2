"""Several curves on one plot."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import COLOURS, GREY, house_style


@house_style
def curves(
    lines: Mapping[str, Sequence[float] | Array],
    x: Sequence[float] | Array | None = None,
    *,
    points: tuple[Array, Array] | None = None,
    floor: tuple[str, float] | None = None,
    **axes: Any,
) -> Figure:
    """Draws curves that differ in one thing.

    Args:
        lines: Values by label.
        x: Where they stand; 0, 1, 2 ... if `None`.
        points: Inputs and targets `(n,)` to draw behind the curves.
        floor: Label and height of a dashed line.
        **axes: What matplotlib's `Axes.set` takes: `title`, `xlabel`, `ylabel`, `yscale`, `ylim`.

    Returns:
        The figure.

    Example:

    >>> curves({"rate 0.1": slow, "rate 0.5": fast}, xlabel="step", ylabel="loss", yscale="log")
    """
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    ax: Axes = figure.subplots()
    if points is not None:
        ax.scatter(*points, s=8, color=GREY, alpha=0.4, linewidths=0, label="samples")
    for (label, values), colour in zip(lines.items(), COLOURS, strict=False):
        ax.plot(range(len(values)) if x is None else x, values, color=colour, lw=2, label=label)
    if floor is not None:
        ax.axhline(floor[1], color="black", lw=1.2, ls=(0, (4, 3)), label=floor[0])
    ax.set(**axes)
    ax.legend()
    return figure
