"""A picture is a table of numbers."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kerastut.arrays import Array
from kerastut.plotting import ORANGE, house_style


@house_style
def digit_as_numbers(image: Array, top: int = 4, left: int = 8, size: int = 10) -> Figure:
    """Draws a grey image, the numbers of one square of it, and all its pixels in a row.

    Args:
        image: Grey values 0 to 255, `(height, width)`.
        top: First row of the square.
        left: First column of the square.
        size: Its side.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(8.4, 4.7), layout="constrained")
    places = figure.subplot_mosaic(
        [["image", "numbers"], ["row", "row"]], height_ratios=[9, 1], width_ratios=[1, 1.25]
    )
    height, width = image.shape
    places["image"].imshow(image, cmap="gray_r", vmin=0, vmax=255)
    places["image"].add_patch(
        Rectangle((left - 0.5, top - 0.5), size, size, fill=False, ec=ORANGE, lw=2)
    )
    places["image"].set_title(f"{height} × {width} pixels")
    _numbers(places["numbers"], image[top : top + size, left : left + size])
    places["row"].imshow(image.reshape(1, -1), cmap="gray_r", vmin=0, vmax=255, aspect="auto")
    places["row"].set_title(f"the same {height * width} numbers, row after row: x")
    for axes in places.values():
        axes.set(xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.spines[:].set_visible(True)
    return figure


def _numbers(axes: Axes, square: Array) -> None:
    axes.imshow(square, cmap="gray_r", vmin=0, vmax=255, alpha=0.35, aspect="auto")
    for row, values in enumerate(square):
        for column, value in enumerate(values):
            axes.text(column, row, f"{value}", ha="center", va="center", fontsize=9)
    axes.set_title("the marked square, in numbers", color=ORANGE)
