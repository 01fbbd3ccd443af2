"""Exports a trained model for other runtimes; each file is checked against the model.

A format is one module: `FILE`, the name of what it writes; `STRINGS`, whether it takes strings;
`NAMED`, whether its inputs always have names; `INSTALL`, `IMPORTS`, `LOAD` and `CALL`, the lines of
the README; and the functions `write(model, path)` and `outputs(path, x)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from kerastut.errors import KerastutError, TrainingError, UnknownNameError
from kerastut.names import did_you_mean
from kerastut.staging import staged

if TYPE_CHECKING:
    from kerastut.results import Run

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


def export(run: "Run", format: str, folder: str | PathLike[str], verbose: bool = False) -> Exported:
    """Writes the run's model in a format, and compares it with the model on test data.

    The file is loaded by its own runtime and must agree with the model; random layers, such as
    augmentation, are exported as they are in prediction. ONNX and LiteRT know no strings: for a
    model that takes texts the part behind the encoder is written, with the vocabulary and a short
    encoder in Python beside it, and the comparison goes through them.

    Args:
        run: A trained recipe, from `kerastut.run` or `kerastut.reopen.reopen`.
        format: `"keras"`, `"saved_model"`, `"onnx"` or `"litert"`.
        folder: A new folder for the model, its README and what else it needs.
        verbose: Whether to show what the converters print.

    Raises:
        UnknownNameError: If there is no such format.
        MissingExtraError: If its packages are not installed.
        ExportError: If the format cannot hold the model, or the file does not agree with it.
        OutputError: If the folder has files in it or cannot be written.

    Example:

    >>> exported = export(run, "onnx", "digits-onnx")
    >>> exported.difference < 1e-5
    True
    """
    require(format)
    from kerastut.export.writing import write_checked

    with staged(Path(folder)) as staging:
        written = write_checked(run, format, staging, verbose)
    final = Path(folder)
    return replace(written, folder=final, file=final / written.file.name)


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
