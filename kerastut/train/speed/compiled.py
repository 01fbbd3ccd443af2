"""Several optimizer steps in one call, which XLA compiles as a whole."""

from typing import Any

import keras
import tensorflow as tf

from kerastut.train.batches import Batches
from kerastut.train.keras_internals import Logs, replace_training


class CompiledSteps(keras.callbacks.Callback):  # type: ignore[misc]
    """Gives a model a training function whose loop over the steps XLA compiles too.

    Keras has XLA compile one step, and returns to TensorFlow and to the input pipeline between two;
    here a call gets the samples of all its steps at once. It must stand after `batches`.
    """

    def __init__(self, batches: Batches, first: int = 0) -> None:
        super().__init__()
        self._batches, self._first = batches, first
        self._several = tf.function(self._take, jit_compile=True, autograph=False)
        # One step an epoch saves less than XLA takes to compile a shape of its own.
        self._one = tf.function(lambda batch: self.model.train_step(batch), autograph=False)

    def numbers(self) -> tf.data.Dataset:
        """Returns the numbers of an epoch's steps, by which `fit` counts them."""
        return tf.data.Dataset.range(self._first, self._batches.steps)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Replaces the training function that `fit` has made."""
        replace_training(self.model, self._train)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Begins with the epoch's first samples."""
        self._blocks = self._batches.blocks(self._first, self.model.steps_per_execution)

    def _train(self, iterator: Any) -> Logs:
        """Takes the next steps; an epoch's last batch may be smaller and has a call of its own."""
        samples, block = next(self._blocks)
        full, rest = divmod(samples, self._batches.batch_size)
        logs = self._several(block, tf.constant(full)) if full else {}
        if rest:
            end = full * self._batches.batch_size
            logs = self._one(tf.nest.map_structure(lambda array: array[end : end + rest], block))
        return logs

    def _take(self, block: Any, steps: tf.Tensor) -> Logs:
        """Takes this many steps, each with its own slice of the block."""
        size = self._batches.batch_size
        # A slice that begins anywhere would have no shape that XLA knows; one of these rows has.
        batches = tf.nest.map_structure(
            lambda array: tf.reshape(array, (-1, size, *array.shape[1:])), block
        )

        def step(number: tf.Tensor) -> tuple[tf.Tensor]:
            self.model.train_step(tf.nest.map_structure(lambda array: array[number], batches))
            return (number + 1,)

        tf.while_loop(lambda number: number < steps, step, (0,))
        logs: Logs = self.model.get_metrics_result()
        return logs
