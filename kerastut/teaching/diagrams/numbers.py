"""Diagrams of computed numbers: pictures, the pixels that count, and what becomes of them."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle

from kerastut.arrays import Array
from kerastut.plotting import ORANGE, house_style, new_figure

GREY_VALUES: dict[str, Any] = {"cmap": "gray_r", "vmin": 0, "vmax": 255}
_Point = tuple[float, float]


@house_style
def digit_as_numbers(image: Array) -> Figure:
    """Draws a grey image, the numbers of one square of it, and all its pixels in a row.

    Args:
        image: Grey values 0 to 255, `(height, width)`.
    """
    figure = Figure(figsize=(8.4, 4.7), layout="constrained")
    places = figure.subplot_mosaic(
        [["image", "numbers"], ["row", "row"]], height_ratios=[9, 1], width_ratios=[1, 1.25]
    )
    height, width = image.shape
    _picture(places["image"], image, f"{height} × {width} pixels", **GREY_VALUES)
    _mark(places["image"], 8, 4, 10, 10)
    square = image[4:14, 8:18]
    _picture(places["numbers"], square, **GREY_VALUES, alpha=0.35, aspect="auto")
    _write(places["numbers"], square.astype(str), 9)
    places["numbers"].set_title("the marked square, in numbers", color=ORANGE)
    title = f"the same {height * width} numbers, row after row: x"
    _picture(places["row"], image.reshape(1, -1), title, **GREY_VALUES, aspect="auto")
    return figure


@house_style
def sliding_window(image: Array, kernel: Array, result: Array) -> Figure:
    """Draws a kernel where it answers most, and the number that it gives there.

    Args:
        image: `(height, width, 1)`, 0 white and 1 black.
        kernel: `(k, k, 1, 1)`.
        result: `(height - k + 1, width - k + 1, 1)`.

    Returns:
        The figure: the image, pixels times weights, the whole result.
    """
    image, kernel, result = image[:, :, 0], kernel[:, :, 0, 0], result[:, :, 0]
    size, limit = len(kernel), abs(result).max()
    row, column = map(int, np.unravel_index(result.argmax(), result.shape))
    patch = image[row : row + size, column : column + size]
    figure = Figure(figsize=(9.0, 3.5), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[1, 0.55, 1])
    _picture(left, image, f"image {_shape(image)}", cmap="gray_r", vmin=0, vmax=1)
    _mark(left, column, row, size, size)
    _picture(middle, kernel, "pixel × weight", cmap="RdBu", vmin=-5, vmax=5)
    _write(middle, np.vectorize(_product)(patch, kernel), 10)
    middle.set_xlabel(f"sum: {(kernel * patch).sum():.2f}", color=ORANGE, fontsize=12)
    title = f"result {_shape(result)}: blue +, red −"
    _picture(right, result, title, cmap="RdBu", vmin=-limit, vmax=limit)
    _mark(right, column, row, 1, 1)
    half = size / 2 - 0.5
    _join(left, (column + size - 0.5, row + half), middle, (-0.5, half))
    _join(middle, (size - 0.5, half), right, (column - 0.5, row))
    return figure


@house_style
def receptive_field(image: Array, seen: Array) -> Figure:
    """Draws the pixels that one unit depends on.

    Args:
        image: Grey values 0 to 255, `(height, width)`.
        seen: Size of the derivative of the unit by each pixel, `(height, width)`.
    """
    figure, ax = new_figure(3.4, 3.7)
    rows, columns = seen.nonzero()
    height, width = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    _picture(ax, image, f"measured: {height} × {width} pixels", **GREY_VALUES)
    _mark(ax, columns.min(), rows.min(), width, height, fc=ORANGE, alpha=0.25)
    _mark(ax, columns.min(), rows.min(), width, height)
    return figure


def _picture(ax: Axes, array: Array, title: str = "", **options: Any) -> None:
    """Draws an array as a framed picture."""
    ax.imshow(array, **options)
    ax.set(xticks=[], yticks=[], title=title)
    ax.grid(visible=False)
    ax.spines[:].set_visible(True)


def _mark(ax: Axes, left: int, top: int, width: int, height: int, **options: Any) -> None:
    """Frames pixels of a picture."""
    style = options or {"fill": False, "ec": ORANGE, "lw": 2}
    ax.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, **style))


def _write(ax: Axes, texts: Array, size: int) -> None:
    """Writes a text into each pixel of a picture."""
    for (row, column), text in np.ndenumerate(texts):
        ax.text(column, row, text, ha="center", va="center", fontsize=size)


def _product(pixel: float, weight: float) -> str:
    return f"{pixel:.1f}\n× {weight:.0f}".replace("-", "−")


def _join(left: Axes, start: _Point, right: Axes, end: _Point) -> None:
    """Draws an arrow from a place of one picture to a place of another."""
    arrow = ConnectionPatch(start, end, "data", "data", axesA=left, axesB=right, color=ORANGE)
    arrow.set(arrowstyle="-|>", lw=1.2)
    left.figure.add_artist(arrow)


def _shape(array: Array) -> str:
    return " × ".join(map(str, array.shape))
