"""Small pictures side by side: images, weights, feature maps."""

from collections.abc import Sequence

import keras
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import house_style, new_figure


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
            size = f"maps\n{pictures.shape[0]} × {pictures.shape[1]}"
            places[0].text(0.5, 0.5, size, ha="center", va="center")
        for axes, picture in zip(places[1:], np.moveaxis(pictures, -1, 0), strict=True):
            _draw(axes, picture, signed=number == 0)
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
