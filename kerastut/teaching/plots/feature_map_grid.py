"""What the convolutions of a trained net compute of one image."""

import keras
import numpy as np
from matplotlib.figure import Figure

from kerastut.arrays import Array
from kerastut.plotting import house_style


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
    kernels = np.asarray(layers[0].kernel)[:, :, 0, strongest[0]]
    rows = [("filters", kernels, True)] + [
        (f"maps {m.shape[0]} × {m.shape[1]}", m[:, :, chosen], False)
        for m, chosen in zip(maps, strongest, strict=True)
    ]
    figure = Figure(figsize=(0.86 * (columns + 1) + 0.3, 0.95 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), columns + 1)
    grid[0, 0].imshow(image[..., 0], cmap="gray_r")
    for axes in grid.flat:
        axes.set_axis_off()
    for places, (name, pictures, signed) in zip(grid, rows, strict=True):
        if name != "filters":
            places[0].text(0.5, 0.5, name.replace(" ", "\n", 1), ha="center", va="center")
        for axes, picture in zip(places[1:], np.moveaxis(pictures, -1, 0), strict=True):
            limit = max(float(np.abs(picture).max()), 1e-12)
            low, colours = (-limit, "RdBu") if signed else (0.0, "gray_r")
            axes.imshow(picture, cmap=colours, vmin=low, vmax=limit)
    return figure
