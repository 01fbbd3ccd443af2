"""Whether pictures are light on dark ground or dark on light ground."""

import numpy as np

from kerastut.arrays import Array, Arrays


def background_of(x: Arrays) -> str | None:
    """Returns the background, `"dark"` or `"light"`, that grey images have in common, or `None`.

    Args:
        x: Any training inputs; the first thousand are looked at if they are `(n, height, width, 1)`
            uint8.
    """
    if isinstance(x, dict) or x.dtype != np.uint8 or x.ndim != 4 or x.shape[3] != 1:
        return None
    light = float(np.mean([is_light(image[..., 0]) for image in x[:1000]]))
    return "dark" if light < 0.1 else "light" if light > 0.9 else None


def is_light(pixels: Array) -> bool:
    """Returns whether the border of a picture `(height, width)` is lighter than the whole of it."""
    return float(np.median(border(pixels))) > float(pixels.mean())


def border(pixels: Array) -> Array:
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
