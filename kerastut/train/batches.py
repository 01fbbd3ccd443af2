"""The input pipeline of a training run."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from kerastut.arrays import Array, map_arrays
from kerastut.data import Rows, Split, is_mapped, untuned
from kerastut.train.seeds import epoch_order, seed_layers

# Bytes of the largest array that is copied into TensorFlow, which gathers from its own copy faster.
COPIED = 2**26


class Batches(keras.callbacks.Callback):  # type: ignore[misc]
    """Training batches in an order of their own for each epoch, and the callback that sets it.

    The arrays stay as they are, uint8 if they are images, and large ones where they are; in `fit`
    each batch is gathered while the step before it runs.

    Args:
        split: The samples.
        batch_size: Samples in a batch; the last one of an epoch may be smaller.
        seed: Decides, with the epoch's number, the order and the random layers' states.
        weights: How much a sample of each class weighs in the loss, or `None` for one like another.

    Attributes:
        batch_size: Samples in a batch.
        steps: Batches in an epoch.
    """

    def __init__(
        self, split: Split, batch_size: int, seed: int, weights: Array | None = None
    ) -> None:
        super().__init__()
        self._samples, self._seed = len(split), seed
        self._order = _variable(tf.range(self._samples, dtype=tf.int64))
        self.steps = -(-self._samples // batch_size)
        self.batch_size = batch_size
        self._gather = gatherer(split, weights)
        self._block = tf.function(self._samples_from, autograph=False)

    def dataset(self, first: int = 0) -> tf.data.Dataset:
        """Returns the `(x, y)` batches of one epoch, from step `first` on, for `fit`."""
        return produced(tf.data.Dataset.range(first, self.steps), self._batch)

    def blocks(self, first: int, steps: int) -> Iterator[tuple[int, Any]]:
        """Yields the same samples as `(count, (x, y))` of so many steps each.

        Every block has one shape: what follows the epoch's last sample is not counted. It is
        gathered when it is asked for, because XLA's steps keep all cores busy: beside them it
        would take no less time.
        """
        size = steps * self.batch_size
        for start in range(first * self.batch_size, self._samples, size):
            block = self._block(tf.constant(start, tf.int64), size)
            yield min(self._samples - start, size), block

    def _samples_from(self, start: tf.Tensor, size: int) -> Any:
        numbers = tf.minimum(tf.range(start, start + size), self._samples - 1)
        return self._gather(tf.gather(self._order, numbers))

    def _batch(self, step: tf.Tensor) -> Any:
        return self._gather(self._order[step * self.batch_size : (step + 1) * self.batch_size])

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Sets the order of this epoch; `fit` makes its iterator afterwards."""
        self._order.assign(epoch_order(self._samples, self._seed, epoch))
        seed_layers(self.model, self._seed, epoch)


def gatherer(split: Split, weights: Array | None = None) -> Callable[[tf.Tensor], Any]:
    """Returns a function from indices to the `(x, y)` of these samples, for `tf.data`.

    With weights of classes it gives `(x, y, weight)`.
    """
    arrays = [split.x, split.y] + ([] if weights is None else [weights[split.y]])
    gather = tuple(map_arrays(_gatherer, array) for array in arrays)
    return lambda indices: tf.nest.map_structure(lambda one: one(indices), gather)


def one_sample(split: Split) -> tuple[Any, Any]:
    """Returns the `(x, y)` of a batch with the first sample alone."""
    x, y = (map_arrays(lambda array: array[:1], arrays) for arrays in (split.x, split.y))
    return x, y


def for_evaluation(split: Split, batch_size: int) -> tf.data.Dataset:
    """Returns the `(x, y)` batches of a split in its own order."""
    count, gather = len(split), gatherer(split)

    def batch(first: tf.Tensor) -> Any:
        return gather(tf.range(first, tf.minimum(first + batch_size, count)))

    return produced(tf.data.Dataset.range(0, count, batch_size), batch)


def produced(numbers: tf.data.Dataset, make: Callable[[tf.Tensor], Any]) -> tf.data.Dataset:
    """Returns what is made of each number, one of them ahead."""
    as_it_is = tf.autograph.experimental.do_not_convert(make)  # without a file of its own code
    return untuned(numbers.map(as_it_is).prefetch(1))


def _gatherer(array: Array | Rows) -> Callable[[tf.Tensor], tf.Tensor]:
    if not is_mapped(array) and array.nbytes <= COPIED:
        copy = _variable(array)
        return lambda indices: tf.gather(copy, indices)

    def gather(indices: tf.Tensor) -> tf.Tensor:
        batch = tf.numpy_function(array.__getitem__, [indices], array.dtype, stateful=False)
        return tf.ensure_shape(batch, (None, *array.shape[1:]))

    return gather


def _variable(values: Any) -> tf.Variable:
    """Returns a variable for `tf.data`, which works in main memory.

    It holds the values once; a constant would hold them twice, and three times as `fit` begins.
    """
    with tf.device("CPU:0"):
        return tf.Variable(values, trainable=False)
