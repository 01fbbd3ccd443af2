"""Grids of runs, their summary, and whether recipes keep to their bands."""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.compare.grid import Outcome as Outcome
    from kerastut.compare.grid import Summary as Summary
    from kerastut.compare.grid import as_text as as_text
    from kerastut.compare.verification import as_cells as as_cells
    from kerastut.compare.verification import verify as verify

__getattr__, __dir__ = front_door(__name__, __file__)
