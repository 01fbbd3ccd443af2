"""ONNX: one file, for ONNX Runtime."""

from pathlib import Path
from typing import Any

import keras

from kerastut.export.part import signature

FILE = "model.onnx"
STRINGS = False
NAMED = True
INSTALL = "onnxruntime"
IMPORTS = ("import onnxruntime",)
LOAD = 'session = onnxruntime.InferenceSession("model.onnx")'
CALL = "outputs = session.run(None, inputs)"


def write(model: keras.Model, path: Path) -> None:
    """Writes the file."""
    model.export(path, format="onnx", verbose=False, input_signature=signature(model, None))


def outputs(path: Path, x: dict[str, Any]) -> Any:
    """Loads the file and computes its outputs for arrays by the names of the inputs."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path)
    found = session.run(None, x)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, found, strict=True)) if len(names) > 1 else found[0]
