"""What lies in a run's folder, under which name, and whether a run lies there; without Keras."""

from pathlib import Path

from kerastut.errors import DataError

RECORD = "run.json"  # written last: with it a run is complete
HISTORY = "history.csv"
MODEL = "model.keras"
CHECKPOINTS = "checkpoints"
WORKER = "worker-"  # and its number: where the workers beside the chief keep checkpoints


def is_finished(folder: Path) -> bool:
    """Returns whether the folder holds a complete run."""
    return (folder / RECORD).is_file()


def require_run(folder: Path) -> None:
    """Refuses a folder that holds no complete run.

    Raises:
        DataError: Naming the folder.
    """
    if not is_finished(folder):
        raise DataError(f"{folder}: expected the folder of a finished run, with {RECORD}.")
