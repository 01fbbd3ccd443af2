"""What the tutorial's chapters call: sentences with computed numbers, checks, drawings.

Names are imported on first use. A chapter's drawing function lies in a file of its own; it is
public once its name stands in the table below.
"""

from importlib import import_module
from typing import Any

# Name -> module of this package.
_ROOMS = {
    "FULL": "scaling",
    "Gift": "damaged_files",
    "Window": "field_diagram",
    "activations": "activation_plot",
    "backpropagation": "backpropagation_diagram",
    "bands": "band_plot",
    "best_of": "best_of_many",
    "bit_flips": "bit_flip_plot",
    "chain": "chain_diagram",
    "contours": "loss_contours",
    "curves": "curve_plot",
    "damage": "damaged_files",
    "dependence": "dependence_measure",
    "digest_changes": "damaged_files",
    "digit_as_numbers": "digit",
    "edited": "edited_recipe",
    "erratum": "errata",
    "feature_maps": "feature_map_grid",
    "finite_differences": "differences",
    "flip_changes": "bit_flip_plot",
    "flipped": "bit_flip_plot",
    "forgetting": "forgetting_plot",
    "from_weights": "weights_only",
    "hold": "checks",
    "image_grid": "picture_grid",
    "lengths": "length_histogram",
    "log_bands": "log_band_plot",
    "lstm": "cells",
    "lstm_cell": "lstm_diagram",
    "match": "checks",
    "messages": "told_messages",
    "neuron": "neuron_diagram",
    "outputs": "bit_flip_plot",
    "penalties": "penalty_plot",
    "receptive_field": "field_diagram",
    "recipe": "sources",
    "refusal": "damaged_files",
    "residuals": "residual_lines",
    "say": "edition",
    "scale": "scaling",
    "sigmoid": "cells",
    "sliding_window": "window_diagram",
    "small": "hand_perceptron",
    "source": "sources",
    "spread": "scaling",
    "step_sizes": "step_size_plot",
    "stopped": "stopped_run",
    "thinned_nets": "dropout_diagram",
    "valley_paths": "valley_plot",
    "ways_of_calling": "call_ways",
    "weight_sizes": "weight_histogram",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'kerastut.teaching' has no attribute {name!r}")
    value = getattr(import_module(f"kerastut.teaching.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_ROOMS)
