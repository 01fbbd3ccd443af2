"""The threads on which one of TensorFlow's kernels computes."""

import os
from contextlib import suppress

import tensorflow as tf


def of_a_kernel() -> int:
    """Returns how many threads a kernel divides its work among."""
    return tf.config.threading.get_intra_op_parallelism_threads() or _available()


def halve() -> None:
    """Leaves half of the threads to each kernel, so that two at a time have all.

    That is for the whole process. It comes too late, and changes nothing but the speed, once
    TensorFlow has computed something.
    """
    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(-(-_available() // 2))


def _available() -> int:
    """Returns TensorFlow's own number: the user's, or one for each core of this process."""
    chosen = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    if chosen.isdigit() and int(chosen):  # TensorFlow, too, passes over anything else
        return int(chosen)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
