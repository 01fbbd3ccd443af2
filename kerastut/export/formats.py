"""Exports a trained model for other runtimes; each file is checked against the model.

A format is one module: `FILE`, the name of what it writes; `STRINGS`, whether it takes strings;
`NAMED`, whether its inputs always have names; `INSTALL`, `IMPORTS`, `LOAD` and `CALL`, the lines of
the README; and the functions `write(model, path)` and `outputs(path, x)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kerastut.errors import KerastutError, TrainingError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    pass

# For each format its module, and the packages that writing and checking need.
FORMATS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "keras": ("keras_file", ()),
    "saved_model": ("saved_model", ()),
    "onnx": ("onnx_file", ("onnx", "tf2onnx", "onnxruntime")),
    "litert": ("litert", ("ai_edge_litert",)),
}


class MissingExtraError(KerastutError):
    """A format whose packages are not installed."""


class ExportError(TrainingError):
    """A model that the format cannot hold, or a file that does not agree with the model."""


@dataclass(frozen=True)
class Exported:
    """What an export has left.

    Args:
        folder: Holds the model's file, a README, and the encoder of texts where one is needed.
        file: The model's file, or folder.
        difference: Largest difference between the file's outputs and the model's.
        samples: Test samples that were compared.
    """

    folder: Path
    file: Path
    difference: float
    samples: int


def require(format: str) -> None:
    """Refuses a format that is unknown, or whose packages are not installed.

    Raises:
        UnknownNameError: If there is no such format.
        MissingExtraError: If a package is missing.
    """
    if format not in FORMATS:
        raise UnknownNameError(f"Unknown format {format!r}. {did_you_mean(format, FORMATS)}")
    missing = [package for package in FORMATS[format][1] if find_spec(package) is None]
    if missing:
        raise MissingExtraError(
            f"The format {format} needs {', '.join(missing)}: pip install 'kerastut[export]'"
        )
