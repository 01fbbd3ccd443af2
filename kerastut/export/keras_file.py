"""Keras's own format: one file, for Keras on any backend."""

from pathlib import Path
from typing import Any

import keras

from kerastut.export.part import unwrapped

FILE = "model.keras"
STRINGS = True
NAMED = False
INSTALL = "keras tensorflow"
IMPORTS = ("import keras",)
LOAD = 'model = keras.models.load_model("model.keras")'
CALL = "outputs = model(inputs)"


def write(model: keras.Model, path: Path) -> None:
    """Writes the file."""
    model.save(path)


def outputs(path: Path, x: dict[str, Any]) -> Any:
    """Loads the file and computes its outputs for arrays or strings by the names of the inputs."""
    return keras.models.load_model(path)(unwrapped(x))
