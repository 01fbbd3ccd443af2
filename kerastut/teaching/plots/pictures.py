"""Images, weights and feature maps as pictures, and the numbers in them."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle

from kerastut.arrays import Array
from kerastut.plotting import RED, house_style, new_figure

GREY_VALUES: dict[str, Any] = {"cmap": "gray_r", "vmin": 0, "vmax": 255}


@house_style
def image_grid(
    images: Array,
    titles: Sequence[str] = (),
    columns: int = 10,
    heading: str = "",
    signed: bool = False,
) -> Figure:
    """Draws small pictures in rows.

    Args:
        images: `(n, height, width)`.
        titles: What stands above each picture; none if empty.
        columns: Pictures in a row.
        heading: What stands above all.
        signed: Whether the values are weights: blue above zero, red below, white at zero, each
            picture on its own scale. Otherwise grey values, black the largest.
    """
    rows = -(-len(images) // columns)
    height = rows * (1.05 if titles else 0.86) + (0.45 if heading else 0.1)
    figure, grid = _grid(0.86 * columns, height, rows, columns)
    for axes, image in zip(grid.flat, images, strict=False):
        _draw(axes, image, signed)
    for axes, title in zip(grid.flat, titles, strict=False):
        axes.set_title(title, fontsize=9, loc="center")
    if heading:
        figure.suptitle(heading, x=0.01, ha="left", fontsize=11)
    return figure


@house_style
def feature_maps(model: keras.Model, image: Array, columns: int = 10) -> Figure:
    """Draws the first filters, and the maps of every convolution that react most to the image.

    Args:
        model: A model whose first convolution reads one channel.
        image: `(height, width, 1)`, as the model takes it.
        columns: How many filters and maps to draw.

    Returns:
        The figure: the image and its strongest filters, then one row of maps a convolution.
    """
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    probe = keras.Model(model.inputs, [layer.output for layer in layers])
    maps = [np.asarray(m)[0] for m in probe.predict(image[None], verbose=0)]
    strongest = [np.argsort(-m.mean(axis=(0, 1)), kind="stable")[:columns] for m in maps]
    rows = [np.asarray(layers[0].kernel)[:, :, 0, strongest[0]]]
    rows += [m[:, :, chosen] for m, chosen in zip(maps, strongest, strict=True)]
    width, height = 0.86 * (columns + 1) + 0.3, 0.95 * len(rows)
    figure, grid = _grid(width, height, len(rows), columns + 1)
    grid[0, 0].imshow(image[..., 0], cmap="gray_r")
    for number, (places, pictures) in enumerate(zip(grid, rows, strict=True)):
        if number:
            size = _shape(pictures[..., 0])
            places[0].text(0.5, 0.5, f"maps\n{size}", ha="center", va="center")
        for axes, picture in zip(places[1:], np.moveaxis(pictures, -1, 0), strict=True):
            _draw(axes, picture, signed=number == 0)
    return figure


@house_style
def digit_as_numbers(image: Array) -> Figure:
    """Draws an image of grey values 0 to 255, one square in numbers, and all pixels in a row."""
    figure = Figure(figsize=(8.4, 4.7), layout="constrained")
    places = figure.subplot_mosaic("IN;RR", height_ratios=[9, 1], width_ratios=[1, 1.25])
    _picture(places["I"], image, f"{_shape(image)} pixels", **GREY_VALUES)
    _mark(places["I"], 8, 4, 10, 10)
    square = image[4:14, 8:18]
    _picture(places["N"], square, **GREY_VALUES, alpha=0.35, aspect="auto")
    _write(places["N"], square.astype(str), 9)
    places["N"].set_title("the marked square, in numbers", color=RED)
    title = f"the same {image.size} numbers, row after row: x"
    _picture(places["R"], image.reshape(1, -1), title, **GREY_VALUES, aspect="auto")
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
    figure, (left, middle, right) = new_figure(9.0, 3.5, ncols=3, width_ratios=[1, 0.55, 1])
    _picture(left, image, f"image {_shape(image)}", cmap="gray_r", vmin=0, vmax=1)
    _mark(left, column, row, size, size)
    _picture(middle, kernel, "pixel × weight", cmap="RdBu", vmin=-5, vmax=5)
    _write(middle, np.vectorize("{:.1f}\n× {:.0f}".format)(patch, kernel), 10)
    middle.set_xlabel(f"sum: {(kernel * patch).sum():.2f}", color=RED, fontsize=12)
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
        seen: Size of the derivative of the unit with respect to each pixel, `(height, width)`.
    """
    figure, ax = new_figure(3.4, 3.7)
    rows, columns = seen.nonzero()
    height, width = (int(np.ptp(places)) + 1 for places in (rows, columns))
    _picture(ax, image, f"measured: {height} × {width} pixels", **GREY_VALUES)
    _mark(ax, columns.min(), rows.min(), width, height, fc=(RED, 0.25))
    return figure


def _grid(width: float, height: float, rows: int, columns: int) -> tuple[Figure, Array]:
    figure, grid = new_figure(width, height, nrows=rows, ncols=columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    return figure, grid


def _draw(axes: Axes, picture: Array, signed: bool) -> None:
    limit = max(float(np.abs(picture).max()), 1e-12)
    low, colours = (-limit, "RdBu") if signed else (0.0, "gray_r")
    axes.imshow(picture, cmap=colours, vmin=low, vmax=limit)


def _picture(ax: Axes, array: Array, title: str = "", **options: Any) -> None:
    """Draws an array as a framed picture."""
    ax.imshow(array, **options)
    ax.set(xticks=[], yticks=[], title=title)
    ax.grid(visible=False)
    ax.spines[:].set_visible(True)


def _mark(ax: Axes, left: int, top: int, width: int, height: int, fc: Any = "none") -> None:
    """Frames pixels of a picture."""
    ax.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, ec=RED, lw=2, fc=fc))


def _write(ax: Axes, texts: Array, size: int) -> None:
    """Writes a text into each pixel of a picture."""
    for (row, column), text in np.ndenumerate(texts):
        text = text.replace("-", "−")
        ax.text(column, row, text, ha="center", va="center", fontsize=size)


def _join(left: Axes, start: tuple[float, float], right: Axes, end: tuple[float, float]) -> None:
    """Draws an arrow from a place of one picture to a place of another."""
    places: dict[str, Any] = {"coordsA": "data", "axesA": left, "coordsB": "data", "axesB": right}
    arrow = ConnectionPatch(start, end, **places, arrowstyle="-|>", color=RED, lw=1.2)
    left.figure.add_artist(arrow)


def _shape(array: Array) -> str:
    return " × ".join(map(str, array.shape))
