"""Plots of a run. Each takes `ax=None` and returns the axes; none opens a window.

The same run gives the same PNG bytes: the style is fixed here whatever the reader's matplotlibrc
says, and `save` writes no date and no version.
"""

from kerastut.plotting.classification import (
    confusion,
    confusion_matrix,
    decision_boundary,
    mistakes,
)
from kerastut.plotting.comparison import comparison
from kerastut.plotting.histories import gaps, history
from kerastut.plotting.landscapes import trajectories, wells
from kerastut.plotting.regression import regression_line
from kerastut.plotting.style import save

__all__ = [
    "comparison",
    "confusion",
    "confusion_matrix",
    "decision_boundary",
    "gaps",
    "history",
    "mistakes",
    "regression_line",
    "save",
    "trajectories",
    "wells",
]
