"""What the tutorial's chapters call: sentences with computed numbers, checks, drawings, programs.

`hand_*` and `update_rules` are modules: chapters show them whole, or name what lies in them.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door
from kerastut.teaching.telling import figures

if TYPE_CHECKING:
    from kerastut.teaching.by_hand import hand_activations as hand_activations
    from kerastut.teaching.by_hand import hand_perceptron as hand_perceptron
    from kerastut.teaching.by_hand import hand_training as hand_training
    from kerastut.teaching.by_hand import update_rules as update_rules
    from kerastut.teaching.by_hand.cells import lstm as lstm
    from kerastut.teaching.by_hand.differences import finite_differences as finite_differences
    from kerastut.teaching.by_hand.hand_activations import sigmoid as sigmoid
    from kerastut.teaching.experiments.gradients import dependence as dependence
    from kerastut.teaching.experiments.gradients import forgetting as forgetting
    from kerastut.teaching.experiments.recipes import recipe as recipe
    from kerastut.teaching.experiments.recipes import stopped as stopped
    from kerastut.teaching.experiments.scaling import FULL as FULL
    from kerastut.teaching.experiments.scaling import best_of as best_of
    from kerastut.teaching.experiments.scaling import scale as scale
    from kerastut.teaching.experiments.scaling import spread as spread
    from kerastut.teaching.plots.graphs import activations as activations
    from kerastut.teaching.plots.graphs import contours as contours
    from kerastut.teaching.plots.graphs import curves as curves
    from kerastut.teaching.plots.graphs import lengths as lengths
    from kerastut.teaching.plots.graphs import residuals as residuals
    from kerastut.teaching.plots.graphs import valley_paths as valley_paths
    from kerastut.teaching.plots.graphs import weight_sizes as weight_sizes
    from kerastut.teaching.plots.pictures import digit_as_numbers as digit_as_numbers
    from kerastut.teaching.plots.pictures import feature_maps as feature_maps
    from kerastut.teaching.plots.pictures import image_grid as image_grid
    from kerastut.teaching.plots.pictures import receptive_field as receptive_field
    from kerastut.teaching.plots.pictures import sliding_window as sliding_window
    from kerastut.teaching.telling.beginning import new_recipe as new_recipe
    from kerastut.teaching.telling.checks import hold as hold
    from kerastut.teaching.telling.checks import match as match
    from kerastut.teaching.telling.figures import LABELS as LABELS
    from kerastut.teaching.telling.figures import LEAST_TEXT as LEAST_TEXT
    from kerastut.teaching.telling.figures import alt as alt
    from kerastut.teaching.telling.figures import in_chinese as in_chinese
    from kerastut.teaching.telling.plain import edition as edition
    from kerastut.teaching.telling.plain import plain_program as plain_program
    from kerastut.teaching.telling.showing import diagram as diagram
    from kerastut.teaching.telling.showing import erratum as erratum
    from kerastut.teaching.telling.showing import say as say
    from kerastut.teaching.telling.showing import source as source
    from kerastut.teaching.telling.showing import tell as tell

figures.register()
__getattr__, __dir__ = front_door(__name__, __file__)
