"""Input pipelines that nothing tunes while they run."""

import tensorflow as tf


def untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Returns the dataset without the thread in which `tf.data` tunes it.

    The thread sleeps twice as long each time, and what ends an iterator, as each epoch does, often
    waits until it wakes: up to as long again as the epoch took.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
