"""Wraps a SavedModel that Keras knows nothing of: it can be computed, and no more."""

from pathlib import Path

import keras
import tensorflow as tf

from kerastut.conversion.old import ConversionError
from kerastut.conversion.saved_model import saved_graph
from kerastut.errors import shown, shown_path

ENDPOINT = "serving_default"
# Operations with a state that a model needs; all others with one may read, write or run something.
STATEFUL = {
    "AssignVariableOp",
    "MergeV2Checkpoints",
    "Placeholder",
    "PartitionedCall",
    "ReadVariableOp",
    "ResourceGather",
    "RestoreV2",
    "SaveV2",
    "ShardedFilename",
    "StatefulPartitionedCall",
    "StatelessIf",
    "StatelessWhile",
    "VarHandleOp",
    "VarIsInitializedOp",
    "While",
    "If",
}


def wrapped(folder: Path) -> keras.Model:
    """Returns a model of one layer that calls the graph of a SavedModel.

    Raises:
        ConversionError: If the graph could do more than compute, or has no such function.
    """
    graph = saved_graph(folder)
    functions = graph.graph_def.library.function
    kinds = {node.op for node in graph.graph_def.node}
    kinds |= {node.op for function in functions for node in function.node_def}
    foreign = sorted(
        kind for kind in kinds - {f.signature.name for f in functions} if _is_risky(kind)
    )
    if foreign:
        raise ConversionError(
            f"{shown_path(folder)}: its graph holds {', '.join(map(shown, foreign[:3]))}, which"
            " could read, write or run something, and is not loaded. Save the model as .h5 instead."
        )
    if ENDPOINT not in graph.signature_def:
        raise ConversionError(f"{shown_path(folder)}: has no function {ENDPOINT} to call.")
    return keras.Sequential([keras.layers.TFSMLayer(str(folder), call_endpoint=ENDPOINT)])


def _is_risky(kind: str) -> bool:
    try:
        return (
            bool(tf.raw_ops.__dict__.get(kind) is None or _is_stateful(kind))
            and kind not in STATEFUL
        )
    except Exception:
        return True


def _is_stateful(kind: str) -> bool:
    from tensorflow.python.framework import op_def_registry

    return bool(op_def_registry.get(kind).is_stateful)
