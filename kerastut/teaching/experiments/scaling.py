"""Quick or complete: the sizes of a chapter's experiments, and how results are stated."""

import math
import os
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import TypeVar

from kerastut.errors import ParameterError

FULL = os.environ.get("FULL", "0") not in ("", "0")
"""Whether the chapter runs in full, as for the published site: set `FULL=1`."""

Setting = TypeVar("Setting")


def scale(reduced: Setting, full: Setting) -> Setting:
    """Returns the setting of a quick run, or that of a complete one if `FULL=1`.

    Both train on real data.

    Example:

    >>> limit = scale(reduced=6000, full=None)
    """
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
