"""How much memory a model asks for, found out without taking it.

Keras builds and calls the model in a graph of TensorFlow's, where variables and tensors have shapes
and no numbers. On JAX only the variables are found out.
"""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from kerastut.errors import DataError, shown
from kerastut.memory import check_memory, exceeding, most_memory
from kerastut.train.keras_internals import BoundedGraph, all_layers

OPERATION = 12 * 2**10  # bytes of one in a graph, with what Keras keeps of it
ASSIGNED = 4  # times that Keras holds a variable while it fills it
# Operations whose outputs lie in the memory of others.
VIEWS = ("ReadVariableOp", "Identity", "Reshape", "ExpandDims", "Squeeze", "If", "StatelessIf")
# Convolutions before which TensorFlow lays out all patches of what they look at.
PATCHING = ("Conv3D", "Conv2DBackpropInput", "Conv3DBackpropInputV2")
NUMBER, TEXT = 4, 24  # bytes
SAMPLES = 256  # predicted at once, if they fit
LENGTH = 256  # of an axis that may have any


def check_demand(
    config: Any, names: Collection[str], reading: int, batch: int = 1, samples: int = 0
) -> None:
    """Refuses a model that would take more than `kerastut.memory.most_memory`.

    Args:
        config: What `keras.saving.serialize_keras_object` makes of it; used up.
        names: The names of its layers.
        reading: Bytes that it takes to read its weights.
        batch: Samples that are computed at once.
        samples: Samples whose outputs are kept.

    Raises:
        DataError: If it would; the text names the layer that asks for most.
    """
    if keras.config.backend() != "tensorflow":
        _check_weights(_on_jax(config), names, reading)
        return
    keras.random.uniform(())  # Keras makes its own generator, which must not lie in the graph
    graph = BoundedGraph(most_memory() // OPERATION)
    try:
        with graph.as_default():
            model = keras.saving.deserialize_keras_object(config, safe_mode=True)
            fold_loops(model)
            weights = _check_weights(_in_graph(graph, model), names, reading)
            if (inputs := _inputs(model)) is not None:
                made = len(graph.get_operations())
                model(keras.tree.map_structure(_placeholder, inputs), training=False)
                kept = weights + NUMBER * samples * numbers(model)
                _check_batch(graph.get_operations()[made:], names, batch, kept)
    except Exception as error:
        if graph.is_full:  # Keras makes another error of it
            layer = _layer_of(graph.newest, names)
            raise exceeding(f"layer {layer!r}", "is one of too many steps") from error
        raise


def batch_for(model: keras.Model, length: int = LENGTH) -> int:
    """Returns how many samples to predict at once.

    Args:
        model: A built model.
        length: Of the longest sample along an axis of any length, such as a text's characters.

    Raises:
        DataError: If even one sample would take more than `kerastut.memory.most_memory`.
    """
    if keras.config.backend() != "tensorflow" or _inputs(model) is None:
        return SAMPLES
    inputs = keras.tree.map_structure(
        lambda x: tf.TensorSpec(_one(x, length), x.dtype, "input"), _inputs(model)
    )
    call = tf.function(lambda x: model(x, training=False), autograph=False)
    operations = call.get_concrete_function(inputs).graph.get_operations()
    sample = _check_batch(operations, {layer.name for layer in all_layers(model)}, 1, 0, length)
    return max(1, min(SAMPLES, most_memory() // 2 // max(1, sample)))


def fold_loops(model: keras.Model) -> None:
    """Has recurrent layers go through their steps in a loop: the same result of a small graph."""
    for layer in all_layers(model):
        # In a Bidirectional that returns sequences Keras masks what is unrolled in another way.
        masks_otherwise = getattr(layer, "zero_output_for_mask", False)
        if getattr(layer, "unroll", False) and not masks_otherwise:
            layer.unroll = False


def numbers(model: keras.Model, length: int = LENGTH) -> int:
    """Returns how many numbers the model's outputs for one sample are, as `batch_for` counts."""
    outputs = getattr(model, "outputs", None) or []
    return sum(math.prod(_one(output, length)) for output in outputs)


def _inputs(model: keras.Model) -> Any:
    """Returns the inputs in their structure; nothing for a model of a class that tells none."""
    if not getattr(model, "inputs", None):
        return None
    return model.inputs[0] if isinstance(model, keras.Sequential) else model.input


def _on_jax(config: Any) -> list[tuple[str, int]]:
    """Returns the paths and bytes of all variables; what JAX traces has shapes and no numbers."""
    import jax

    found: list[keras.Model] = []
    build = partial(keras.saving.deserialize_keras_object, config, safe_mode=True)
    jax.eval_shape(lambda: found.append(build()))
    optimizer = getattr(found[0], "optimizer", None)
    variables = [*found[0].variables, *getattr(optimizer, "variables", [])]
    return [(variable.path, math.prod(variable.shape) * NUMBER) for variable in variables]


def _in_graph(graph: tf.Graph, model: keras.Model) -> list[tuple[str, int]]:
    """Returns the paths and bytes of all variables, also those of optimizer and metrics."""
    handles = [operation for operation in graph.get_operations() if operation.type == "VarHandleOp"]
    paths = {variable.handle.op.name: variable.path for variable in model.variables}
    return [(paths.get(handle.name, handle.name), _variable_size(handle)) for handle in handles]


def _check_weights(
    variables: Sequence[tuple[str, int]], names: Collection[str], reading: int
) -> int:
    """Returns the bytes of the variables."""
    total = sum(size for _, size in variables)
    path, largest = max(variables, key=lambda variable: variable[1], default=("", 0))
    asker = f"the weights, the largest in layer {_layer(path, names)!r},"
    check_memory(asker, reading + total + ASSIGNED * largest)
    return total


def _check_batch(
    operations: Sequence[tf.Operation],
    names: Collection[str],
    batch: int,
    beside: int,
    length: int = LENGTH,
) -> int:
    """Returns the bytes computed for one sample."""
    sample = once = largest = 0
    name = ""
    reads_texts = any(x.dtype == tf.string for x in _fed(operations))
    for operation, size, is_fed in _sizes(operations, length):
        sample, once = (sample + size, once) if is_fed else (sample, once + size)
        if size > largest:
            name, largest = operation.name, size
        if not (reads_texts or all(x.shape.is_fully_defined() for x in operation.outputs)):
            layer = _layer_of(operation.name, names)
            raise DataError(f"layer {layer!r} has an output whose size depends on its input.")
    layer = _layer_of(name, names)
    asker = f"computing on {batch:,} samples at once, the largest output in layer {layer!r},"
    check_memory(asker, beside + once + batch * sample)
    return sample


def _sizes(
    operations: Sequence[tf.Operation], length: int
) -> Iterator[tuple[tf.Operation, int, bool]]:
    """Yields operations, the bytes of their outputs, and whether these depend on the inputs."""
    fed = {tensor.op for tensor in _fed(operations)}
    for operation in operations:
        if any(tensor.op in fed for tensor in operation.inputs):
            fed.add(operation)
        if operation.type not in VIEWS:
            size = sum(_tensor_size(tensor, length) for tensor in operation.outputs)
            if operation.type in PATCHING:
                size += _patches(operation)
            yield operation, size, operation in fed


def _patches(convolution: tf.Operation) -> int:
    kernel = convolution.inputs[1].shape
    small = convolution.outputs[0] if convolution.type == "Conv3D" else convolution.inputs[2]
    places = math.prod(small.shape) // kernel[-1]
    return int(NUMBER * places * math.prod(kernel[:-1]))


def _fed(operations: Sequence[tf.Operation]) -> list[tf.Tensor]:
    """Returns the inputs; a function of TensorFlow's is also fed its variables."""
    fed = [operation.outputs[0] for operation in operations if operation.type == "Placeholder"]
    return [tensor for tensor in fed if tensor.dtype != tf.resource]


def _tensor_size(tensor: tf.Tensor, length: int) -> int:
    if tensor.shape.rank is None:
        return 0
    each = TEXT if tensor.dtype == tf.string else tensor.dtype.size
    return int(math.prod(length if size is None else size for size in tensor.shape) * each)


def _variable_size(handle: tf.Operation) -> int:
    shape = [dimension.size for dimension in handle.get_attr("shape").dim]
    return int(math.prod(shape) * handle.get_attr("dtype").size)


def _one(tensor: keras.KerasTensor, length: int) -> list[int]:
    """Returns the shape of one sample, as a batch."""
    batch, *sizes = tensor.shape
    return [batch or 1, *(length if size is None else size for size in sizes)]


def _placeholder(tensor: keras.KerasTensor) -> tf.Tensor:
    return tf.compat.v1.placeholder(tensor.dtype, _one(tensor, LENGTH), "input")


def _layer_of(operation: str, names: Collection[str]) -> str:
    """Returns the layer of an operation, whose path numbers the layers: Keras enters each twice."""
    return _layer(re.sub(r"_\d+(?=/|$)", "", operation), names)


def _layer(path: str, names: Collection[str]) -> str:
    """Returns the innermost layer of a path, or its beginning."""
    parts = path.split("/")
    return shown(next((part for part in reversed(parts) if part in names), parts[0]))
