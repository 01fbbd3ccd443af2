"""Converts an old model: reads, builds, places the weights, proves, and writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import keras

from kerastut.conversion.building import Builder
from kerastut.conversion.old import ConversionError, Old
from kerastut.conversion.placing import Placing
from kerastut.conversion.reading import reading
from kerastut.errors import shown_path


@dataclass(frozen=True)
class Converted:
    model: keras.Model
    notes: tuple[str, ...]


def convert_file(path: Path, weights=None, own={}, functions={}):
    with reading(path, weights) as old:
        builder = Builder(own, functions)
        with keras.StatelessScope(initialize_variables=False):
            model = builder.model(old.config)
        placing = Placing(old, builder.names, builder.children)
        placing.by_name(model)
        with keras.StatelessScope():
            pass
        placing.assign()
        for layer in builder.frozen:
            layer.trainable = False
        return Converted(model, tuple(builder.notes))

def convert(*a):
    ...
