"""Writes a model in each format, and computes with the file as its own runtime does."""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kerastut.export.formats import ExportError
from kerastut.export.part import unwrapped
from kerastut.train import all_layers, saved


def write_model(model: keras.Model, format: str, path: Path) -> None:
    """Writes the file or folder of a format.

    Raises:
        ExportError: If the format cannot hold the model.
    """
    if format == "keras":
        path.write_bytes(saved(model.save, path.name))
    elif format == "saved_model":
        model.export(path, format="tf_saved_model", verbose=False)
    elif format == "onnx":
        for layer in all_layers(model):
            if isinstance(layer, keras.layers.Normalization):
                # The converter takes an eager tensor for an input, and an array for a constant.
                layer.mean, layer.variance = np.asarray(layer.mean), np.asarray(layer.variance)
        model.export(path, format="onnx", verbose=False, input_signature=_signature(model, None))
        _without_erfc(path)
    else:
        _write_litert(model, path)


def _without_erfc(path: Path) -> None:
    """Writes what the converter leaves of an exact GELU, erfc(x), as 1 - erf(x)."""
    import onnx

    graph = onnx.load(path)
    nodes = list(graph.graph.node)
    if not any(node.op_type == "Erfc" for node in nodes):
        return
    del graph.graph.node[:]
    one = onnx.numpy_helper.from_array(np.array(1, np.float32), "one")
    graph.graph.initializer.append(one)
    for node in nodes:
        graph.graph.node.append(node)
        if node.op_type == "Erfc":
            (name,) = node.output
            last = graph.graph.node[-1]
            last.op_type, last.output[0] = "Erf", f"{name}/erf"
            graph.graph.node.append(onnx.helper.make_node("Sub", ["one", f"{name}/erf"], [name]))
    onnx.save(graph, path)


def outputs(format: str, path: Path, x: dict[str, Any]) -> Any:
    """Loads the file and computes its outputs for arrays or strings by the names of the inputs."""
    if format == "keras":
        return keras.models.load_model(path)(unwrapped(x))
    if format == "saved_model":
        loaded = tf.saved_model.load(path)  # its weights live as long as this name
        return loaded.serve(unwrapped(x))
    found = _onnx_outputs(path, x) if format == "onnx" else _litert_outputs(path, x)
    return found if len(found) > 1 else next(iter(found.values()))


def _onnx_outputs(path: Path, x: dict[str, Any]) -> dict[str, Any]:
    import onnxruntime

    session = onnxruntime.InferenceSession(path)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, x), strict=True))


def _litert_outputs(path: Path, x: dict[str, Any]) -> dict[str, Any]:
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(str(path)).get_signature_runner()
    count = len(next(iter(x.values())))
    rows = [run(**{name: array[i : i + 1] for name, array in x.items()}) for i in range(count)]
    return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


def _write_litert(model: keras.Model, path: Path) -> None:
    """Writes a file that takes one sample at a time.

    With sizes that are all fixed, recurrent layers need no kernels beyond LiteRT's own.
    """
    for tensor in model.inputs:
        if None in tensor.shape[1:]:
            raise ExportError(
                f"LiteRT needs fixed sizes; the input {tensor.name} has {tuple(tensor.shape[1:])}."
                " Give the encoder an output_sequence_length, or choose onnx."
            )
    signature = _signature(model, 1)
    target = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}
    try:
        model.export(
            path, format="litert", verbose=False, input_signature=signature, target_spec=target
        )
    except Exception as error:
        kinds = sorted(set(re.findall(r"'(tf\.\w+)' op is neither", str(error))))
        if not kinds:
            raise
        types = sorted({tensor.dtype for tensor in model.inputs})
        raise ExportError(
            f"LiteRT has no kernel for {', '.join(kinds)} on {', '.join(types)} inputs. Choose"
            " onnx or saved_model."
        ) from error


def _signature(model: keras.Model, batch: int | None) -> list[Any]:
    """Returns what a converter wants to know of the inputs; `batch` is `None` if it is free."""

    def spec(tensor: Any) -> keras.InputSpec:
        shape = (batch, *tensor.shape[1:])
        return keras.InputSpec(shape=shape, dtype=tensor.dtype, name=tensor.name)

    return [keras.tree.map_structure(spec, model.input)]
