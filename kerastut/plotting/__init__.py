"""Plots of a run. Each takes `ax=None` and returns the axes; none opens a window.

The same run gives the same PNG bytes: the style is fixed here whatever the reader's matplotlibrc
says, and `save` writes no date and no version.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.plotting.classification import class_scores as class_scores
    from kerastut.plotting.classification import confusion as confusion
    from kerastut.plotting.classification import confusion_matrix as confusion_matrix
    from kerastut.plotting.classification import mistakes as mistakes
    from kerastut.plotting.comparisons import comparison as comparison
    from kerastut.plotting.fonts import FONT as FONT
    from kerastut.plotting.fonts import family as family
    from kerastut.plotting.histories import gaps as gaps
    from kerastut.plotting.histories import history as history
    from kerastut.plotting.landscapes import trajectories as trajectories
    from kerastut.plotting.landscapes import wells as wells
    from kerastut.plotting.lines import decision_boundary as decision_boundary
    from kerastut.plotting.lines import regression_line as regression_line
    from kerastut.plotting.style import BLUE as BLUE
    from kerastut.plotting.style import COLOURS as COLOURS
    from kerastut.plotting.style import DASHES as DASHES
    from kerastut.plotting.style import GREEN as GREEN
    from kerastut.plotting.style import GREY as GREY
    from kerastut.plotting.style import ORANGE as ORANGE
    from kerastut.plotting.style import RED as RED
    from kerastut.plotting.style import house_style as house_style
    from kerastut.plotting.style import new_figure as new_figure
    from kerastut.plotting.style import plain as plain
    from kerastut.plotting.style import save as save
    from kerastut.plotting.tables import coefficients as coefficients
    from kerastut.plotting.tables import predictions as predictions
    from kerastut.plotting.translation import LABELS as LABELS
    from kerastut.plotting.translation import Labels as Labels
    from kerastut.plotting.translation import label_pairs as label_pairs
    from kerastut.plotting.translation import translated as translated

__getattr__, __dir__ = front_door(__name__, __file__)
