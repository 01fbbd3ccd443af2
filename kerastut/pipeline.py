"""The input pipeline of a training run."""

from typing import Any

import keras
import tensorflow as tf

from kerastut.data.splits import Split, map_arrays
from kerastut.randomness import epoch_order, seed_layers


class Batches(keras.callbacks.Callback):  # type: ignore[misc]
    """Training batches in an order of their own for each epoch, and the callback that sets it.

    The arrays stay as they are, uint8 if they are images; each batch is gathered in TensorFlow
    while the step before it runs.

    Args:
        split: The samples.
        batch_size: Samples in a batch; the last one of an epoch may be smaller.
        seed: Decides, with the epoch's number, the order and the random layers' states.

    Attributes:
        steps: Batches in an epoch.
    """

    def __init__(self, split: Split, batch_size: int, seed: int) -> None:
        super().__init__()
        self._samples, self._seed = len(split), seed
        self._order = tf.Variable(tf.range(self._samples, dtype=tf.int64), trainable=False)
        self.steps = -(-self._samples // batch_size)
        self._batch_size = batch_size
        self._tensors = tuple(map_arrays(tf.constant, arrays) for arrays in (split.x, split.y))

    def dataset(self, first: int = 0) -> tf.data.Dataset:
        """Returns the `(x, y)` batches of one epoch, from step `first` on, for `fit`."""
        return tf.data.Dataset.range(first, self.steps).map(self._gather).prefetch(tf.data.AUTOTUNE)

    def _gather(self, step: tf.Tensor) -> Any:
        indices = self._order[step * self._batch_size : (step + 1) * self._batch_size]
        return tf.nest.map_structure(lambda tensor: tf.gather(tensor, indices), self._tensors)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Sets the order of this epoch; `fit` makes its iterator afterwards."""
        self._order.assign(epoch_order(self._samples, self._seed, epoch))
        seed_layers(self.model, self._seed, epoch)
