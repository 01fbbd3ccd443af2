"""Writes an export into a folder, checks it, and explains it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import keras

from kerastut.arrays import Arrays
from kerastut.errors import one_line
from kerastut.export import readme, vocabulary
from kerastut.export.agreement import check, random_inputs
from kerastut.export.formats import FORMATS, Exported, ExportError, require
from kerastut.export.part import part
from kerastut.export.runtimes import write_model
from kerastut.files import staged
from kerastut.quiet import silenced

if TYPE_CHECKING:
    from kerastut.train import Run


def export(run: "Run", format: str, folder: str | PathLike[str], verbose: bool = False) -> Exported:
    """Writes the run's model in a format, and compares it with the model on test data.

    The file is loaded by its own runtime and must agree with the model; random layers, such as
    augmentation, are exported as they are in prediction. ONNX and LiteRT know no strings: for a
    model that takes texts the part behind the encoder is written, with the vocabulary and a short
    encoder in Python beside it, and the comparison goes through them.

    Args:
        run: A trained recipe, from `kerastut.run` or `kerastut.runs.reopening.reopen`.
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
    name, data = run.settings.recipe.name, run.data
    source = Source(name, run.model, data.classes, data.test.x, columns=data.columns)
    return _export(source, format, Path(folder), verbose)


def export_file(
    model: keras.Model,
    name: str,
    classes: tuple[str, ...],
    format: str,
    folder: Path,
    verbose: bool,
) -> Exported:
    """Writes any model in a format, compared with it on random inputs; see `export`."""
    source = Source(name, model, classes, random_inputs(model), "random inputs")
    return _export(source, format, folder, verbose)


@dataclass(frozen=True)
class Source:
    """A model to export.

    Args:
        name: For messages and the README.
        model: The model.
        classes: Class names by class number; none if it has none.
        x: What it takes.
        what: What `x` are.
        columns: Names of a table's columns by those of the inputs.
    """

    name: str
    model: keras.Model
    classes: tuple[str, ...]
    x: Arrays
    what: str = "test samples"
    columns: Mapping[str, str] = field(default_factory=dict)


def _export(source: Source, format: str, folder: Path, verbose: bool) -> Exported:
    require(format)
    with staged(folder) as staging:
        written = _write_checked(source, format, staging, verbose)
    return replace(written, folder=folder, file=folder / written.file.name)


def _write_checked(source: Source, format: str, folder: Path, verbose: bool) -> Exported:
    """Writes the model's file, its encoder if it needs one, and a README, into an empty folder."""
    kind = FORMATS[format]
    with silenced(verbose), _conversion_errors(f"{source.name} as {format}"):
        found = part(source.model, kind.strings)
        write_model(found.model, format, folder / kind.file)
        if found.encoder is not None:
            vocabulary.write(found.encoder, folder)
        difference, samples = check(source.model, source.x, source.what, format, found, folder)
    agreement = f"On {samples} {source.what} it differs from the model by {difference:.1e} at most."
    readme.write(source.name, source.classes, source.columns, kind, found, folder, agreement)
    return Exported(folder, folder / kind.file, difference, samples, source.what)


@contextmanager
def _conversion_errors(what: str) -> Iterator[None]:
    """Turns what converters and runtimes raise, which may be anything, into one line."""
    try:
        yield
    except OSError:
        raise
    except ExportError as error:
        raise ExportError(f"{what}: {error}") from error
    except Exception as error:
        # The converters' own texts tell no way out; TensorFlow's own format holds any model.
        advice = "" if what.endswith(("keras", "saved_model")) else ". Choose saved_model."
        raise ExportError(f"{what}: {one_line(error, 300).rstrip('.')}{advice}") from error
