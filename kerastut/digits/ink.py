"""How much ink there is at each pixel, whatever the light, the paper and what lies around it."""

from collections.abc import Iterator

import numpy as np
from PIL import Image
from scipy import ndimage

from kerastut.arrays import Array

# Side of the window that paper is looked for in, as a share of the picture's shorter side: a dark
# part that holds such a window is a shadow, a desk or another sheet, and no stroke. Of a digit that
# fills the picture it may be one: then the larger window is tried, too.
WINDOWS = (0.25, 0.5)
# The darkest paper that contrast is taken in relation to, as a share of the brightest.
DARKEST = 0.3
# What dark and light ink is at least, and how many times the noise of the ground.
FAINTEST, LIGHTEST, CLEAR = 0.1, 0.2, 6.0
# Longer side of the small picture that tells the ground's brightness, and of the median's window
# the share of its shorter one.
COARSE, AROUND = 72, 0.4
# What red, green and blue add to brightness.
LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


def greys(pixels: Array) -> Iterator[Array]:
    """Yields `(height, width)` float32 from 0 to 1, for `(height, width, 3)` uint8.

    First brightness; then the brightest colour, where coloured lines vanish and black ink stays;
    then the darkest, where yellow ink is dark.
    """
    colours = pixels.astype(np.float32) / 255
    yield colours @ LUMINANCE
    if (np.ptp(pixels, axis=2) > 40).mean() > 0.005:
        yield colours.max(axis=2)
        yield colours.min(axis=2)


def smoothed(grey: Array) -> Array:
    """Returns the picture without its finest grain; a large one is smoothed more."""
    return np.asarray(ndimage.gaussian_filter(grey, max(grey.shape) / 1000, truncate=3))


def ink(grey: Array, dark: bool, share: float) -> Array:
    """Returns the share of light by which each pixel differs from the paper.

    The paper's light is a closing, for light ink an opening: what is narrower than the window is
    filled, so that no edge of a shadow or a desk remains.

    Args:
        grey: `(height, width)` float32 from 0 to 1.
        dark: Whether the ink is darker than the paper.
        share: Side of the window, as a share of the shorter side.

    Returns:
        `(height, width)` float32 from 0 to 1.
    """
    window = max(3, round(share * min(grey.shape)) | 1)
    if dark:
        paper = ndimage.minimum_filter(ndimage.maximum_filter(grey, window), window)
        return np.asarray((paper - grey) / np.maximum(paper, DARKEST * brightest(paper)))
    paper = ndimage.maximum_filter(ndimage.minimum_filter(grey, window), window)
    return np.asarray((grey - paper) / np.maximum(grey, DARKEST * brightest(grey)))


def brightest(grey: Array) -> float:
    """Returns the brightest light of what is no mere speck."""
    return max(float(coarse(grey, 1.5 * COARSE).max()), 0.02)


def least(found: Array, dark: bool) -> float:
    """Returns how much ink is more than the noise of the ground."""
    noise = float(np.median(np.abs(found[:, 1:] - found[:, :-1])))
    return max(FAINTEST if dark else LIGHTEST, CLEAR * noise)


def ground(grey: Array) -> Array:
    """Returns what most pixels around each pixel look like: the median of a large window."""
    small = coarse(grey, COARSE)
    window = max(3, round(AROUND * min(small.shape)) | 1)
    return resized(ndimage.median_filter(small, window, mode="nearest"), *grey.shape)


def coarse(grey: Array, longest: float) -> Array:
    """Returns a smaller picture of at most that longer side."""
    share = min(1.0, longest / max(grey.shape))
    return resized(grey, *(max(1, round(side * share)) for side in grey.shape))


def resized(pixels: Array, height: int, width: int) -> Array:
    """Returns the pixels resized: weighted means where it becomes smaller."""
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
