"""Where a training step of the CNN in halves spends its time, by TensorFlow's own profiler."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from benchmarks import data, models
from benchmarks.competitors.bare_step import compiled_step
from kerastut.train import Halves, halve


def measure(batch: int, steps: int, dropout: list[float], seed: int) -> dict[str, Any]:
    """Profiles so many steps, after the same ones twice: to warm up, and for their time.

    Args:
        batch: Samples in a step.
        steps: How many to profile.
        dropout: After the convolutions, and before the output.
        seed: Of the weights.

    Returns:
        `step`, the milliseconds of a step without the profiler, and `operations`, those of each
        kernel in a step by its name `path:type`. Kernels run side by side, so that their sum may
        be longer than the step.
    """
    halve()
    x, y, *_ = data.images(batch * steps)
    keras.utils.set_random_seed(seed)
    images, labels = tf.constant(data.scaled(x)), tf.constant(y, tf.int32)
    step = compiled_step(Halves(models.cnn(*dropout)), images, labels, batch)

    def run() -> None:
        for number in range(steps):
            loss = step(tf.constant(number * batch))
        loss.numpy()

    run()
    began = time.perf_counter()
    run()
    seconds = time.perf_counter() - began
    operations = _profiled(run)
    return {
        "step": 1e3 * seconds / steps,
        "operations": {name: 1e3 * total / steps for name, total in operations.items()},
    }


def _profiled(run: Callable[[], None]) -> dict[str, float]:
    """Returns the seconds of each kernel."""
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    with tempfile.TemporaryDirectory() as folder:
        tf.profiler.experimental.start(folder)
        run()
        tf.profiler.experimental.stop()
        (path,) = Path(folder).rglob("*.xplane.pb")
        space = xplane_pb2.XSpace.FromString(path.read_bytes())
    found: Counter[str] = Counter()
    for plane in space.planes:
        for line in plane.lines:
            for event in line.events:
                name = plane.event_metadata[event.metadata_id].name
                if _is_kernel(name):
                    found[name] += event.duration_ps
    return {name: total / 1e12 for name, total in found.items()}


def _is_kernel(name: str) -> bool:
    """Returns whether it is `path:type` of a kernel, and no call around kernels."""
    path, colon, kind = name.rpartition(":")
    return bool(colon and kind.isidentifier() and path and " " not in path and ":" not in path)
