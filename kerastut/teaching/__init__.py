"""What the tutorial's chapters call: sentences with computed numbers, checks, drawings.

`hand_*` and `update_rules` are modules: chapters show them whole, or name what lies in them.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.teaching.by_hand import hand_activations as hand_activations
    from kerastut.teaching.by_hand import hand_perceptron as hand_perceptron
    from kerastut.teaching.by_hand import hand_training as hand_training
    from kerastut.teaching.by_hand import update_rules as update_rules
    from kerastut.teaching.by_hand.cells import lstm as lstm
    from kerastut.teaching.by_hand.cells import sigmoid as sigmoid
    from kerastut.teaching.by_hand.dependence_measure import dependence as dependence
    from kerastut.teaching.by_hand.differences import finite_differences as finite_differences
    from kerastut.teaching.by_hand.hand_perceptron import small as small
    from kerastut.teaching.diagrams.backpropagation_diagram import (
        backpropagation as backpropagation,
    )
    from kerastut.teaching.diagrams.chain_diagram import chain as chain
    from kerastut.teaching.diagrams.digit import digit_as_numbers as digit_as_numbers
    from kerastut.teaching.diagrams.dropout_diagram import thinned_nets as thinned_nets
    from kerastut.teaching.diagrams.field_diagram import Window as Window
    from kerastut.teaching.diagrams.field_diagram import receptive_field as receptive_field
    from kerastut.teaching.diagrams.lstm_diagram import lstm_cell as lstm_cell
    from kerastut.teaching.diagrams.neuron_diagram import neuron as neuron
    from kerastut.teaching.diagrams.window_diagram import sliding_window as sliding_window
    from kerastut.teaching.experiments.best_of_many import best_of as best_of
    from kerastut.teaching.experiments.bit_flip_plot import bit_flips as bit_flips
    from kerastut.teaching.experiments.bit_flip_plot import flip_changes as flip_changes
    from kerastut.teaching.experiments.bit_flip_plot import flipped as flipped
    from kerastut.teaching.experiments.bit_flip_plot import outputs as outputs
    from kerastut.teaching.experiments.call_ways import ways_of_calling as ways_of_calling
    from kerastut.teaching.experiments.damaged_files import Gift as Gift
    from kerastut.teaching.experiments.damaged_files import damage as damage
    from kerastut.teaching.experiments.damaged_files import digest_changes as digest_changes
    from kerastut.teaching.experiments.damaged_files import refusal as refusal
    from kerastut.teaching.experiments.edited_recipe import edited as edited
    from kerastut.teaching.experiments.scaling import FULL as FULL
    from kerastut.teaching.experiments.scaling import scale as scale
    from kerastut.teaching.experiments.scaling import spread as spread
    from kerastut.teaching.experiments.stopped_run import stopped as stopped
    from kerastut.teaching.experiments.weights_only import from_weights as from_weights
    from kerastut.teaching.plots.activation_plot import activations as activations
    from kerastut.teaching.plots.band_plot import bands as bands
    from kerastut.teaching.plots.curve_plot import curves as curves
    from kerastut.teaching.plots.feature_map_grid import feature_maps as feature_maps
    from kerastut.teaching.plots.forgetting_plot import forgetting as forgetting
    from kerastut.teaching.plots.length_histogram import lengths as lengths
    from kerastut.teaching.plots.log_band_plot import log_bands as log_bands
    from kerastut.teaching.plots.loss_contours import contours as contours
    from kerastut.teaching.plots.penalty_plot import penalties as penalties
    from kerastut.teaching.plots.picture_grid import image_grid as image_grid
    from kerastut.teaching.plots.residual_lines import residuals as residuals
    from kerastut.teaching.plots.step_size_plot import step_sizes as step_sizes
    from kerastut.teaching.plots.valley_plot import valley_paths as valley_paths
    from kerastut.teaching.plots.weight_histogram import weight_sizes as weight_sizes
    from kerastut.teaching.telling.checks import hold as hold
    from kerastut.teaching.telling.checks import match as match
    from kerastut.teaching.telling.edition import say as say
    from kerastut.teaching.telling.errata import erratum as erratum
    from kerastut.teaching.telling.sources import recipe as recipe
    from kerastut.teaching.telling.sources import source as source
    from kerastut.teaching.telling.told_messages import messages as messages

__getattr__, __dir__ = front_door(__name__, __file__)
