"""Compares an exported file, loaded by its own runtime, with the model it came from."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from kerastut.arrays import Array, Arrays, map_arrays
from kerastut.export.formats import FORMATS, ExportError
from kerastut.export.part import ONLY, Part
from kerastut.export.runtimes import outputs
from kerastut.export.vocabulary import encoded
from kerastut.train import batch_for, to_model_input

SAMPLES = 256
TOLERANCE = 1e-5


def check(
    model: keras.Model, x: Arrays, what: str, format: str, part: Part, folder: Path
) -> tuple[float, int]:
    """Compares on the first samples.

    Args:
        model: What was exported.
        x: What it takes.
        what: What `x` are.
        format: The format's name.
        part: What was written.
        folder: Where the file lies, with its encoder.

    Returns:
        The largest difference between two outputs, and the number of samples. It is relative for
        outputs beyond 1.

    Raises:
        ExportError: If an output differs by more than `TOLERANCE`.
    """
    samples = map_arrays(lambda array: array[:SAMPLES], x)
    expected = model.predict(to_model_input(samples), batch_size=SAMPLES, verbose=0)
    file = FORMATS[format].file
    found = outputs(format, folder / file, _inputs(samples, part, folder))
    difference = largest_difference(expected, found)
    count = len(keras.tree.flatten(samples)[0])
    if not difference <= TOLERANCE:  # NaN is no agreement
        raise ExportError(
            f"{file} does not agree with the model: expected outputs within {TOLERANCE:g} on"
            f" {count} {what}, received a difference of {difference:.3g}. Nothing was"
            " written; choose another format."
        )
    return difference, count


def random_inputs(model: keras.Model) -> Arrays:
    """Returns inputs for a model of which no data are at hand: pixels 0 to 255, else -1 to 1.

    Raises:
        ExportError: If it takes texts, or sizes that are not fixed.
    """
    random, count = np.random.default_rng(0), batch_for(model)
    found = {}
    for tensor in model.inputs:
        shape = tuple(tensor.shape[1:])
        if tensor.dtype == "string" or None in shape:
            raise ExportError(
                f"the input {tensor.name} takes {tensor.dtype} of {shape}; without a run's test"
                " data an export is checked on pictures or numbers of fixed sizes alone."
            )
        low, high = (0, 255) if len(shape) == 3 else (-1, 1)
        found[tensor.name] = random.uniform(low, high, (tensor.shape[0] or count, *shape)).astype(
            tensor.dtype
        )
    return found if len(found) > 1 else next(iter(found.values()))


def largest_difference(expected: Any, found: Any) -> float:
    """Returns the largest difference of two outputs or sets of outputs, NaN if they are unlike."""
    pairs = [[np.asarray(a) for a in keras.tree.flatten(side)] for side in (expected, found)]
    if [a.shape for a in pairs[0]] != [a.shape for a in pairs[1]]:
        return float("nan")
    # np.max, in contrast to max, keeps NaN.
    return float(np.max([_difference(*pair) for pair in zip(*pairs, strict=True)]))


def _difference(expected: Array, found: Array) -> float:
    wide = expected.astype(np.float64)
    return float(np.max(np.abs(found - wide) / np.maximum(1, np.abs(wide))))


def _inputs(samples: Any, part: Part, folder: Path) -> dict[str, Any]:
    """Returns the samples by the names and in the types of the exported model's inputs."""
    if part.encoder is not None:
        samples = encoded(samples, folder)
    named = samples if isinstance(samples, dict) else {ONLY: samples}
    types = {tensor.name: tensor.dtype for tensor in part.model.inputs}
    typed = {n: a if types[n] == "string" else a.astype(types[n]) for n, a in named.items()}
    inputs: dict[str, Any] = to_model_input(typed)
    return inputs
