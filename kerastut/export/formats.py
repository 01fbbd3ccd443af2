"""What there is to know of a format without Keras, and how an export ends."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kerastut.errors import KerastutError, TrainingError, UnknownNameError, did_you_mean
from kerastut.records import fill


@dataclass(frozen=True)
class Format:
    """A format, as `formats.toml` describes it.

    Args:
        file: Name of the file or folder that is written.
        install: What to install in order to use it.
        imports: The line that imports its runtime.
        load: The line that loads the file.
        call: The line that computes `outputs` from `inputs`.
        strings: Whether it takes strings.
        named: Whether its inputs always have names.
        packages: What writing and checking need.
    """

    file: str
    install: str
    imports: str
    load: str
    call: str
    strings: bool
    named: bool
    packages: tuple[str, ...] = ()


def _read() -> dict[str, Format]:
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: fill(Format, table, name) for name, table in tables.items()}


FORMATS: Mapping[str, Format] = _read()


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
        samples: Samples that were compared.
        what: What they were.
    """

    folder: Path
    file: Path
    difference: float
    samples: int
    what: str = "test samples"


def require(format: str) -> None:
    """Refuses a format that is unknown, or whose packages are not installed.

    Raises:
        UnknownNameError: If there is no such format.
        MissingExtraError: If a package is missing.
    """
    if format not in FORMATS:
        raise UnknownNameError(f"Unknown format {format!r}. {did_you_mean(format, FORMATS)}")
    missing = [package for package in FORMATS[format].packages if find_spec(package) is None]
    if missing:
        raise MissingExtraError(
            f'The format {format} needs {", ".join(missing)}: pip install "kerastut[export]"'
        )
