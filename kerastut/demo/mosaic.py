"""Feature maps as one picture: small panes side by side, bright where a filter answers."""

import base64
import io

import numpy as np

from kerastut.arrays import Array

COLUMNS, MOST = 8, 64
GAP = 1  # transparent pixels between panes
COLOURS = "magma"


def mosaic(maps: Array) -> Array:
    """Puts the first maps of a layer side by side.

    Args:
        maps: `(height, width, filters)`. Black is the layer's lowest value, the brightest colour
            its highest, so that the panes can be compared.

    Returns:
        `(rows, columns, 4)` uint8, red, green, blue and opacity.
    """
    import matplotlib

    height, width, filters = maps.shape
    filters = min(filters, MOST)
    columns = min(filters, COLUMNS)
    rows = -(-filters // columns)
    painted = np.zeros((rows, height + GAP, columns, width + GAP, 4), np.uint8)
    colours = matplotlib.colormaps[COLOURS](_scaled(maps), bytes=True)
    for number in range(filters):
        row, column = divmod(number, columns)
        painted[row, :height, column, :width] = colours[:, :, number]
    whole = painted.reshape(rows * (height + GAP), columns * (width + GAP), 4)
    return whole[:-GAP, :-GAP]


def data_url(pixels: Array) -> str:
    """Returns a PNG of the pixels `(height, width)` or `(height, width, 3 or 4)` as a data URL."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def _scaled(maps: Array) -> Array:
    lowest, highest = float(maps.min()), float(maps.max())
    return (maps - lowest) / (highest - lowest or 1.0)
