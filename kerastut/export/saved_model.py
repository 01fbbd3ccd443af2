"""TensorFlow's SavedModel: a folder, for TensorFlow and TensorFlow Serving."""

from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from kerastut.export.part import unwrapped

FILE = "saved_model"
STRINGS = True
NAMED = False
INSTALL = "tensorflow"
IMPORTS = ("import tensorflow as tf",)
LOAD = 'model = tf.saved_model.load("saved_model")'
CALL = "outputs = model.serve(inputs)"


def write(model: keras.Model, path: Path) -> None:
    """Writes the folder."""
    model.export(path, format="tf_saved_model", verbose=False)


def outputs(path: Path, x: dict[str, Any]) -> Any:
    """Loads the folder and computes its outputs for arrays or strings by the inputs' names."""
    loaded = tf.saved_model.load(path)  # its weights live as long as this name
    return loaded.serve(unwrapped(x))
