"""Builds the model that a file of weights alone belongs to."""

from os import PathLike
from pathlib import Path

import keras

from kerastut.registry import get_recipe, resolve
from kerastut.runs import load_model, model_file
from kerastut.train import prepare


def reference(like: str | PathLike[str]) -> keras.Model:
    """Returns a model by the name of a recipe, the folder of a run, or a `.keras` file."""
    path = Path(like)
    if path.is_dir():
        return load_model(model_file(path))
    if path.suffix == ".keras":
        return load_model(path)
    return prepare(resolve(get_recipe(str(like)), {})).model
