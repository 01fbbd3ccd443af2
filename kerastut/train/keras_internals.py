"""What Keras and TensorFlow do not promise: every use of such a name lies here, and only here.

Each function is named for what it is for, and has a test of its own that fails by that name when
Keras changes.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import keras
import tensorflow as tf
from keras.src.backend.common import global_state
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.framework import op_def_registry

Logs = dict[str, tf.Tensor]


def all_layers(model: keras.Model) -> list[keras.Layer]:
    """Returns the model and every layer in it, however deep; `model.layers` has the first floor."""
    return list(model._flatten_layers())


def random_states(model: keras.Model) -> list[keras.Variable]:
    """Returns the state of every generator of random numbers inside the model's layers.

    `model.variables` without `model.weights` are the same ones in another order, which would give
    seeded runs other bits.
    """
    owners = [getattr(layer, "_seed_generators", []) for layer in all_layers(model)]
    found = {id(generator): generator for generators in owners for generator in generators}
    return [generator.state for generator in found.values()]


def step_through(stand_in: Any, batch: Any) -> Logs:
    """Takes Keras's own training step on an object that behaves as a model but for its call."""
    logs: Logs = keras.Model.train_step(stand_in, batch)
    return logs


def function_of(loss: Any) -> Any:
    """Returns the function behind a `Loss` of Keras's; anything else as it is."""
    return getattr(loss, "fn", loss)


def has_own_step(model: keras.Model) -> bool:
    """Tells whether the model's class trains in a way of its own, not in Keras's."""
    return type(model).train_step is not keras.Model.train_step


def replace_training(model: keras.Model, function: Callable[[Any], Logs]) -> None:
    """Has `fit` call `function` with its iterator; to be done after `fit` has begun."""
    model.train_function = function


def compile_anew(model: keras.Model, training_alone: bool = False) -> None:
    """Has the model make its functions again, after something that they have compiled in."""
    model.make_train_function(force=True)
    if not training_alone:
        model.make_test_function(force=True)
        model.make_predict_function(force=True)


def compiled_again(model: keras.Model) -> None:
    """Compiles a model as it was, with the same objects: what has failed left metrics half built.

    `get_compile_config` would make others of them, and knows no function of a program's own.
    """
    if model.compiled:
        model.compile(**model._compile_config.config)


def sync(model: keras.Model) -> None:
    """Brings a model's variables up to date within an epoch.

    On JAX `fit` keeps their values outside the model until an epoch ends, or this is called.
    """
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()


def build_for(model: keras.Model, x: Any, y: Any) -> None:
    """Builds metrics and losses for such a batch, and has `fit` treat the model as on one device.

    `fit` would average a batch over the replicas to learn its shape, which fails between machines
    (keras#20585); it leaves models alone that know of no strategy.
    """
    model._symbolic_build(data_batch=(x, y, None))
    model._distribute_strategy = None


def weigh_loss(optimizer: keras.optimizers.Optimizer, weight: Callable[[], tf.Tensor]) -> None:
    """Has the optimizer's gradients be those of the loss times what `weight` returns."""
    scale = optimizer.scale_loss
    optimizer.scale_loss = lambda loss: scale(loss) * tf.cast(weight(), loss.dtype)


class BoundedGraph(tf.Graph):  # type: ignore[misc]
    """A graph that takes no more than some number of operations.

    TensorFlow asks a graph for a name of its own for each operation that it adds, and each scope.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.newest = ""
        self._left = most

    @property
    def is_full(self) -> bool:
        """Whether more were to be added."""
        return self._left < 0

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """Returns the name; raises once the graph is full."""
        self._left -= 1
        if self.is_full:
            raise RuntimeError("The graph is full.")
        self.newest = str(super().unique_name(name, mark_as_used))
        return self.newest


def local_devices(strategy: tf.distribute.Strategy) -> int:
    """Returns how many replicas this process computes; a strategy tells those of all machines."""
    return len(strategy.extended.worker_devices)


def state_length(batches: tf.distribute.DistributedDataset, steps: int) -> None:
    """Tells `fit` how many steps an epoch over distributed batches has: their length is unknown."""
    batches._cardinality = steps


@contextmanager
def planned_variables() -> Iterator[None]:
    """Has the variables of layers that are built in the block know their shapes, and hold nothing.

    Keras would fill them as soon as another such block ends.
    """
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute("uninitialized_variables", [])


def reaches_out(operation: str) -> bool:
    """Tells whether an operation of TensorFlow is unknown, or may do more than compute."""
    found = op_def_registry.get(operation)
    if found is None:
        return True
    names = [found.name, *(argument.name for argument in (*found.input_arg, *found.attr))]
    outside = re.search("dataset|file|path|pyfunc|shard_dir|url", " ".join(names).lower())
    return bool(found.is_stateful or outside)


def saved_model(content: bytes) -> Any:
    """Returns the message in the `saved_model.pb` of a folder."""
    return saved_model_pb2.SavedModel.FromString(content)


class _InMemory(BytesIO):
    """What Keras takes for a file of this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __str__(self) -> str:
        return self._name


def saved(save: Callable[[Any], object], name: str) -> memoryview:
    """Returns the content of the file that a model's `save` or `save_weights` would write.

    HDF5 itself is kept from the disk: when that is full, it prints tracebacks, and ends the process
    at its exit.
    """
    file = _InMemory(name)
    save(file)
    return file.getbuffer()
