"""One step of a convolution."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle

from kerastut.arrays import Array
from kerastut.plotting import ORANGE, house_style


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
    row, column = map(int, np.unravel_index(result.argmax(), result.shape))
    figure = Figure(figsize=(9.0, 3.5), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[1, 0.55, 1])
    size = len(kernel)
    left.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    left.add_patch(Rectangle((column - 0.5, row - 0.5), size, size, fill=False, ec=ORANGE, lw=2))
    left.set_title(f"image {_shape(image)}")
    _kernel(middle, kernel, image[row : row + size, column : column + size])
    limit = abs(result).max()
    right.imshow(result, cmap="RdBu", vmin=-limit, vmax=limit)
    right.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, ec=ORANGE, lw=2))
    right.set_title(f"result {_shape(result)}: blue +, red −")
    for axes in (left, middle, right):
        axes.set(xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.spines[:].set_visible(True)
    _join(figure, left, (column + size - 0.5, row + size / 2 - 0.5), middle, (-0.5, size / 2 - 0.5))
    _join(figure, middle, (size - 0.5, size / 2 - 0.5), right, (column - 0.5, row))
    return figure


def _kernel(axes: Axes, kernel: Array, patch: Array) -> None:
    """Writes pixel times weight into each cell, and the sum below."""
    axes.imshow(kernel, cmap="RdBu", vmin=-5, vmax=5)
    for row, weights in enumerate(kernel):
        for column, weight in enumerate(weights):
            text = f"{patch[row, column]:.1f}\n× {weight:.0f}".replace("-", "−")
            axes.text(column, row, text, ha="center", va="center", fontsize=10)
    axes.set_title("pixel × weight")
    axes.set_xlabel(f"sum: {(kernel * patch).sum():.2f}", color=ORANGE, fontsize=12)


def _join(
    figure: Figure, a: Axes, start: tuple[float, float], b: Axes, end: tuple[float, float]
) -> None:
    line = ConnectionPatch(
        start, end, "data", "data", axesA=a, axesB=b, color=ORANGE, arrowstyle="-|>", lw=1.2
    )
    figure.add_artist(line)


def _shape(array: Array) -> str:
    return " × ".join(map(str, array.shape))
