"""What lies in a run's folder, and what the run has written of itself; without Keras."""

import os
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from kerastut.errors import DataError, shown_path
from kerastut.files import unlinked
from kerastut.records import read_record
from kerastut.registry import Choices

RECORD = "run.json"  # written last: with it a run is complete
HISTORY = "history.csv"
MODEL = "model.keras"
CHECKPOINTS = "checkpoints"
WORKER = "worker-"  # and its number: where the workers beside the chief keep checkpoints

Count = Annotated[int, Meta(ge=1, le=10**15)]
Seconds = Annotated[float, Meta(gt=0, le=10**10)]


class Record(Struct, frozen=True):
    """What is read of `run.json`; `kerastut.runs.artifacts.record` writes more for people."""

    recipe: str  # its name
    recipe_file: str | None  # where it lay if it was the reader's own; never opened
    settings: Choices
    data: str  # the data's name
    data_sha256: str
    classes: Annotated[list[str], Meta(max_length=10**5)]
    background: Literal["dark", "light"] | None
    samples: dict[str, Count]
    epochs: Count
    parameters: Annotated[int, Meta(ge=0, le=10**15)]
    metrics: dict[str, float | None]  # `None` is NaN, which JSON does not know
    expected: dict[str, tuple[float, float]]
    seconds: Seconds
    peak_mib: Count | None
    extended_from: list[Count]
    devices: str | None
    recipe_sha256: str | None = None
    finished: str | None = None  # when
    columns: dict[str, str] = {}  # of a table: names by those of the inputs
    bits: Literal[8, 12, 16, 32] | None = None  # that pictures of 16 bits used
    units: dict[str, str] = {}  # of a table's numbers, by the columns' names


def is_finished(folder: Path) -> bool:
    """Returns whether the folder holds a complete run."""
    return (folder / RECORD).is_file()


def recorded(folder: Path) -> Record:
    """Reads a run's record.

    Args:
        folder: What `kerastut run` wrote, or a stranger: nothing in it is trusted.

    Raises:
        DataError: If the record is missing, damaged, of an older version, or no record at all.
    """
    if not os.path.lexists(folder / RECORD):
        raise DataError(
            f"{shown_path(folder)}: expected the folder of a finished run, with {RECORD}."
            " Those that are here: kerastut runs."
        )
    return read_record(folder / RECORD, Record, "the record of a finished run of this version")


def model_file(folder: Path) -> Path:
    """Returns the file of a run's model, which is no link that leads out of the folder."""
    return unlinked(folder / MODEL)
