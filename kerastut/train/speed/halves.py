"""A training step that computes the two halves of a batch side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from kerastut.registry import Recipe
from kerastut.train.keras_internals import all_layers, has_own_step, step_through
from kerastut.train.speed import threads


def worthwhile(recipe: Recipe, strategy: object = None) -> bool:
    """Tells whether to train in halves: if the recipe asks for it, on the processor alone.

    Several devices have divided the batch already, and a GPU takes halves in turn.
    """
    alone = strategy is None and keras.config.backend() == "tensorflow"
    return recipe.speed == "halves" and alone and not tf.config.list_physical_devices("GPU")


def share_threads(recipe: Recipe, strategy: str | None = None) -> None:
    """Divides the threads between the halves of a batch, if the training computes them at once.

    That is for a process of the command: `kerastut.run` leaves those of its caller's as they are.
    """
    if worthwhile(recipe, strategy):
        threads.halve()


@contextmanager
def in_halves(model: keras.Model) -> Iterator[None]:
    """Has the model's training step compute the two halves of each batch side by side.

    The step is Keras's own, and its result the same but for the order in which numbers are added.
    Neither half needs the other before their gradients are added, so that TensorFlow runs two
    kernels at a time, which keeps the cores busier than one kernel that divides its work among
    them. See `kerastut.train.speed.threads`.

    A model whose step is not Keras's, or which has state or penalties that depend on the batch as a
    whole, keeps its own.
    """
    if not _divisible(model):
        yield
        return
    model.train_step = lambda data: step_through(Halves(model), data)
    try:
        yield
    finally:
        del model.train_step


class Halves:
    """A model, but for its call, which takes the halves of the batch one by one."""

    def __init__(self, model: keras.Model) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def __call__(self, x: Any, **options: Any) -> Any:
        size = tf.shape(tf.nest.flatten(x)[0])[0]
        # TensorFlow's gradient of max pooling aborts the process at an empty batch, so a batch of
        # one sample is in both halves, and the second output not taken.
        first = self._model(_part(x, slice(None, tf.maximum(size // 2, 1))), **options)
        second = self._model(_part(x, slice(size // 2, None)), **options)
        return tf.nest.map_structure(lambda *ends: tf.concat(ends, axis=0)[:size], first, second)


def _part(x: Any, samples: slice) -> Any:
    return tf.nest.map_structure(lambda array: array[samples], x)


def _divisible(model: keras.Model) -> bool:
    """Tells whether the step is Keras's, and no layer has statistics of a batch or a penalty on it.

    A layer such as `BatchNormalization` keeps its statistics in weights that are not trained.
    """
    return not (
        has_own_step(model)
        or model.non_trainable_weights
        or any(getattr(layer, "activity_regularizer", None) for layer in all_layers(model))
    )
