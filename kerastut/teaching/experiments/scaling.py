"""How large a chapter's experiments are, how results are stated, and how much of them is luck."""

import math
import os
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import TypeVar

import numpy as np

from kerastut.arrays import Array
from kerastut.errors import ParameterError

FULL = os.environ.get("FULL", "0") not in ("", "0")
"""Whether the chapter runs in full, as for the published site: set `FULL=1`."""

Setting = TypeVar("Setting")


def scale(reduced: Setting, full: Setting) -> Setting:
    """Returns the setting of a quick run, or that of a complete one if `FULL=1`."""
    return full if FULL else reduced


def spread(values: Sequence[float]) -> str:
    """Returns mean ± sample standard deviation, to two digits of the latter.

    Args:
        values: One result for each seed, at least three.

    Raises:
        ParameterError: If there are fewer.

    Example:

    >>> spread([0.91, 0.92, 0.93])
    '0.920 ± 0.010'
    """
    if len(values) < 3:
        raise ParameterError(
            f"spread: expected results of at least 3 seeds; received {len(values)}. Run more seeds."
        )
    deviation = stdev(values)
    exponent = math.floor(math.log10(deviation)) if deviation else -3
    digits = max(0, 1 - exponent)
    return f"{fmean(values):.{digits}f} ± {deviation:.{digits}f}"


def best_of(correct: Array, size: int) -> tuple[Array, Array]:
    """Picks the best of 1, 2, 3 ... models on a few images, and judges it there and elsewhere.

    Models and images are drawn anew a thousand times; the results are averaged.

    Args:
        correct: Whether each model is right about each image, `(models, images)`.
        size: Images to choose on; the rest are fresh.

    Returns:
        Mean accuracy of the winner on the images of the choice, and on the fresh ones, each
        `(models,)`: place `k - 1` is for the best of `k`.
    """
    rng = np.random.default_rng(0)
    models, images = correct.shape
    seen, fresh = np.zeros(models), np.zeros(models)
    for _ in range(1000):
        shuffled = correct[rng.permutation(models)][:, rng.permutation(images)]
        here, elsewhere = shuffled[:, :size].mean(axis=1), shuffled[:, size:].mean(axis=1)
        winners = [int(np.argmax(here[: count + 1])) for count in range(models)]
        seen += here[winners]
        fresh += elsewhere[winners]
    return seen / 1000, fresh / 1000
