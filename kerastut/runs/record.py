"""What lies in a run's folder, and what the run has written of itself; without Keras."""

import json
from pathlib import Path
from typing import Any

from kerastut.errors import DataError, one_line

RECORD = "run.json"  # written last: with it a run is complete
HISTORY = "history.csv"
MODEL = "model.keras"
CHECKPOINTS = "checkpoints"
WORKER = "worker-"  # and its number: where the workers beside the chief keep checkpoints
_NEEDED = ("recipe", "data", "classes", "background")  # by what reads a record without Keras


def is_finished(folder: Path) -> bool:
    """Returns whether the folder holds a complete run."""
    return (folder / RECORD).is_file()


def require_run(folder: Path) -> None:
    """Refuses a folder that holds no complete run."""
    if not is_finished(folder):
        raise DataError(f"{folder}: expected the folder of a finished run, with {RECORD}.")


def recorded(folder: Path) -> dict[str, Any]:
    """Reads a run's record.

    Args:
        folder: What `kerastut run` wrote.

    Raises:
        DataError: If the record is missing, damaged, or of an older version.
    """
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return record | {name: record[name] for name in _NEEDED}
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataError(
            f"{folder}: expected the folder of a finished run of this version ({RECORD},"
            f" {MODEL}): {one_line(error)}"
        ) from error
