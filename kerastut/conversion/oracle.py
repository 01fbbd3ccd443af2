"""Computes an old model with tf-keras and the converted one, in a process of its own.

It reads from standard input what `proof` has checked: a configuration of layers that are all known.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES, LENGTH, SIDE = 2, 7, 40
LARGEST = 50_000_000  # numbers of an input


def main() -> None:
    """Compares, and prints the largest difference."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    asked = json.load(sys.stdin)
    with suppress(ImportError, ValueError, OSError):  # the system may know no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (asked["memory"], asked["memory"]))
    import tf_keras

    from kerastut.errors import KerastutError, one_line, shown, shown_path
    from kerastut.runs import load_model
    from kerastut.train import batch_for

    try:
        new = load_model(asked["model"])
        samples = min(SAMPLES, batch_for(new))
    except KerastutError as error:
        reason = str(error).removeprefix(f"{shown_path(Path(asked['model']))}: ")
        print(json.dumps({"reason": reason}))
        return
    try:
        old = tf_keras.models.model_from_json(json.dumps(asked["config"]))
        old.load_weights(asked["weights"])
    except Exception as error:
        print(json.dumps({"reason": f"tf-keras cannot load it: {shown(one_line(error), 120)}"}))
        return
    x = inputs(new, samples, asked["least"], asked["most"])
    outputs = [model.predict_on_batch(x if len(x) > 1 else x[0]) for model in (old, new)]
    print(json.dumps({"difference": difference(*outputs)}))


def inputs(model: Any, samples: int, least: int, most: int) -> list[Any]:
    """Returns random inputs; with `most` they are whole numbers from `least` on, as for words."""
    random = np.random.default_rng(0)
    found = []
    for tensor in model.inputs:
        batch, *sizes = tensor.shape
        usual = SIDE if len(sizes) >= 3 else LENGTH
        shape = (batch or samples, *(size or usual for size in sizes))
        if np.prod([float(size) for size in shape]) > LARGEST:
            raise MemoryError
        whole = random.integers(least, max(most, least + 1), shape) if most else None
        found.append(random.uniform(-1, 1, shape).astype("float32") if whole is None else whole)
    return found


def difference(old: Any, new: Any) -> float:
    """Returns the largest difference, relative for outputs beyond 1; NaN if they are unlike."""
    sides = [[np.asarray(a, np.float64) for a in _flat(side)] for side in (old, new)]
    if [a.shape for a in sides[0]] != [a.shape for a in sides[1]]:
        return float("nan")
    found = [
        np.max(np.abs(a - b) / np.maximum(1, np.abs(a)), initial=0)
        for a, b in zip(*sides, strict=True)
    ]
    return float(np.max(found))


def _flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    return list(value) if isinstance(value, (list, tuple)) else [value]


if __name__ == "__main__":
    main()
