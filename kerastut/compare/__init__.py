"""Grids of runs, their summary, and whether recipes keep to their bands."""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.compare.banding import bands_of as bands_of
    from kerastut.compare.banding import seeded as seeded
    from kerastut.compare.grid import Outcome as Outcome
    from kerastut.compare.grid import check as check
    from kerastut.compare.grid import make_grid as make_grid
    from kerastut.compare.grid import outcomes as outcomes
    from kerastut.compare.grid import parse_values as parse_values
    from kerastut.compare.results import record as record
    from kerastut.compare.results import write as write
    from kerastut.compare.summary import Summary as Summary
    from kerastut.compare.summary import deviation as deviation
    from kerastut.compare.summary import mean as mean
    from kerastut.compare.summary import metric_names as metric_names
    from kerastut.compare.summary import summarize as summarize
    from kerastut.compare.verification import as_cells as as_cells
    from kerastut.compare.verification import require_bands as require_bands
    from kerastut.compare.verification import verify as verify

__getattr__, __dir__ = front_door(__name__, __file__)
