"""A SavedModel that Keras knows nothing of: it can be computed, and no more."""

from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from kerastut.conversion.old import ConversionError
from kerastut.conversion.saved_model import saved_graph
from kerastut.errors import listed, shown, shown_path
from kerastut.train import reaches_out

ENDPOINT = "serving_default"
# Operations with a state that computing needs; others with one may read, write or run something.
STATEFUL = {
    "Assert",
    "AssignVariableOp",
    "Case",
    "DisableCopyOnRead",
    "HashTableV2",
    "If",
    "LookupTableFindV2",
    "LookupTableImportV2",
    "RandomStandardNormal",
    "RandomUniform",
    "ReadVariableOp",
    "ResourceGather",
    "StatefulPartitionedCall",
    "VarHandleOp",
    "VarIsInitializedOp",
    "While",
}
# What TensorFlow puts into two functions that save and restore, and that nothing else calls.
SAVING = {"MergeV2Checkpoints", "RestoreV2", "SaveV2", "ShardedFilename"}


def wrapped(folder: Path) -> keras.Model:
    """Returns a model of one layer that calls the graph of a SavedModel.

    Raises:
        ConversionError: If the graph could do more than compute, or has no such function.
    """
    graph = saved_graph(folder)
    library = graph.graph_def.library
    names = {function.signature.name for function in library.function}
    saving: list[Any] = []
    computing = [graph.object_graph_def, *library.gradient]
    kinds = {node.op for node in graph.graph_def.node}
    for function in library.function:
        own = {node.op for node in function.node_def}
        kinds |= own
        (saving if own & SAVING else computing).append(function)
    called = b"".join(part.SerializeToString() for part in computing)
    risky = [kind for kind in sorted(kinds - names - STATEFUL - SAVING) if reaches_out(kind)]
    risky += [f.signature.name for f in saving if f.signature.name.encode() in called]
    if risky:
        raise ConversionError(
            f"{shown_path(folder)}: its graph holds {listed([*map(shown, risky)])}, which could"
            " read, write or run something, and is not loaded. Save the model as .h5 instead."
        )
    asked = list(graph.signature_def[ENDPOINT].inputs.values())
    if len(asked) != 1 or asked[0].tensor_shape.unknown_rank or not graph.object_graph_def.nodes:
        raise ConversionError(
            f"{shown_path(folder)}: expected a function {ENDPOINT} of TensorFlow 2 with one input,"
            " found none. Save the model as .h5 instead."
        )
    sizes = [None if size.size < 0 else size.size for size in asked[0].tensor_shape.dim]
    x = keras.Input(batch_shape=sizes, dtype=tf.as_dtype(asked[0].dtype).name)
    return keras.Model(x, keras.layers.TFSMLayer(folder.resolve(), call_endpoint=ENDPOINT)(x))
