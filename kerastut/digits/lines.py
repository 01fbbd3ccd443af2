"""Lines and squares of the paper, told from strokes: they are long, straight and thin."""

import numpy as np

from kerastut.arrays import Array

# Degrees that lines may lean by, and between two tries.
LEAN, STEP = 26.0, 0.25
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

    For each slope the middles of a line's vertical runs are counted along it; a stroke that is
    crossed stays, for it is thicker.
    """
    high, wide = mask.shape
    starts, lengths = runs(mask)
    thin = lengths <= max(3, THICK * min(mask.shape))
    starts, lengths = starts[thin], lengths[thin]
    columns, rows = np.divmod(starts, high + 1)
    middles, right = rows + lengths / 2, columns - wide / 2
    least = LENGTH * max(mask.shape)
    if len(starts) < WHOLE * least:
        return np.zeros_like(mask)
    is_line = np.zeros(len(starts), bool)
    for lean in np.arange(-LEAN, LEAN + STEP, STEP):
        place = (middles - np.tan(np.deg2rad(lean)) * right + wide).astype(np.intp)
        counts = np.bincount(place, minlength=high + 2 * wide)
        full = beside(counts, np.add)  # a line's middles lie on three neighbouring places
        if full.max() < WHOLE * least:
            continue
        first, last = np.full(counts.shape, wide), np.zeros(counts.shape, int)
        np.minimum.at(first, place, columns)
        np.maximum.at(last, place, columns)
        spans = beside(last, np.maximum) - beside(first, np.minimum)
        peaks = (full >= WHOLE * np.maximum(spans, least)).nonzero()[0]
        is_near = np.zeros(counts.shape, bool)
        is_near[np.add.outer(peaks, range(3))] = True
        order = is_near[place].nonzero()[0]
        order = order[np.argsort(place[order], kind="stable")]
        bounds = np.searchsorted(place[order], (peaks, peaks + 3))
        for span, begin, end in zip(spans[peaks], *bounds, strict=True):
            near = order[begin:end]
            if np.count_nonzero(np.bincount(columns[near])) < WHOLE * max(span, least):
                continue
            width = float(np.median(lengths[near]))
            if span >= max(least, SLENDER * width):
                is_line[near[lengths[near] <= 1.6 * width + 1]] = True
    steps = np.zeros(wide * (high + 1), np.int8)
    steps[starts[is_line]] = 1
    steps[(starts + lengths)[is_line]] = -1
    return np.asarray(steps.cumsum(dtype=np.int8).reshape(wide, -1).T[:high] > 0)


def beside(values: Array, of: np.ufunc) -> Array:
    """Returns what `of` makes of each value and the two after it."""
    return np.asarray(of(of(values[:-2], values[1:-1]), values[2:]))


def runs(mask: Array) -> tuple[Array, Array]:
    """Returns where the vertical runs of a mask start, and how long they are.

    Places are counted down each column and one further, then down the next.
    """
    columns = np.pad(mask, ((0, 1), (0, 0))).T.ravel()
    edges = np.diff(columns.astype(np.int8), prepend=np.int8(0))
    starts, ends = (edges == 1).nonzero()[0], (edges == -1).nonzero()[0]
    return starts, ends - starts
