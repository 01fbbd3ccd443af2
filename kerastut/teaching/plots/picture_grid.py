"""Small pictures side by side: images, weights, feature maps."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import house_style


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

    Returns:
        The figure.
    """
    rows = -(-len(images) // columns)
    height = rows * (1.05 if titles else 0.86) + (0.45 if heading else 0.1)
    figure = Figure(figsize=(0.86 * columns, height), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image in zip(grid.flat, images, strict=False):
        limit = max(float(np.abs(image).max()), 1e-12)
        low, colours = (-limit, "RdBu") if signed else (0.0, "gray_r")
        axes.imshow(image, cmap=colours, vmin=low, vmax=limit)
    for axes, title in zip(grid.flat, titles, strict=False):
        axes.set_title(title, fontsize=9, loc="center")
    if heading:
        figure.suptitle(heading, x=0.01, ha="left", fontsize=11)
    return figure
