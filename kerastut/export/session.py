"""A run's own export to ONNX in place of its model: it answers long before Keras is loaded."""

from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.errors import refused
from kerastut.export.formats import FORMATS
from kerastut.files import read, unlinked
from kerastut.memory import most_memory

BATCH = 32
READ = 3  # bytes that are taken by a byte of the file


@dataclass(frozen=True)
class Tensor:
    """An input or output, with what Keras tells of one."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str


class Session:
    """Computes as the model did that was exported; has `inputs` and `outputs` as it had.

    Args:
        path: The file, in a run's folder.

    Raises:
        DataError: If it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        import onnxruntime

        # From bytes: a file that it names is not found.
        content = read(path, "an ONNX file", most_memory() // READ, own=True)
        self._session, self._path = onnxruntime.InferenceSession(content), path
        self.inputs = list(map(_tensor, self._session.get_inputs()))
        self.outputs = list(map(_tensor, self._session.get_outputs()))

    def __call__(self, samples: Array) -> Array:
        """Returns the outputs for samples, which become numbers of the input's type."""
        given, name = samples.astype(self.inputs[0].dtype), self.inputs[0].name
        parts = [given[start : start + BATCH] for start in range(0, len(given), BATCH)]
        with refused(self._path, "Export the run again.", Exception):
            return np.concatenate([self._session.run(None, {name: part})[0] for part in parts])


def open_session(run: Path, model: Path) -> Session | None:
    """Returns what stands in for a run's model; `None` where nothing does.

    That is what `kerastut export` has put into the run's folder and found to agree with the model,
    if it is no older than this, takes one input of numbers and has one output.

    Args:
        run: The run's folder.
        model: The model's file in it.
    """
    path = run / "exports" / "onnx" / FORMATS["onnx"].file
    with suppress(Exception):  # whatever is wrong with it, the model itself is there
        fresh = path.stat().st_mtime >= model.stat().st_mtime
        if fresh and find_spec("onnxruntime") is not None:
            found = Session(unlinked(unlinked(run / "exports") / "onnx") / path.name)
            if [one.dtype for one in (*found.inputs, *found.outputs)] == ["float32", "float32"]:
                return found
    return None


def _tensor(one: Any) -> Tensor:
    shape = tuple(size if isinstance(size, int) else None for size in one.shape)
    return Tensor(one.name, shape, "float32" if one.type == "tensor(float)" else one.type)
