"""What one unit of a convolutional net sees."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kerastut.arrays import Array
from kerastut.plotting import BLUE, GREY, ORANGE, house_style


class Window(NamedTuple):
    """One layer that looks through a sliding window.

    Args:
        name: What to call it.
        size: Side of the window.
        stride: How far it moves.
    """

    name: str
    size: int
    stride: int


@house_style
def receptive_field(windows: Sequence[Window], image: Array, seen: Array) -> Figure:
    """Draws the inputs that one unit of the last layer depends on.

    Args:
        windows: The layers, first one first, without padding.
        image: Grey values 0 to 255, `(height, width)`.
        seen: Size of the derivative of one unit by each pixel, `(height, width)`.

    Returns:
        The figure: the layers cut along one line, and the pixels on the image.
    """
    figure = Figure(figsize=(9.0, 3.7), layout="constrained")
    side, front = figure.subplots(1, 2, width_ratios=[1.7, 1])
    _side(side, windows)
    front.imshow(image, cmap="gray_r", vmin=0, vmax=255)
    rows, columns = seen.nonzero()
    height, width = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    corner = (columns.min() - 0.5, rows.min() - 0.5)
    front.add_patch(Rectangle(corner, width, height, fc=ORANGE, alpha=0.25))
    front.add_patch(Rectangle(corner, width, height, fill=False, ec=ORANGE, lw=2))
    front.set(xticks=[], yticks=[], title=f"measured: {height} × {width} pixels")
    front.grid(visible=False)
    front.spines[:].set_visible(True)
    return figure


def _side(ax: Axes, windows: Sequence[Window]) -> None:
    """Draws every layer as a row of units, those that the unit on top depends on in orange."""
    layers = [range(1)]
    for window in reversed(windows):
        layers.append(range((layers[-1][-1]) * window.stride + window.size))
    for level, units in enumerate(reversed(layers)):
        _row(ax, level, len(units), len(layers[-1]))
    for level, window in enumerate(windows):
        above, below = len(layers[-level - 2]), len(layers[-level - 1])
        for unit in range(above):
            for offset in (0, window.size - 1):
                ends = (unit * window.stride + offset - (below - 1) / 2, unit - (above - 1) / 2)
                ax.plot(ends, (level, level + 1), color=GREY, lw=0.6, zorder=1)
        ax.text(-len(layers[-1]) / 2 - 0.7, level + 0.5, window.name, ha="right", va="center")
    half = len(layers[-1]) / 2
    ax.set(xlim=(-half - 5.4, half + 1.8), ylim=(-0.4, len(windows) + 0.4))
    ax.set_title("one unit on top, and all that it depends on")
    ax.set_axis_off()


def _row(ax: Axes, level: int, count: int, widest: int) -> None:
    places = [unit - (count - 1) / 2 for unit in range(count)]
    colour = ORANGE if level == 0 else BLUE
    ax.scatter(places, [level] * count, s=70, color=colour, edgecolor="white", zorder=2)
    ax.text(widest / 2 + 0.6, level, f"{count}", va="center", color=colour, weight="bold")
