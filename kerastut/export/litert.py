"""LiteRT, once TensorFlow Lite: one file, for telephones and small boards.

The file takes one sample at a time: with sizes that are all fixed, recurrent layers need no kernels
beyond LiteRT's own.
"""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerastut.export.formats import ExportError
from kerastut.export.part import signature

FILE = "model.tflite"
STRINGS = False
NAMED = True
INSTALL = "ai-edge-litert"
IMPORTS = ("from ai_edge_litert.interpreter import Interpreter",)
LOAD = 'run = Interpreter("model.tflite").get_signature_runner()'
CALL = "outputs = run(**inputs)"


def write(model: keras.Model, path: Path) -> None:
    """Writes the file.

    Raises:
        ExportError: If a size is not fixed, or LiteRT has no kernel for an operation.
    """
    for tensor in model.inputs:
        if None in tensor.shape[1:]:
            raise ExportError(
                f"LiteRT needs fixed sizes; the input {tensor.name} has {tuple(tensor.shape[1:])}."
                " Give the encoder an output_sequence_length, or choose onnx."
            )
    try:
        model.export(
            path,
            format="litert",
            verbose=False,
            input_signature=signature(model, 1),
            target_spec={"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]},
        )
    except Exception as error:
        kinds = sorted(set(re.findall(r"'(tf\.\w+)' op is neither", str(error))))
        if not kinds:
            raise
        raise ExportError(
            f"LiteRT has no kernel for {', '.join(kinds)} on"
            f" {', '.join(sorted({tensor.dtype for tensor in model.inputs}))} inputs. Choose"
            " onnx or saved_model."
        ) from error


def outputs(path: Path, x: dict[str, Any]) -> Any:
    """Loads the file and computes its outputs, sample by sample, by the names of the inputs."""
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(str(path)).get_signature_runner()
    count = len(next(iter(x.values())))
    rows = [run(**{name: array[i : i + 1] for name, array in x.items()}) for i in range(count)]
    found = {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}
    return found if len(found) > 1 else next(iter(found.values()))
