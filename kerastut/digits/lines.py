"""Lines and squares of the paper, told from strokes: they are long, straight and thin."""

import numpy as np

from kerastut.arrays import Array

# Degrees that lines may lean by, and between two tries.
LEAN, STEP = 26.0, 0.5
# The shortest line, as a share of the picture's longer side; how much of it has to be there; how
# much longer than thick it is, and how thick at most as a share of the shorter side.
LENGTH, WHOLE, SLENDER, THICK = 0.35, 0.6, 25, 0.02
# The shortest side of a picture that lines are looked for in.
SMALLEST = 60


def lines(mask: Array) -> Array:
    """Returns the pixels of a mask that are lines, as rows or as columns."""
    if min(mask.shape) <= SMALLEST:
        return np.zeros_like(mask)
    return across(mask) | across(mask.T).T


def across(mask: Array) -> Array:
    """Returns the pixels of a mask that are lines from left to right, level or leaning.

    For each slope pixels are counted along it; a stroke that is crossed stays, for it is thicker.
    """
    high, wide = mask.shape
    found = np.zeros_like(mask)
    length = runs(mask)
    rows, columns = ((length > 0) & (length <= max(3, THICK * min(mask.shape)))).nonzero()
    thick = length[rows, columns]
    least = LENGTH * max(mask.shape)
    for lean in np.arange(-LEAN, LEAN + STEP, STEP):
        slope = np.tan(np.deg2rad(lean))
        place = np.rint(rows - slope * (columns - wide / 2)).astype(int) + wide
        counts = np.bincount(place, minlength=high + 2 * wide)
        full = beside(counts).sum(0)  # a line's pixels lie on three neighbouring places
        if full.max() < WHOLE * least:
            continue
        first, last = np.full(counts.shape, wide), np.zeros(counts.shape, int)
        np.minimum.at(first, place, columns)
        np.maximum.at(last, place, columns)
        lowest, highest = beside(first).min(0), beside(last).max(0)
        spans = np.maximum(highest - lowest, least)
        peaks = (full >= WHOLE * spans).nonzero()[0]
        order = np.argsort(place, kind="stable")
        bounds = np.searchsorted(place[order], (peaks - 1, peaks + 2))
        for peak, begin, end in zip(peaks, *bounds, strict=True):
            near = order[begin:end]
            if np.count_nonzero(np.bincount(columns[near])) < WHOLE * spans[peak]:
                continue
            width = float(np.median(thick[near]))
            if highest[peak] - lowest[peak] >= max(least, SLENDER * width):
                drop = near[thick[near] <= 1.6 * width + 1]
                found[rows[drop], columns[drop]] = True
    return found


def beside(values: Array) -> Array:
    """Returns each value with those before and after it: `(3, n)`."""
    return np.stack([np.roll(values, 1), values, np.roll(values, -1)])


def runs(mask: Array) -> Array:
    """Returns the length of the vertical run that each pixel of a mask lies in; 0 elsewhere."""
    padded = np.pad(mask, ((1, 1), (0, 0))).astype(np.int8).T
    edges = np.diff(padded.ravel())
    starts, ends = (edges == 1).nonzero()[0], (edges == -1).nonzero()[0]
    steps = np.zeros(padded.size + 1, np.int32)
    steps[starts + 1] += (ends - starts).astype(np.int32)
    steps[ends + 1] -= (ends - starts).astype(np.int32)
    return np.asarray(steps.cumsum()[: padded.size].reshape(padded.shape).T[1:-1])
